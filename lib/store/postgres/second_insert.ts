import type { SecondRow, SecondTable } from "../second_tables.ts";
import { arrayText } from "./arrays.ts";
import type { Step } from "./wire.ts";

/** Stores rows of seconds; of a second that has one already nothing changes. */
export function insertSeconds<Row extends SecondRow>(
  { name, columns }: SecondTable<Row>,
  rows: readonly Row[],
  idOf: (symbol: string) => number,
): Step[] {
  if (rows.length === 0) return [];
  const types = ["int", "bigint", ...columns.map(({ type }) => type)];
  return [{
    sql: `INSERT INTO ${name} (symbol_id, time_ms, ${columns.map((c) => c.name).join(", ")})
      SELECT * FROM unnest(${types.map((type, k) => `$${k + 1}::${type}[]`).join(", ")})
      ON CONFLICT DO NOTHING`,
    args: [
      arrayText(rows.map(({ symbol }) => idOf(symbol))),
      arrayText(rows.map(({ timeMs }) => timeMs)),
      ...columns.map((column) => arrayText(rows.map((row) => column.of(row)))),
    ],
  }];
}
