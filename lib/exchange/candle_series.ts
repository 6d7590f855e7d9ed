import { type Candle, flatCandle } from "./candle.ts";
import type { TradeRow } from "./trade_row.ts";

const MINUTE_MS = 60_000;

/** How many minutes are kept: what REST may still ask for. */
const KEPT_MINUTES = 2_880;

function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
}

function add(candle: Candle, row: TradeRow): void {
  const quote = row.price * row.quantity;
  if (candle.tradeCount === 0) {
    candle.open = candle.high = candle.low = row.price;
    candle.firstId = row.firstId;
  } else {
    candle.high = Math.max(candle.high, row.price);
    candle.low = Math.min(candle.low, row.price);
  }
  candle.close = row.price;
  candle.lastId = row.lastId;
  candle.volume += row.quantity;
  candle.quoteVolume += quote;
  candle.tradeCount += row.lastId - row.firstId + 1;
  if (!row.takerSold) {
    candle.takerBuyVolume += row.quantity;
    candle.takerBuyQuoteVolume += quote;
  }
}

/** The one-minute candles of one symbol, without holes: a minute without trades is flat. */
export class CandleSeries {
  readonly #minutes: Candle[] = [];

  /** The minutes that are kept, oldest first; the last one may still change. */
  get minutes(): readonly Candle[] {
    return this.#minutes;
  }

  /** Adds a fill, or an aggregate whose fills are counted by their ids. */
  push(row: TradeRow): void {
    this.rollTo(row.timeMs);
    const openTimeMs = minuteOf(row.timeMs);
    let candle = this.#minutes.at(-1);
    if (candle === undefined) {
      this.#minutes.push(candle = flatCandle(openTimeMs, row.price));
    } else if (candle.openTimeMs !== openTimeMs) {
      // A fill that comes after its minute was rolled over.
      candle = this.#minutes.findLast((minute) => minute.openTimeMs === openTimeMs);
    }
    if (candle !== undefined) add(candle, row);
  }

  /** Opens the minute that holds `timeMs`, and flat ones between; nothing before the first trade. */
  rollTo(timeMs: number): void {
    const last = this.#minutes.at(-1);
    if (last === undefined || timeMs < last.openTimeMs + MINUTE_MS) return;
    const newest = minuteOf(timeMs);
    const oldest = Math.max(last.openTimeMs, newest - KEPT_MINUTES * MINUTE_MS);
    for (let at = oldest + MINUTE_MS; at <= newest; at += MINUTE_MS) {
      this.#minutes.push(flatCandle(at, last.close));
    }
    const surplus = this.#minutes.length - KEPT_MINUTES;
    if (surplus > 0) this.#minutes.splice(0, surplus);
  }
}
