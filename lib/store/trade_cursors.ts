import type { DatabaseSync } from "node:sqlite";
import { PRICE_UNSCALED, QUANTITY_UNSCALED, TAKER_BOUGHT } from "../market/mod.ts";
import { DayFile } from "./archive/day_file.ts";
import { RowScan } from "./row_scan.ts";
import { STAMP_UNIT } from "./trade_codec.ts";
import type { TradeColumns } from "./trade_columns.ts";
import type { TradeSink } from "./trade_sink.ts";

/** Rows read at a time: reading many at once is faster than stepping, and memory stays bounded. */
const PAGE_ROWS = 1_024;

/** Numbers per row of a page. */
const CELLS = 4;

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

/** The trades in the table. */
export class HotCursor implements TradeCursor {
  readonly #range: HotRange;
  readonly #scan: RowScan;
  readonly #pageRows: number;
  /** A page: id, stamp, price and quantity of each row, one after another. */
  readonly #page: Float64Array;
  #length = 0;
  #at = 0;
  #nextFrom: number;

  constructor(db: DatabaseSync, range: HotRange) {
    this.#range = range;
    this.#nextFrom = range.fromId;
    this.#pageRows = range.pageRows ?? PAGE_ROWS;
    this.#page = new Float64Array(CELLS * this.#pageRows);
    this.#scan = new RowScan(
      db,
      "trade_id, stamp, price, quantity",
      "FROM trades WHERE symbol_id = ? AND trade_id BETWEEN ? AND ?",
      "trade_id",
    );
    this.#turn();
  }

  get nextId(): number {
    return this.#at < this.#length ? this.#page[this.#at]! : Infinity;
  }

  take(untilId: number, sink: TradeSink): void {
    const { priceScale, quantityScale } = this.#range;
    const page = this.#page;
    while (this.#length > 0) {
      let at = this.#at;
      for (; at < this.#length && !sink.isDone; at += CELLS) {
        const tradeId = page[at]!;
        if (tradeId >= untilId) break;
        const stamp = page[at + 1]!;
        const price = page[at + 2]!;
        const quantity = page[at + 3]!;
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
      if (at < this.#length) return;
      this.#turn();
    }
  }

  skip(): void {
    this.#at += CELLS;
    if (this.#at >= this.#length) this.#turn();
  }

  #turn(): void {
    const { symbolId, toId } = this.#range;
    const page = this.#page;
    let length = 0;
    if (this.#nextFrom <= toId) {
      this.#scan.run(
        (tradeId, stamp, price, quantity) => {
          page[length++] = tradeId;
          page[length++] = stamp;
          page[length++] = price;
          page[length++] = quantity;
          return length < page.length ? 0 : 1;
        },
        symbolId,
        this.#nextFrom,
        toId,
      );
    }
    this.#nextFrom = length < page.length ? Infinity : page[length - CELLS]! + 1;
    this.#length = length;
    this.#at = 0;
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
