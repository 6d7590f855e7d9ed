import type { Channels } from "./channels.ts";
import type { MarketModel } from "./market_model.ts";
import type { Contract } from "./contract.ts";
import type { Tape } from "./tape.ts";
import { bookTickerPayload, markPricePayload, type Quote } from "./wire.ts";

const MARK_PRICE_MS = 3_000;
const FAST_MARK_PRICE_MS = 1_000;

/** Notional of the larger quotes, in quote. */
const DEPTH_NOTIONAL = 50_000;

interface Quoted {
  readonly tape: Tape;
  readonly bookTickerStream: string;
  readonly markPriceStream: string;
  readonly fastMarkPriceStream: string;
  bid: number;
}

/** The streams that show what the model thinks: `bookTicker` and `markPrice`. */
export class QuoteStreams {
  readonly #quoted: Quoted[] = [];
  readonly #model: MarketModel;
  readonly #channels: Channels;
  #updateId = 10_000_000_000_000;
  #nowMs = Infinity;

  /** Shows what `model` thinks of the tapes that are added. */
  constructor(model: MarketModel, channels: Channels) {
    this.#model = model;
    this.#channels = channels;
  }

  /** Shows the next contract of the model, whose tape this is. */
  add(tape: Tape): void {
    const name = tape.contract.symbol.toLowerCase();
    this.#quoted.push({
      tape,
      bookTickerStream: `${name}@bookTicker`,
      markPriceStream: `${name}@markPrice`,
      fastMarkPriceStream: `${name}@markPrice@1s`,
      bid: 0,
    });
  }

  /** Pushes what changed or is due at the start of a step. */
  step(nowMs: number): void {
    const wasMs = this.#nowMs;
    this.#nowMs = nowMs;
    const crossed = (everyMs: number) => Math.floor(nowMs / everyMs) > Math.floor(wasMs / everyMs);
    const [isMarkDue, isFastMarkDue] = [crossed(MARK_PRICE_MS), crossed(FAST_MARK_PRICE_MS)];
    for (const [index, quoted] of this.#quoted.entries()) {
      if (quoted.tape.status !== "TRADING") continue;
      if (isFastMarkDue) this.#pushMark(index, quoted.fastMarkPriceStream);
      if (isMarkDue) this.#pushMark(index, quoted.markPriceStream);
      const bid = this.#model.bid(index);
      if (bid !== quoted.bid) this.traded(index, nowMs);
      quoted.bid = bid;
    }
  }

  /** Pushes the quotes after a trade took from them. */
  traded(index: number, nowMs: number): void {
    const { tape: { contract }, bookTickerStream } = this.#quoted[index]!;
    this.#updateId += 37;
    if (!this.#channels.hasSubscribers("public", bookTickerStream)) return;
    const bid = this.#model.bid(index);
    const quote: Quote = {
      updateId: this.#updateId,
      bid,
      bidQuantity: this.#depth(contract, bid, this.#updateId),
      ask: bid + contract.tickUnits,
      askQuantity: this.#depth(contract, bid, this.#updateId + 1),
    };
    const payload = bookTickerPayload(contract, quote, nowMs);
    this.#channels.publish("public", bookTickerStream, payload);
  }

  /** A quantity that looks random and depends on the update id alone (Weyl sequence). */
  #depth(contract: Contract, price: number, id: number): number {
    const share = (id % 1_000_000) * 0.6180339887498949 % 1;
    const units = 10 ** (contract.pricePrecision + contract.quantityPrecision) / price;
    return Math.max(1, Math.round(share * share * DEPTH_NOTIONAL * units));
  }

  #pushMark(index: number, stream: string): void {
    if (!this.#channels.hasSubscribers("market", stream)) return;
    const { tape } = this.#quoted[index]!;
    const payload = markPricePayload(tape.contract, this.#model.price(index), this.#nowMs);
    this.#channels.publish("market", stream, payload);
  }
}
