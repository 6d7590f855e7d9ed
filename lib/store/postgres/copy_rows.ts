import type { TradeBuffer } from "../trade_buffer.ts";
import type { Step } from "./wire.ts";

/** "PGCOPY\n\xff\r\n\0", no flags, no extension. */
const HEADER = [80, 71, 67, 79, 80, 89, 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const FIELDS = 6;
/** Two bytes of count, four of length before each field, 4 × 8 + 4 + 2 of values. */
const ROW_BYTES = 2 + 4 * FIELDS + 38;
const END_BYTES = 2;
const FIRST_ROWS = 512;

/** Gathers trades in the binary format of COPY: the quickest way into a table. */
export class CopyRows {
  #bytes = new Uint8Array(HEADER.length + ROW_BYTES * FIRST_ROWS + END_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = HEADER.length;

  constructor() {
    this.#bytes.set(HEADER);
  }

  /** How many there are. */
  get length(): number {
    return (this.#at - HEADER.length) / ROW_BYTES;
  }

  /** Takes a trade of a buffer. */
  add(symbolId: number, { columns }: TradeBuffer, k: number): void {
    if (this.#at + ROW_BYTES + END_BYTES > this.#bytes.length) this.#grow();
    const view = this.#view;
    let at = this.#at;
    view.setInt16(at, FIELDS);
    at += 2;
    view.setInt32(at, 8);
    setInt64(view, at + 4, columns.tradeId[k]!);
    view.setInt32(at + 12, 8);
    setInt64(view, at + 16, columns.timeMs[k]!);
    view.setInt32(at + 24, 8);
    view.setFloat64(at + 28, columns.price[k]!);
    view.setInt32(at + 36, 8);
    view.setFloat64(at + 40, columns.quantity[k]!);
    view.setInt32(at + 48, 4);
    view.setInt32(at + 52, symbolId);
    view.setInt32(at + 56, 2);
    view.setInt16(at + 60, flagsOf(columns, k));
    this.#at = at + 62;
  }

  /** All of them as one step; nothing can be added any more. */
  step(): Step {
    this.#view.setInt16(this.#at, -1);
    return {
      copy:
        "COPY trades (trade_id, time_ms, price, quantity, symbol_id, flags) FROM STDIN (FORMAT binary)",
      bytes: this.#bytes.subarray(0, this.#at + END_BYTES),
    };
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** 1 where the taker bought, and the source in the bits above. */
export function flagsOf(columns: TradeBuffer["columns"], k: number): number {
  return columns.takerBought[k]! | columns.source[k]! << 1;
}

/** A whole number from 0 to 2^53, without a BigInt for each. */
function setInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value % 2 ** 32);
}
