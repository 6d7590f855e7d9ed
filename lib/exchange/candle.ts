const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A candle in units of its contract; quote volumes in price units times quantity units. */
export interface Candle {
  readonly openTimeMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  quoteVolume: number;
  tradeCount: number;
  takerBuyVolume: number;
  takerBuyQuoteVolume: number;
  /** First trade id, or -1 in an interval without trades. */
  firstId: number;
  /** Last trade id, or -1 in an interval without trades. */
  lastId: number;
}

/** A candle of a minute without trades so far. */
export function flatCandle(openTimeMs: number, price: number): Candle {
  return {
    openTimeMs,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 0,
    quoteVolume: 0,
    tradeCount: 0,
    takerBuyVolume: 0,
    takerBuyQuoteVolume: 0,
    firstId: -1,
    lastId: -1,
  };
}

function merge(into: Candle, next: Candle): void {
  if (into.tradeCount === 0) into.open = next.open;
  into.high = into.tradeCount === 0 ? next.high : Math.max(into.high, next.high);
  into.low = into.tradeCount === 0 ? next.low : Math.min(into.low, next.low);
  into.close = next.close;
  into.volume += next.volume;
  into.quoteVolume += next.quoteVolume;
  into.tradeCount += next.tradeCount;
  into.takerBuyVolume += next.takerBuyVolume;
  into.takerBuyQuoteVolume += next.takerBuyQuoteVolume;
  if (into.firstId === -1) into.firstId = next.firstId;
  if (next.lastId !== -1) into.lastId = next.lastId;
}

/** Minutes of the intervals that cut time evenly from the epoch. */
const FIXED_INTERVALS: ReadonlyMap<string, number> = new Map([
  ["1m", 1],
  ["3m", 3],
  ["5m", 5],
  ["15m", 15],
  ["30m", 30],
  ["1h", 60],
  ["2h", 120],
  ["4h", 240],
  ["6h", 360],
  ["8h", 480],
  ["12h", 720],
  ["1d", 1_440],
  ["3d", 4_320],
]);

/** Monday of the week the epoch began in. */
const FIRST_MONDAY_MS = -3 * DAY_MS;

/** Start and end of the interval that holds a time. */
export interface CandleSpan {
  readonly openTimeMs: number;
  /** Exclusive. */
  readonly endTimeMs: number;
}

/** How an interval such as `1m`, `1w` or `1M` cuts time; `null` for one REST does not know. */
export function candleSpan(interval: string): ((timeMs: number) => CandleSpan) | null {
  const minutes = FIXED_INTERVALS.get(interval);
  if (minutes !== undefined || interval === "1w") {
    const lengthMs = minutes === undefined ? 7 * DAY_MS : minutes * MINUTE_MS;
    const originMs = minutes === undefined ? FIRST_MONDAY_MS : 0;
    return (timeMs) => {
      const openTimeMs = Math.floor((timeMs - originMs) / lengthMs) * lengthMs + originMs;
      return { openTimeMs, endTimeMs: openTimeMs + lengthMs };
    };
  }
  if (interval !== "1M") return null;
  return (timeMs) => {
    const date = new Date(timeMs);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return { openTimeMs: Date.UTC(year, month), endTimeMs: Date.UTC(year, month + 1) };
  };
}

/** A candle of any interval with the end of its interval. */
export interface SpannedCandle extends Candle {
  /** Exclusive. */
  readonly endTimeMs: number;
}

/** Merges minutes into candles of an interval, oldest first. */
export function mergeMinutes(
  minutes: readonly Candle[],
  spanOf: (timeMs: number) => CandleSpan,
): SpannedCandle[] {
  const candles: SpannedCandle[] = [];
  for (const minute of minutes) {
    const last = candles.at(-1);
    if (last !== undefined && minute.openTimeMs < last.endTimeMs) merge(last, minute);
    else candles.push({ ...minute, ...spanOf(minute.openTimeMs) });
  }
  return candles;
}
