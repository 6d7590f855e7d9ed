import { arrayText } from "../arrays.ts";
import type { Link } from "../link.ts";
import type { Step, Value } from "../wire.ts";

/** A table that both kinds of database have. */
export interface MovedTable {
  readonly name: string;
  /** What names a row of it. */
  readonly key: readonly string[];
  /** Its columns by name, with their types on a server. */
  readonly columns: Readonly<Record<string, "int" | "bigint" | "float8" | "text">>;
}

/** A row: its cells in the order of the columns. */
export type Cells = readonly (string | number | null)[];

/** Inserts rows as they are, their own numbers included; where one is there already it is replaced. */
export function insertRows(table: MovedTable, rows: readonly Cells[]): Step {
  const { name, key, columns } = table;
  const names = Object.keys(columns);
  const replace = names.filter((column) => !key.includes(column))
    .map((column) => `${column} = excluded.${column}`);
  return {
    sql: `INSERT INTO ${name} (${names.join(", ")}) OVERRIDING SYSTEM VALUE
      SELECT * FROM ${rowsOf(table)} ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${
      replace.join(", ")
    }`,
    args: argsOf(table, rows),
  };
}

/** Counts those of some rows that are there, every cell of them equal. */
export function countEqual(table: MovedTable, rows: readonly Cells[], link: Link): number {
  const { name, key, columns } = table;
  const equal = Object.keys(columns).map((column) =>
    key.includes(column)
      ? `t.${column} = g.${column}`
      : `t.${column} IS NOT DISTINCT FROM g.${column}`
  );
  const [row] = link.rows(
    `SELECT count(*) AS n FROM ${rowsOf(table)} JOIN ${name} t ON ${equal.join(" AND ")}`,
    ...argsOf(table, rows),
  );
  return Number(row!.n);
}

/** Rows that are given as columns. */
function rowsOf({ columns }: MovedTable): string {
  const types = Object.values(columns).map((type, k) => `$${k + 1}::${type}[]`);
  return `unnest(${types.join(", ")}) AS g (${Object.keys(columns).join(", ")})`;
}

function argsOf({ columns }: MovedTable, rows: readonly Cells[]): Value[] {
  return Object.keys(columns).map((_, k) => arrayText(rows.map((row) => row[k])));
}
