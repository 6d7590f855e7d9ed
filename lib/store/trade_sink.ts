import { TradeBuffer } from "./trade_buffer.ts";
import type { TradeColumns } from "./trade_columns.ts";

/** How far trade times may step back while ids ascend; the venue's ids are not quite in time order. */
export const DISORDER_MS = 60_000;

/** Gathers trades that come in id order, as long as they are in a range of time and not too many. */
export class TradeSink {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #limit: number;
  readonly #trades = new TradeBuffer("", "");
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
    this.#trades.add(tradeId, timeMs, price, quantity, takerBought, source);
    if (this.#trades.length >= this.#limit) this.#isDone = true;
  }

  /** What was gathered, from an index on. */
  columns(from = 0): TradeColumns {
    return this.#trades.view(from);
  }
}
