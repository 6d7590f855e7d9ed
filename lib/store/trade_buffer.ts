import { type Trade, TRADE_SOURCES } from "../market/mod.ts";
import { tradeAt, type TradeColumns } from "./trade_columns.ts";

const FIRST_CAPACITY = 64;
const COLUMNS = ["tradeId", "timeMs", "price", "quantity", "takerBought", "source"] as const;
/** More room than this is given back when the trades are gone: so many come in a burst only. */
const KEPT_CAPACITY = 8_192;
const NO_TRADES = columnsFor(0);

/**
 * Gathers trades of one symbol as columns: nothing of them is left to the garbage collector, and
 * the room is used again.
 *
 * @example Two trades that wait to be written
 * ```ts
 * import { TradeBuffer } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const buffer = new TradeBuffer("binance-usdm", "BTCUSDT");
 * for (const tradeId of [7, 8]) {
 *   buffer.push({
 *     venue: "binance-usdm", symbol: "BTCUSDT", tradeId, timeMs: 5, price: 0.1, quantity: 3,
 *     takerSide: "buy", source: "ws",
 *   });
 * }
 * deepStrictEqual([buffer.length, buffer.has(8), buffer.has(9)], [2, true, false]);
 * ```
 */
export class TradeBuffer {
  /** The venue of all of them. */
  readonly venue: string;
  /** The symbol of all of them, as the venue writes it. */
  readonly symbol: string;
  #length: number;
  #columns: Omit<TradeColumns, "length">;

  /**
   * Starts without trades, or with those of columns, which it then owns.
   *
   * @param venue The venue, for example `binance-usdm`.
   * @param symbol The symbol as the venue writes it.
   * @param columns The trades.
   */
  constructor(venue: string, symbol: string, columns: TradeColumns = NO_TRADES) {
    this.venue = venue;
    this.symbol = symbol;
    this.#length = columns.length;
    this.#columns = columns;
  }

  /** How many trades there are. */
  get length(): number {
    return this.#length;
  }

  /** The columns, which may have room for more than `length` trades; they change with the next one. */
  get columns(): Omit<TradeColumns, "length"> {
    return this.#columns;
  }

  /**
   * Takes a trade of its symbol.
   *
   * @param trade The trade.
   */
  push({ tradeId, timeMs, price, quantity, takerSide, source }: Trade): void {
    const takerBought = takerSide === "buy" ? 1 : 0;
    this.add(tradeId, timeMs, price, quantity, takerBought, TRADE_SOURCES.indexOf(source));
  }

  /**
   * Takes a trade as the cells of its columns.
   *
   * @param tradeId Its id.
   * @param timeMs Exchange time, ms since the epoch.
   * @param price Quote per base.
   * @param quantity Base units.
   * @param takerBought 1 where the taker bought, 0 where it sold.
   * @param source Where it was read, by number.
   */
  add(
    tradeId: number,
    timeMs: number,
    price: number,
    quantity: number,
    takerBought: number,
    source: number,
  ): void {
    if (this.#length === this.#columns.tradeId.length) this.#grow(this.#length + 1);
    const at = this.#length++;
    const columns = this.#columns;
    columns.tradeId[at] = tradeId;
    columns.timeMs[at] = timeMs;
    columns.price[at] = price;
    columns.quantity[at] = quantity;
    columns.takerBought[at] = takerBought;
    columns.source[at] = source;
  }

  /**
   * Takes all trades of another one of its symbol.
   *
   * @param later The other one.
   */
  append(later: TradeBuffer): void {
    const to = this.#length + later.length;
    if (to > this.#columns.tradeId.length) this.#grow(to);
    const columns = later.view();
    for (const name of COLUMNS) this.#columns[name].set(columns[name], this.#length);
    this.#length = to;
  }

  /**
   * Whether an id is among them.
   *
   * @param tradeId The id.
   */
  has(tradeId: number): boolean {
    return this.#columns.tradeId.subarray(0, this.#length).includes(tradeId);
  }

  /**
   * Returns the trades with ids in `[fromId, toId]` as records, as they came.
   *
   * @param fromId The first id.
   * @param toId The last one.
   */
  tradesIn(fromId: number, toId: number): Trade[] {
    const columns = this.view();
    const trades: Trade[] = [];
    columns.tradeId.forEach((id, k) => {
      if (fromId <= id && id <= toId) trades.push(tradeAt(columns, k, this.venue, this.symbol));
    });
    return trades;
  }

  /**
   * Returns the trades from an index on, not copied: valid until `clear()`.
   *
   * @param from The index.
   */
  view(from = 0): TradeColumns {
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

  /** Forgets the trades. */
  clear(): void {
    this.#length = 0;
    if (this.#columns.tradeId.length > KEPT_CAPACITY) this.#columns = NO_TRADES;
  }

  #grow(capacity: number): void {
    const larger = columnsFor(Math.max(FIRST_CAPACITY, capacity, 2 * this.#length));
    for (const name of COLUMNS) larger[name].set(this.#columns[name]);
    this.#columns = larger;
  }
}

/** Trades of any symbols, gathered by symbol, those of each in their order. */
export function buffersOf(trades: Iterable<Trade>): TradeBuffer[] {
  const buffers = new Map<string, TradeBuffer>();
  for (const trade of trades) {
    const { venue, symbol } = trade;
    buffers.getOrInsertComputed(symbol, () => new TradeBuffer(venue, symbol)).push(trade);
  }
  return [...buffers.values()];
}

function columnsFor(capacity: number): TradeColumns {
  return {
    length: 0,
    tradeId: new Float64Array(capacity),
    timeMs: new Float64Array(capacity),
    price: new Float64Array(capacity),
    quantity: new Float64Array(capacity),
    takerBought: new Uint8Array(capacity),
    source: new Uint8Array(capacity),
  };
}
