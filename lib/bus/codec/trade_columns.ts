import {
  DEFAULT_SCALE,
  PRICE_UNSCALED,
  QUANTITY_UNSCALED,
  scaled,
  sideAndSource,
  TAKER_BOUGHT,
  TRADE_SOURCES,
  type TradeEvent,
} from "../../market/mod.ts";
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";

/** Flag: the venue told when it sent the frame. */
const HAS_EVENT_TIME = 32;
/** Flag: the frame told the id of its last single trade. */
const HAS_LAST_FILL = 64;

/** Venue and symbol, in the order in which they first occur. */
export type SymbolTable = readonly (readonly [venue: string, symbol: string])[];

/** What the columns hold differences to, by symbol. */
interface Previous {
  tradeId: number;
  price: number;
  lastFillId: number;
}

/**
 * Trades as columns of small numbers: of ids, prices and last fills the difference to the one before
 * of the same symbol, of times that to the trade before. A price or quantity that no scaled integer
 * gives back bit for bit is kept as the double itself.
 */
export class TradeColumnsWriter {
  readonly #columns = columns(() => new ByteWriter());
  readonly #symbols = new Map<string, number>();
  readonly #table: [venue: string, symbol: string][] = [];
  readonly #previous: Previous[] = [];
  #timeMs = 0;
  #receivedMs = 0;
  #length = 0;

  /** How many trades were added. */
  get length(): number {
    return this.#length;
  }

  /** The symbols of the trades added. */
  get symbols(): SymbolTable {
    return this.#table;
  }

  /** Adds a trade. @throws {RangeError} If an id or a time is no whole number in [0, 2^53). */
  push({ trade, eventTimeMs, receivedMs, lastFillId }: TradeEvent): void {
    const { tradeId, timeMs } = trade;
    for (const value of [tradeId, timeMs, receivedMs, eventTimeMs ?? 0, lastFillId ?? 0]) {
      if (!(Number.isSafeInteger(value) && value >= 0)) {
        throw new RangeError(
          `Cannot send trade ${tradeId} of ${trade.symbol} as its ids and times must be whole numbers from 0 to 2^53: current value is ${value}`,
        );
      }
    }
    const symbol = this.#indexOf(trade.venue, trade.symbol);
    const previous = this.#previous[symbol]!;
    const price = scaled(trade.price, DEFAULT_SCALE);
    const quantity = scaled(trade.quantity, DEFAULT_SCALE);
    const to = this.#columns;
    to.symbol.unsigned(symbol);
    to.tradeId.signed(tradeId - previous.tradeId);
    to.timeMs.signed(timeMs - this.#timeMs);
    to.receivedMs.signed(receivedMs - this.#receivedMs);
    to.flags.byte(
      sideAndSource(trade.takerSide, trade.source) +
        (price === null || price < 0 ? PRICE_UNSCALED : 0) +
        (quantity === null || quantity < 0 ? QUANTITY_UNSCALED : 0) +
        (eventTimeMs === null ? 0 : HAS_EVENT_TIME) +
        (lastFillId === undefined ? 0 : HAS_LAST_FILL),
    );
    if (price === null || price < 0) to.double.double(trade.price);
    else {
      to.price.signed(price - previous.price);
      previous.price = price;
    }
    if (quantity === null || quantity < 0) to.double.double(trade.quantity);
    else to.quantity.unsigned(quantity);
    if (eventTimeMs !== null) to.eventTimeMs.signed(eventTimeMs - timeMs);
    if (lastFillId !== undefined) {
      to.lastFillId.signed(lastFillId - previous.lastFillId);
      previous.lastFillId = lastFillId;
    }
    previous.tradeId = tradeId;
    this.#timeMs = timeMs;
    this.#receivedMs = receivedMs;
    this.#length++;
  }

  /** Adds the columns to bytes. */
  writeTo(writer: ByteWriter): void {
    for (const name of NAMES) writer.block(this.#columns[name].bytes);
  }

  #indexOf(venue: string, symbol: string): number {
    const key = `${venue}\n${symbol}`;
    const known = this.#symbols.get(key);
    if (known !== undefined) return known;
    this.#symbols.set(key, this.#table.length);
    this.#previous.push({ tradeId: 0, price: 0, lastFillId: 0 });
    return this.#table.push([venue, symbol]) - 1;
  }
}

/** Gives back, one after the other, the trades that a `TradeColumnsWriter` took. */
export class TradeColumnsReader {
  readonly #columns: Readonly<Record<Name, ByteReader>>;
  readonly #table: SymbolTable;
  readonly #previous: Previous[];
  #timeMs = 0;
  #receivedMs = 0;

  constructor(reader: ByteReader, table: SymbolTable) {
    this.#columns = columns(() => new ByteReader(reader.block()));
    this.#table = table;
    this.#previous = table.map(() => ({ tradeId: 0, price: 0, lastFillId: 0 }));
  }

  /** Whether every column was read to its end. */
  get isAtEnd(): boolean {
    return NAMES.every((name) => this.#columns[name].isAtEnd);
  }

  /** The next trade. @throws {RangeError} If there is none, or it cannot be right. */
  next(): TradeEvent {
    const from = this.#columns;
    const index = from.symbol.unsigned();
    const names = this.#table[index];
    if (names === undefined) throw new RangeError("a trade has no symbol");
    const previous = this.#previous[index]!;
    const flags = from.flags.byte();
    const tradeId = previous.tradeId += from.tradeId.signed();
    const timeMs = this.#timeMs += from.timeMs.signed();
    const receivedMs = this.#receivedMs += from.receivedMs.signed();
    const price = (flags & PRICE_UNSCALED) !== 0
      ? from.double.double()
      : (previous.price += from.price.signed()) / DEFAULT_SCALE;
    const quantity = (flags & QUANTITY_UNSCALED) !== 0
      ? from.double.double()
      : from.quantity.unsigned() / DEFAULT_SCALE;
    const eventTimeMs = (flags & HAS_EVENT_TIME) === 0 ? null : timeMs + from.eventTimeMs.signed();
    const trade = {
      venue: names[0],
      symbol: names[1],
      ...{ tradeId, timeMs, price, quantity },
      takerSide: (flags & TAKER_BOUGHT) === 0 ? "sell" as const : "buy" as const,
      source: TRADE_SOURCES[(flags >> 1) & 3]!,
    };
    if ((flags & HAS_LAST_FILL) === 0) return { kind: "trade", trade, eventTimeMs, receivedMs };
    const lastFillId = previous.lastFillId += from.lastFillId.signed();
    return { kind: "trade", trade, eventTimeMs, receivedMs, lastFillId };
  }
}

const NAMES = [
  ...["symbol", "flags", "tradeId", "timeMs", "receivedMs", "price", "quantity"] as const,
  ...["eventTimeMs", "lastFillId", "double"] as const,
];
type Name = typeof NAMES[number];

function columns<T>(make: () => T): Record<Name, T> {
  return Object.fromEntries(NAMES.map((name) => [name, make()])) as Record<Name, T>;
}
