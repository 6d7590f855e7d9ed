import { ParquetReader } from "../parquet/parquet_reader.ts";
import { ParquetWriter } from "../parquet/parquet_writer.ts";
import type { ParquetColumns, ParquetValues } from "../parquet/parquet_field.ts";
import { TRADE_SOURCES, type TradeColumns } from "../trade_columns.ts";
import { TRADE_FIELDS, tradeFields } from "../trade_fields.ts";

/** Whose trades a file holds; kept in it. */
export interface DayIdentity extends Readonly<Record<string, string>> {
  /** The mark of the database. */
  readonly store: string;
  readonly venue: string;
  readonly symbol: string;
  /** The UTC day, `YYYY-MM-DD`. */
  readonly date: string;
}

/** A Parquet file of the trades of one symbol and UTC day, in id order. */
export class DayFile implements Disposable {
  readonly #reader: ParquetReader;

  constructor(path: string) {
    this.#reader = new ParquetReader(path);
  }

  /** Writes such a file and waits until the disk has it. */
  static write(path: string, trades: TradeColumns, identity: DayIdentity): void {
    using writer = new ParquetWriter(path, TRADE_FIELDS, identity);
    writer.write(tradeFields(trades));
    writer.close();
  }

  /** How many row groups there are. */
  get groups(): number {
    return this.#reader.groupRows.length;
  }

  /** How many trades there are. */
  get length(): number {
    return this.#reader.rowCount;
  }

  /** The mark of the database that wrote it; empty for a file of another program. */
  get store(): string {
    return this.#reader.metadata.store ?? "";
  }

  /** The first row group from `group` on that may hold an id >= `fromId`. */
  nextGroup(group: number, fromId: number): number {
    let next = group;
    while (next < this.groups && (this.#reader.range(next, "trade_id")?.[1] ?? Infinity) < fromId) {
      next++;
    }
    return next;
  }

  /** The trades of one row group. */
  read(group: number): TradeColumns {
    return toTrades(this.#reader.read(group));
  }

  /** The ids of all its trades, ascending. */
  ids(): Float64Array {
    const ids = new Float64Array(this.length);
    let from = 0;
    for (let group = 0; group < this.groups; group++) {
      const part = this.#reader.read(group, ["trade_id"]).trade_id as Float64Array;
      ids.set(part, from);
      from += part.length;
    }
    return ids;
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}

function toTrades(columns: ParquetColumns): TradeColumns {
  const numbers = (name: string) => columns[name] as Float64Array;
  const codes = (values: ParquetValues, codeOf: (text: string) => number) =>
    Uint8Array.from({ length: values.length }, (_, k) => codeOf(values[k] as string));
  return {
    length: numbers("trade_id").length,
    tradeId: numbers("trade_id"),
    timeMs: numbers("time_ms"),
    price: numbers("price"),
    quantity: numbers("quantity"),
    takerBought: codes(columns.taker_side!, (side) => side === "buy" ? 1 : 0),
    source: codes(columns.source!, (source) => TRADE_SOURCES.indexOf(source as never)),
  };
}
