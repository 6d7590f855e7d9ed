import { BinanceRest, type Kline, RestError } from "../../feed/mod.ts";
import { type Bar, BINANCE_USDM } from "../../market/mod.ts";
import { openReader } from "../../store/mod.ts";
import type { Context } from "../program.ts";

const MINUTE_MS = 60_000;
/** Klines per request; more cost no more. */
const PAGE = 1_500;

/** How the stored minutes of one symbol compare with the exchange's own candlesticks. */
export interface OfficialFinding {
  readonly symbol: string;
  /** Complete stored minutes of which the exchange tells a candlestick. */
  readonly minutes: number;
  /** Minutes that differ in a price or a volume. */
  readonly differing: number;
  /** Base volume of all compared minutes, ours relative to the exchange's, minus 1; `null` for none. */
  readonly volumeDifference: number | null;
  /** What to make of it, one sentence. */
  readonly verdict: string;
}

/** Which minutes to compare, and with whom. */
export interface OfficialOptions {
  readonly database: string;
  readonly symbols: readonly string[];
  readonly restUrl: string;
  /** How far back from the newest stored minute, ms. */
  readonly spanMs: number;
}

/** More than this share of differing minutes is not what aggregates do. */
const USUAL_SHARE = 0.1;

/**
 * Compares complete stored minutes with the exchange's candlesticks.
 *
 * An aggregate carries the time of its first fill: one that straddles a minute is counted whole in
 * the first, so that a few per cent of minutes differ legitimately while the volume of them all
 * agrees.
 *
 * @returns A finding per symbol, or the reason why there is none.
 */
export async function compareOfficial(
  { database, symbols, restUrl, spanMs }: OfficialOptions,
  { report, signal }: Context,
): Promise<OfficialFinding[] | string> {
  using reader = openReader(database);
  const rest = new BinanceRest({ baseUrl: restUrl });
  const findings: OfficialFinding[] = [];
  const held = reader.symbols().filter((s) => s.streamKind !== null && s.venue === BINANCE_USDM);
  for (const { symbol, streamKind } of held) {
    if (symbols.length > 0 && !symbols.includes(symbol)) continue;
    signal.throwIfAborted();
    report.progress(`Comparing ${symbol} with official candlesticks`);
    const newest = reader.bars({ symbol, intervalMs: MINUTE_MS, limit: 1 })[0];
    if (newest === undefined) continue;
    const fromMs = newest.openTimeMs - spanMs;
    const bars = reader.bars({ symbol, intervalMs: MINUTE_MS, fromMs }).filter((b) => b.complete);
    try {
      const klines = await klinesOf(rest, symbol, bars, signal);
      findings.push(findingOf(symbol, bars, klines, streamKind === "trade"));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return error.message;
    }
  }
  return findings;
}

async function klinesOf(
  rest: BinanceRest,
  symbol: string,
  bars: readonly Bar[],
  signal: AbortSignal,
): Promise<Map<number, Kline>> {
  const klines = new Map<number, Kline>();
  const lastMs = bars.at(-1)?.openTimeMs ?? -Infinity;
  let fromMs = bars[0]?.openTimeMs ?? Infinity;
  while (fromMs <= lastMs) {
    const query = { symbol, interval: "1m", startTimeMs: fromMs, endTimeMs: lastMs, limit: PAGE };
    const page = await rest.klines(query, signal);
    for (const kline of page) klines.set(kline.openTimeMs, kline);
    if (page.length < PAGE) break;
    fromMs = page.at(-1)!.openTimeMs + MINUTE_MS;
  }
  return klines;
}

function findingOf(
  symbol: string,
  bars: readonly Bar[],
  klines: ReadonlyMap<number, Kline>,
  isOfFills: boolean,
): OfficialFinding {
  let minutes = 0;
  let differing = 0;
  let ours = 0;
  let theirs = 0;
  for (const bar of bars) {
    const kline = klines.get(bar.openTimeMs);
    if (kline === undefined) continue;
    minutes++;
    ours += bar.volume;
    theirs += kline.volume;
    if (!isAlike(bar, kline)) differing++;
  }
  const volumeDifference = theirs > 0 ? ours / theirs - 1 : null;
  const share = minutes === 0 ? 0 : differing / minutes;
  const isUsual = !isOfFills && share <= USUAL_SHARE && Math.abs(volumeDifference ?? 0) < 0.01;
  return {
    ...{ symbol, minutes, differing, volumeDifference },
    verdict: minutes === 0
      ? "the exchange tells of none of the complete minutes"
      : differing === 0
      ? "all agree"
      : isUsual
      ? "as usual where aggregates straddle a minute: they count whole in the first"
      : "more than aggregates that straddle a minute explain: look at these minutes",
  };
}

function isAlike(bar: Bar, kline: Kline): boolean {
  const close = (a: number | null, b: number) =>
    a !== null && Math.abs(a - b) <= 1e-9 * Math.abs(b);
  return bar.open === kline.open && bar.high === kline.high && bar.low === kline.low &&
    bar.close === kline.close && close(bar.volume, kline.volume) &&
    close(bar.quoteVolume, kline.quoteVolume) && close(bar.takerBuyVolume, kline.takerBuyVolume);
}
