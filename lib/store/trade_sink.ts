import type { TradeColumns } from "./trade_columns.ts";

/** How far trade times may step back while ids ascend; the venue's ids are not quite in time order. */
export const DISORDER_MS = 60_000;

const FIRST_CAPACITY = 8_192;

/** Gathers trades that come in id order, as long as they are in a range of time and not too many. */
export class TradeSink {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #limit: number;
  #length = 0;
  #columns = emptyColumns(FIRST_CAPACITY);
  #isDone: boolean;

  constructor({ fromMs = -Infinity, toMs = Infinity, limit = Infinity }: {
    readonly fromMs?: number | undefined;
    readonly toMs?: number | undefined;
    readonly limit?: number | undefined;
  }) {
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    this.#limit = limit;
    this.#isDone = limit <= 0;
  }

  /** Whether no further trade can be of interest. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Takes the next trade. */
  push(
    tradeId: number,
    timeMs: number,
    price: number,
    quantity: number,
    takerBought: number,
    source: number,
  ): void {
    if (timeMs >= this.#toMs || timeMs < this.#fromMs) {
      if (timeMs >= this.#toMs + DISORDER_MS) this.#isDone = true;
      return;
    }
    if (this.#length === this.#columns.tradeId.length) this.#grow();
    const at = this.#length++;
    const columns = this.#columns;
    columns.tradeId[at] = tradeId;
    columns.timeMs[at] = timeMs;
    columns.price[at] = price;
    columns.quantity[at] = quantity;
    columns.takerBought[at] = takerBought;
    columns.source[at] = source;
    if (this.#length >= this.#limit) this.#isDone = true;
  }

  /** What was gathered, from an index on. */
  columns(from = 0): TradeColumns {
    const to = this.#length;
    const { tradeId, timeMs, price, quantity, takerBought, source } = this.#columns;
    return {
      length: to - from,
      tradeId: tradeId.subarray(from, to),
      timeMs: timeMs.subarray(from, to),
      price: price.subarray(from, to),
      quantity: quantity.subarray(from, to),
      takerBought: takerBought.subarray(from, to),
      source: source.subarray(from, to),
    };
  }

  #grow(): void {
    const larger = emptyColumns(2 * this.#length);
    for (const name of Object.keys(larger) as (keyof typeof larger)[]) {
      larger[name].set(this.#columns[name]);
    }
    this.#columns = larger;
  }
}

function emptyColumns(capacity: number) {
  return {
    tradeId: new Float64Array(capacity),
    timeMs: new Float64Array(capacity),
    price: new Float64Array(capacity),
    quantity: new Float64Array(capacity),
    takerBought: new Uint8Array(capacity),
    source: new Uint8Array(capacity),
  };
}
