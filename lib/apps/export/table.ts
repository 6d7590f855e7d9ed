import type { ParquetField } from "../../store/mod.ts";

/** Values of a column; absent ones are `null`. */
export type Values = ArrayLike<number | string | boolean | null>;

/** Some rows of a table, column by column, all of the same length. */
export interface Rows {
  readonly length: number;
  readonly columns: Readonly<Record<string, Values>>;
}

/** A table to write: its columns, and its rows as they come. */
export interface Table {
  readonly fields: readonly ParquetField[];
  rows(): Iterable<Rows> | AsyncIterable<Rows>;
}

/** Returns records as columns of the given names. */
export function toRows<T>(
  records: readonly T[],
  columns: Readonly<Record<string, (record: T) => number | string | boolean | null>>,
): Rows {
  return {
    length: records.length,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, valueOf]) => [name, records.map(valueOf)]),
    ),
  };
}
