import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DayFile } from "./archive/day_file.ts";
import { withArrays } from "./rows.ts";
import { PRICE_UNSCALED, QUANTITY_UNSCALED, STAMP_UNIT, TAKER_BOUGHT } from "./trade_codec.ts";
import type { TradeColumns } from "./trade_columns.ts";
import type { TradeSink } from "./trade_sink.ts";

/** Rows read at a time: reading many at once is faster than stepping, and memory stays bounded. */
const PAGE_ROWS = 1_024;

/** A place where trades of one symbol rest, read in id order. */
export interface TradeCursor {
  /** The id of the next trade; `Infinity` at the end. */
  readonly nextId: number;
  /** Gives the trades before an id to a sink, as long as it wants them. */
  take(untilId: number, sink: TradeSink): void;
  /** Passes over the next trade. */
  skip(): void;
}

/** Which trades, and how their numbers are stored. */
export interface HotRange {
  readonly symbolId: number;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly fromId: number;
  readonly toId: number;
  /** Rows read at a time. @default {1_024} */
  readonly pageRows?: number;
}

type TradeRow = [tradeId: number, stamp: number, price: number, quantity: number];

/** The trades in the table. */
export class HotCursor implements TradeCursor {
  readonly #range: HotRange;
  readonly #page: StatementSync;
  readonly #pageRows: number;
  #rows: TradeRow[] = [];
  #at = 0;
  #nextFrom: number;

  constructor(db: DatabaseSync, range: HotRange) {
    this.#range = range;
    this.#nextFrom = range.fromId;
    this.#pageRows = range.pageRows ?? PAGE_ROWS;
    this.#page = withArrays(db.prepare(
      `SELECT trade_id, stamp, price, quantity FROM trades
       WHERE symbol_id = ? AND trade_id BETWEEN ? AND ? ORDER BY trade_id LIMIT ${this.#pageRows}`,
    ));
    this.#turn();
  }

  get nextId(): number {
    return this.#rows[this.#at]?.[0] ?? Infinity;
  }

  take(untilId: number, sink: TradeSink): void {
    const { priceScale, quantityScale } = this.#range;
    while (this.#rows.length > 0) {
      const rows = this.#rows;
      let at = this.#at;
      for (; at < rows.length && !sink.isDone; at++) {
        const [tradeId, stamp, price, quantity] = rows[at]!;
        if (tradeId >= untilId) break;
        const flags = stamp % STAMP_UNIT;
        sink.push(
          tradeId,
          (stamp - flags) / STAMP_UNIT,
          (flags & PRICE_UNSCALED) !== 0 ? price : price / priceScale,
          (flags & QUANTITY_UNSCALED) !== 0 ? quantity : quantity / quantityScale,
          flags & TAKER_BOUGHT,
          (flags >> 1) & 3,
        );
      }
      this.#at = at;
      if (at < rows.length) return;
      this.#turn();
    }
  }

  skip(): void {
    if (++this.#at >= this.#rows.length) this.#turn();
  }

  #turn(): void {
    const { symbolId, toId } = this.#range;
    this.#at = 0;
    this.#rows = this.#nextFrom > toId
      ? []
      : this.#page.all(symbolId, this.#nextFrom, toId) as unknown as TradeRow[];
    this.#nextFrom = this.#rows.length < this.#pageRows ? Infinity : this.#rows.at(-1)![0] + 1;
  }
}

/** The trades of one UTC day in its Parquet file, opened when its first id is asked for. */
export class DayCursor implements TradeCursor, Disposable {
  readonly #path: string;
  readonly #fromId: number;
  readonly #toId: number;
  #file: DayFile | undefined;
  #group = 0;
  #rows: TradeColumns | undefined;
  #at = 0;
  #nextId: number;

  /** @param firstId The smallest id in the file, as the database knows it. */
  constructor(path: string, range: { firstId: number; fromId: number; toId: number }) {
    this.#path = path;
    this.#fromId = range.fromId;
    this.#toId = range.toId;
    this.#nextId = range.firstId;
    if (range.firstId < range.fromId) this.#turn();
  }

  get nextId(): number {
    return this.#nextId;
  }

  take(untilId: number, sink: TradeSink): void {
    if (this.#rows === undefined) this.#turn();
    while (this.#nextId < untilId && !sink.isDone) {
      const rows = this.#rows!;
      const k = this.#at;
      sink.push(
        rows.tradeId[k]!,
        rows.timeMs[k]!,
        rows.price[k]!,
        rows.quantity[k]!,
        rows.takerBought[k]!,
        rows.source[k]!,
      );
      this.#advance();
    }
  }

  skip(): void {
    if (this.#rows === undefined) this.#turn();
    this.#advance();
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
  }

  #advance(): void {
    if (++this.#at >= this.#rows!.length) this.#turn();
    else this.#settle();
  }

  /** Goes on to the next row group that may hold wanted ids. */
  #turn(): void {
    this.#file ??= new DayFile(this.#path);
    const group = this.#file.nextGroup(this.#group, this.#fromId);
    this.#group = group + 1;
    this.#at = 0;
    if (group >= this.#file.groups) {
      this.#nextId = Infinity;
      return;
    }
    this.#rows = this.#file.read(group);
    const ids = this.#rows.tradeId;
    while (this.#at < ids.length && ids[this.#at]! < this.#fromId) this.#at++;
    if (this.#at >= ids.length) this.#turn();
    else this.#settle();
  }

  #settle(): void {
    const id = this.#rows!.tradeId[this.#at]!;
    this.#nextId = id > this.#toId ? Infinity : id;
  }
}
