import type { TradeRow } from "./trade_row.ts";

/** How long an aggregate may take up fills, counted from its first, ms. */
export const AGGREGATE_SPAN_MS = 100;

interface OpenAggregate {
  readonly firstId: number;
  lastId: number;
  readonly timeMs: number;
  readonly price: number;
  quantity: number;
  readonly takerSold: boolean;
}

/**
 * Fills of one symbol become aggregates: neighbours of one price and taker side, less than 100 ms
 * after the first. Aggregate ids are contiguous; the time is that of the first fill.
 */
export class TradeAggregator {
  #nextId: number;
  #open: OpenAggregate | null = null;

  /** The first aggregate gets the id `firstId`. */
  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** Adds a fill; returns the aggregate that it ended, if any. */
  push(fill: TradeRow): TradeRow | null {
    const open = this.#open;
    if (
      open !== null && open.price === fill.price && open.takerSold === fill.takerSold &&
      fill.timeMs - open.timeMs < AGGREGATE_SPAN_MS
    ) {
      open.lastId = fill.id;
      open.quantity += fill.quantity;
      return null;
    }
    const ended = this.flush();
    this.#open = {
      firstId: fill.id,
      lastId: fill.id,
      timeMs: fill.timeMs,
      price: fill.price,
      quantity: fill.quantity,
      takerSold: fill.takerSold,
    };
    return ended;
  }

  /** Ends the open aggregate if no fill at `timeMs` or later could join it. */
  closeUntil(timeMs: number): TradeRow | null {
    const isOver = this.#open !== null && timeMs - this.#open.timeMs >= AGGREGATE_SPAN_MS;
    return isOver ? this.flush() : null;
  }

  /** Ends the open aggregate, if any. */
  flush(): TradeRow | null {
    const open = this.#open;
    if (open === null) return null;
    this.#open = null;
    return { id: this.#nextId++, ...open };
  }
}
