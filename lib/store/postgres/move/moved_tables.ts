import type { DatabaseSync } from "node:sqlite";
import { withArrays } from "../../rows.ts";
import { MARKS, QUOTES } from "../../second_tables.ts";
import type { Link } from "../link.ts";
import type { Step } from "../wire.ts";
import { type Cells, countEqual, insertRows, type MovedTable } from "./insert_rows.ts";

/** Bars, with what readers follow changes by. */
export const BARS: MovedTable = {
  name: "bars",
  key: ["symbol_id", "interval_ms", "open_time_ms"],
  columns: {
    ...{ symbol_id: "int", interval_ms: "bigint", open_time_ms: "bigint", open: "float8" },
    ...{ high: "float8", low: "float8", close: "float8", volume: "float8" },
    ...{ quote_volume: "float8", trade_count: "bigint", taker_buy_volume: "float8" },
    ...{ first_trade_id: "bigint", last_trade_id: "bigint", complete: "int", revision: "int" },
    sequence: "bigint",
  },
};

/** Tables with a row per symbol and second. */
export const SECONDS: readonly MovedTable[] = [MARKS, QUOTES].map(({ name, columns }) => ({
  name,
  key: ["symbol_id", "time_ms"],
  columns: {
    ...{ symbol_id: "int", time_ms: "bigint" },
    ...Object.fromEntries(columns.map((column) => [column.name, column.type])),
  },
}));

/** Tables that are moved at once. */
const SMALL: readonly MovedTable[] = [
  {
    name: "gaps",
    key: ["symbol_id", "first_missing_id"],
    columns: {
      ...{ symbol_id: "int", first_missing_id: "bigint", last_missing_id: "bigint" },
      ...{ opened_at_ms: "bigint", closed_at_ms: "bigint", state: "text" },
    },
  },
  {
    name: "quarantine",
    key: ["quarantine_id"],
    columns: {
      ...{ quarantine_id: "bigint", symbol_id: "int", trade_id: "bigint", reason: "text" },
      ...{ raw: "text", received_ms: "bigint" },
    },
  },
  {
    name: "quarantine_counts",
    key: ["symbol_id", "reason"],
    columns: { symbol_id: "int", reason: "text", frames: "bigint", last_received_ms: "bigint" },
  },
  {
    name: "quality",
    key: ["symbol_id"],
    columns: {
      ...{ symbol_id: "int", received: "bigint", stored: "bigint", duplicate: "bigint" },
      ...{ late: "bigint", quarantined: "bigint", reconnects: "bigint" },
      ...{ last_trade_time_ms: "bigint", clock_skew_ms: "float8" },
    },
  },
  {
    name: "alert_rules",
    key: ["rule_id"],
    columns: { rule_id: "text", rule: "text", state: "text" },
  },
  {
    name: "alerts",
    key: ["alert_id"],
    columns: {
      ...{ alert_id: "bigint", rule_id: "text", side: "text", time_ms: "bigint" },
      ...{ value: "float8", threshold: "float8", caveat: "text", sentence: "text" },
    },
  },
  {
    name: "alert_deliveries",
    key: ["alert_id", "channel"],
    columns: {
      ...{ alert_id: "bigint", channel: "text", state: "text", attempts: "int" },
      ...{ tried_at_ms: "bigint", problem: "text" },
    },
  },
  { name: "bookmarks", key: ["name"], columns: { name: "text", place: "bigint" } },
];

/** Numbers that the server gives itself go on after those that were moved. */
const COUNTERS: readonly (readonly [table: string, column: string])[] = [
  ["quarantine", "quarantine_id"],
  ["alerts", "alert_id"],
];

/**
 * The steps that move all small tables as they are.
 *
 * @param idOf The id that a symbol has on the server, by the id it has in the file.
 */
export function moveSmallTables(db: DatabaseSync, idOf: (symbolId: number) => number): Step[] {
  return [
    ...SMALL.flatMap((table) => {
      const rows = rowsIn(db, table, idOf);
      return rows.length === 0 ? [] : [insertRows(table, rows)];
    }),
    ...COUNTERS.map(([table, column]) => ({
      sql: `SELECT setval(pg_get_serial_sequence('${table}', '${column}'),
        (SELECT max(${column}) FROM ${table})) WHERE EXISTS (SELECT FROM ${table})`,
    })),
  ];
}

/** The name of a small table of which not every row is there just so, or `null`. */
export function differingTable(
  db: DatabaseSync,
  link: Link,
  idOf: (symbolId: number) => number,
): string | null {
  const isOdd = (table: MovedTable) => {
    const rows = rowsIn(db, table, idOf);
    const [all] = link.rows(`SELECT count(*) AS n FROM ${table.name}`);
    return Number(all!.n) !== rows.length || countEqual(table, rows, link) !== rows.length;
  };
  return SMALL.find(isOdd)?.name ?? null;
}

function rowsIn(db: DatabaseSync, table: MovedTable, idOf: (symbolId: number) => number): Cells[] {
  const select = `SELECT ${Object.keys(table.columns).join(", ")} FROM ${table.name}`;
  return renumbered(table, readRows(db, select), idOf);
}

/** Rows with the ids that their symbols have on the server; 0 and NULL stand for no symbol. */
export function renumbered(
  { columns }: MovedTable,
  rows: readonly Cells[],
  idOf: (symbolId: number) => number,
): Cells[] {
  const at = Object.keys(columns).indexOf("symbol_id");
  return at < 0
    ? [...rows]
    : rows.map((row) => row[at] ? row.with(at, idOf(Number(row[at]))) : row);
}

/** Reads rows as arrays of cells. */
export function readRows(db: DatabaseSync, sql: string, ...args: number[]): Cells[] {
  return withArrays(db.prepare(sql)).all(...args) as unknown as Cells[];
}
