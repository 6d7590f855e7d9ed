import { type BinanceRest, type Feed, RestError } from "../../feed/mod.ts";
import { BINANCE_USDM, type Instrument, venueOf } from "../../market/mod.ts";
import { StoreError } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import type { Context } from "../program.ts";
import { perpetualsOf } from "./choose_symbols.ts";
import type { Membership } from "./membership.ts";

/** What is kept in step with the exchange's list. */
export interface UniverseOptions {
  readonly rest: BinanceRest;
  readonly feed: Feed;
  readonly membership: Membership;
  /** Whether new perpetuals join, or only ended ones leave. */
  readonly all: boolean;
  /** The quote asset of those that join. */
  readonly quote: string;
  /** How often the list is asked for, ms. */
  readonly refreshMs: number;
}

/** A symbol whose stream delivered within this time trades, whatever the list says, ms. */
const STILL_TRADING_MS = 60_000;

/** What was traded since the last look is fetched of a new symbol, and of so long at least, ms. */
const NEW_MS = 60_000;

/** While a listed symbol has not traded yet it is looked for as often as this, ms. */
const UNTRADED_MS = 10_000;

/** The last trades of an ended symbol are waited for so long, ms. */
const LAST_TRADES_MS = 30_000;
const LOOK_MS = 100;

/**
 * Keeps the symbols of Binance in an ingest in step with what the exchange lists: new perpetuals join, with
 * their first trades, as soon as there are any; ended symbols leave when their last trades are there. A status that nobody
 * knows, or a row that is missing, ends no symbol that still delivers. Ends with the signal.
 */
export async function followUniverse(options: UniverseOptions, context: Context): Promise<void> {
  const { refreshMs } = options;
  const { signal, report } = context;
  let waitMs = refreshMs;
  while (!signal.aborted) {
    await sleep(waitMs, signal).catch(() => {});
    if (signal.aborted) return;
    waitMs = refreshMs;
    try {
      const untraded = await refresh(options, context);
      if (untraded > 0) waitMs = Math.min(refreshMs, UNTRADED_MS);
    } catch (error) {
      if (signal.aborted) return;
      const passes = error instanceof RestError || error instanceof StoreError && error.passes;
      if (!passes) throw error;
      report.warn(`Cannot look for new symbols now: ${error.message}`);
    }
  }
}

/** Looks once; answers with how many that are listed have not traded yet. */
async function refresh(options: UniverseOptions, context: Context): Promise<number> {
  const { rest, membership, all, quote, refreshMs } = options;
  const { report, signal } = context;
  const listed = await rest.exchangeInfo(signal);
  membership.know(listed);
  let untraded = 0;
  if (all) {
    const fresh = perpetualsOf(listed, quote)
      .filter((symbol) => !membership.has(symbol) && !membership.unwanted.has(symbol));
    if (fresh.length > 0) {
      const sinceMs = Math.max(2 * refreshMs, NEW_MS);
      const joined = await membership.joinListed(fresh, sinceMs, context);
      untraded = fresh.length - joined.length;
      if (joined.length > 0) {
        report.info(`${joined.join(", ")} joined: the exchange has listed ${them(joined)}`);
      }
    }
  }
  const ended = await endedSymbols(listed, options, signal);
  if (ended.length === 0) return untraded;
  membership.leave(ended);
  report.info(`${ended.join(", ")} left: the exchange does not trade ${them(ended)} any more`);
  return untraded;
}

/** The symbols that do not trade any more and of which nothing is missing. */
async function endedSymbols(
  listed: readonly Instrument[],
  { feed, membership, refreshMs }: UniverseOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const trading = new Set(listed.filter((i) => i.status === "TRADING").map((i) => i.symbol));
  const { streams } = feed.health();
  const quietFromMs = Date.now() - Math.min(STILL_TRADING_MS, refreshMs);
  const ended = membership.symbols.filter((symbol) =>
    venueOf(symbol)?.code === BINANCE_USDM && !trading.has(symbol) &&
    (streams.get(symbol)?.lastFrameMs ?? -Infinity) < quietFromMs
  );
  if (ended.length === 0) return [];
  await feed.catchUp(ended);
  const untilMs = Date.now() + LAST_TRADES_MS;
  while (true) {
    const now = feed.health().streams;
    const whole = ended.filter((symbol) => now.get(symbol)?.isWhole !== false);
    if (whole.length === ended.length || Date.now() >= untilMs) return whole;
    await sleep(LOOK_MS, signal);
  }
}

function them(symbols: readonly string[]): string {
  return symbols.length === 1 ? "it" : "them";
}
