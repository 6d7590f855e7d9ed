import type { CodedText, ParquetField } from "../store/mod.ts";

/** One value of a table; `null` where there is none. */
export type Cell = number | string | boolean | null;

/** Some rows of a table, column by column, all of the same length. */
export interface Rows {
  /** How many. */
  readonly length: number;
  /** The values of every column, by its name. */
  readonly columns: Readonly<Record<string, ArrayLike<Cell> | CodedText>>;
  /** The time they reach, ms since the epoch, where they have one. */
  readonly atMs?: number;
}

/** A table to write: its columns, and its rows as they come. */
export interface Table {
  /** Its columns, in order. */
  readonly fields: readonly ParquetField[];
  /** Its rows from the first on, a page at a time; none is kept. */
  rows(): Iterable<Rows>;
}

/** A column of a table of records. */
export interface Column<T> extends ParquetField {
  /** What a record says. */
  readonly value: (record: T) => Cell;
}

/** Rows of a page that are written at a time. */
const PAGE_ROWS = 5_000;

/** A table of records of one kind that come a page at a time. */
export function pagedTable<T>(
  columns: readonly Column<T>[],
  pages: () => Iterable<readonly T[]>,
  timeOf?: (record: T) => number,
): Table {
  function* rows(): Generator<Rows> {
    for (const page of pages()) {
      if (page.length === 0) continue;
      yield {
        length: page.length,
        columns: Object.fromEntries(columns.map(({ name, value }) => [name, page.map(value)])),
        ...(timeOf === undefined ? {} : { atMs: timeOf(page.at(-1)!) }),
      };
    }
  }
  return { fields: columns.map(({ value: _, ...field }) => field), rows };
}

/** A table of records that are there already. */
export function recordTable<T>(columns: readonly Column<T>[], records: readonly T[]): Table {
  return pagedTable(columns, function* () {
    for (let at = 0; at < records.length; at += PAGE_ROWS) yield records.slice(at, at + PAGE_ROWS);
  });
}

/** Columns of one type that carry the names of their fields in snake case. */
export function columnsOf<T>(
  type: ParquetField["type"],
  names: readonly (keyof T & string)[],
  nullable = false,
): Column<T>[] {
  return names.map((name) => ({
    ...{ name: snakeCase(name), type, nullable },
    value: (record) => record[name] as Cell,
  }));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
