import { type Bar, vwap } from "../market/mod.ts";
import type { PairReading } from "../pairs/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import { PairFeed } from "./pair_feed.ts";
import type { PairQuery } from "./query.ts";

const MINUTE_MS = 60_000;

/** What is known of one leg in one minute; absent where it did not trade or a file did not say. */
interface LegMinute {
  readonly close: number;
  readonly returnBps: number | null;
  readonly rangeBps: number | null;
  readonly vwap: number | null;
  readonly quoteVolume: number | null;
  readonly trades: number | null;
  readonly takerBuyShare: number | null;
}

/** One minute of a pair: both legs, and the pair as it was known at the minute's close. */
export interface MinuteRow {
  /** Start of the minute, ms since the epoch. */
  readonly openTimeMs: number;
  /** Close of the dependent leg. */
  readonly yClose: number;
  /** Its change since the close before, in basis points. */
  readonly yReturnBps: number | null;
  /** Its high less its low over its open, in basis points. */
  readonly yRangeBps: number | null;
  /** Its volume-weighted average price. */
  readonly yVwap: number | null;
  /** Its volume in quote units. */
  readonly yQuoteVolume: number | null;
  /** Its trades. */
  readonly yTrades: number | null;
  /** Share of its base volume of which the taker bought, in [0, 1]. */
  readonly yTakerBuyShare: number | null;
  /** The same of the hedge leg. */
  readonly xClose: number;
  /** See `yReturnBps`. */
  readonly xReturnBps: number | null;
  /** See `yRangeBps`. */
  readonly xRangeBps: number | null;
  /** See `yVwap`. */
  readonly xVwap: number | null;
  /** See `yQuoteVolume`. */
  readonly xQuoteVolume: number | null;
  /** See `yTrades`. */
  readonly xTrades: number | null;
  /** See `yTakerBuyShare`. */
  readonly xTakerBuyShare: number | null;
  /** Hedge ratio known before the minute. */
  readonly hedgeRatio: number | null;
  /** Its standard error. */
  readonly hedgeRatioError: number | null;
  /** Spread by that ratio. */
  readonly spread: number | null;
  /** z-score of the spread. */
  readonly zScore: number | null;
  /** Rolling correlation of returns. */
  readonly correlation: number | null;
  /** Half-life of the spread in minutes. */
  readonly halfLifeBars: number | null;
  /** Whether a close is carried forward. */
  readonly stale: boolean;
  /** Whether trade ids prove both bars complete. */
  readonly complete: boolean;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** The newest minutes of a pair, oldest first. */
export function minuteRows(reader: StoreReader, query: PairQuery): MinuteRow[] {
  const feed = new PairFeed(reader, { ...query, interval: MINUTE_MS, limit: query.limit + 1 });
  const { readings } = feed;
  if (readings.length === 0) return [];
  const fromMs = readings[0]!.openTimeMs;
  const barsOf = (symbol: string) =>
    new Map(
      reader.bars({ symbol, intervalMs: MINUTE_MS, fromMs }).map((bar) => [bar.openTimeMs, bar]),
    );
  const [ys, xs] = [barsOf(query.y), barsOf(query.x)];
  const rows = readings.map((reading, k) => {
    const before = readings[k - 1];
    const { openTimeMs } = reading;
    const y = legMinute(reading.y, before?.y, ys.get(openTimeMs));
    const x = legMinute(reading.x, before?.x, xs.get(openTimeMs));
    return rowOf(reading, y, x);
  });
  return rows.slice(-query.limit);
}

function legMinute(close: number, before: number | undefined, bar: Bar | undefined): LegMinute {
  const { takerBuyVolume = null } = bar ?? {};
  return {
    close,
    returnBps: before === undefined ? null : 1e4 * (close / before - 1),
    rangeBps: bar === undefined ? null : 1e4 * (bar.high - bar.low) / bar.open,
    vwap: bar === undefined ? null : vwap(bar),
    quoteVolume: bar?.quoteVolume ?? null,
    trades: bar?.tradeCount ?? null,
    takerBuyShare: takerBuyVolume === null || !bar?.volume ? null : takerBuyVolume / bar.volume,
  };
}

function rowOf(reading: PairReading, y: LegMinute, x: LegMinute): MinuteRow {
  const { openTimeMs, hedgeRatio, hedgeRatioError, spread, zScore, correlation } = reading;
  const { halfLifeBars, stale, complete, reason } = reading;
  return {
    openTimeMs,
    yClose: y.close,
    yReturnBps: y.returnBps,
    yRangeBps: y.rangeBps,
    yVwap: y.vwap,
    yQuoteVolume: y.quoteVolume,
    yTrades: y.trades,
    yTakerBuyShare: y.takerBuyShare,
    xClose: x.close,
    xReturnBps: x.returnBps,
    xRangeBps: x.rangeBps,
    xVwap: x.vwap,
    xQuoteVolume: x.quoteVolume,
    xTrades: x.trades,
    xTakerBuyShare: x.takerBuyShare,
    ...{ hedgeRatio, hedgeRatioError, spread, zScore, correlation, halfLifeBars },
    ...{ stale, complete, reason },
  };
}
