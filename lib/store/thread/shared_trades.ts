import { TradeBuffer } from "../trade_buffer.ts";

/** Bytes of a trade: four doubles, and a byte each for its side and its source. */
const DOUBLES = 4;
const TRADE_BYTES = DOUBLES * Float64Array.BYTES_PER_ELEMENT + 2;
/** Room for as many trades as a batch mostly has. */
const FIRST_CAPACITY = 8_192;

/** Trades of one symbol, those after the ones of the runs before. */
export interface TradeRun {
  readonly venue: string;
  readonly symbol: string;
  readonly length: number;
}

/** What another thread needs to read trades where they are. */
export interface TradesInMemory {
  readonly memory: SharedArrayBuffer;
  readonly runs: readonly TradeRun[];
}

/**
 * Memory of two threads in which trades are handed over, batch after batch: nothing is allocated
 * for one, and the other thread reads them where they are.
 */
export class SharedTrades {
  #memory = new SharedArrayBuffer(FIRST_CAPACITY * TRADE_BYTES);

  /** Puts trades in the place of those of the last batch, which nobody may be reading any more. */
  put(buffers: readonly TradeBuffer[]): TradesInMemory {
    const count = buffers.reduce((sum, { length }) => sum + length, 0);
    if (count * TRADE_BYTES > this.#memory.byteLength) {
      this.#memory = new SharedArrayBuffer(2 * count * TRADE_BYTES);
    }
    const columns = columnsOf(this.#memory);
    let at = 0;
    for (const trades of buffers) {
      const from = trades.view();
      columns.tradeId.set(from.tradeId, at);
      columns.timeMs.set(from.timeMs, at);
      columns.price.set(from.price, at);
      columns.quantity.set(from.quantity, at);
      columns.takerBought.set(from.takerBought, at);
      columns.source.set(from.source, at);
      at += trades.length;
    }
    const runs = buffers.map(({ venue, symbol, length }) => ({ venue, symbol, length }));
    return { memory: this.#memory, runs };
  }
}

/** Trades that another thread has put into memory; they are there until they were written. */
export function buffersIn({ memory, runs }: TradesInMemory): TradeBuffer[] {
  const columns = columnsOf(memory);
  let at = 0;
  return runs.map(({ venue, symbol, length }) => {
    const [from, to] = [at, at += length];
    return new TradeBuffer(venue, symbol, {
      length,
      tradeId: columns.tradeId.subarray(from, to),
      timeMs: columns.timeMs.subarray(from, to),
      price: columns.price.subarray(from, to),
      quantity: columns.quantity.subarray(from, to),
      takerBought: columns.takerBought.subarray(from, to),
      source: columns.source.subarray(from, to),
    });
  });
}

function columnsOf(memory: SharedArrayBuffer) {
  const capacity = memory.byteLength / TRADE_BYTES;
  const bytes = capacity * Float64Array.BYTES_PER_ELEMENT;
  return {
    tradeId: new Float64Array(memory, 0, capacity),
    timeMs: new Float64Array(memory, bytes, capacity),
    price: new Float64Array(memory, 2 * bytes, capacity),
    quantity: new Float64Array(memory, 3 * bytes, capacity),
    takerBought: new Uint8Array(memory, DOUBLES * bytes, capacity),
    source: new Uint8Array(memory, DOUBLES * bytes + capacity, capacity),
  };
}
