import type { Link } from "./link.ts";
import type { Step } from "./wire.ts";

/** At most so many rows are deleted in one transaction. */
const BATCH_ROWS = 20_000;

/** A table whose rows leave by age: a row of each key every so often, in the order of time. */
export interface AgingTable {
  readonly name: string;
  /** What its primary key begins with, before the time. */
  readonly key: readonly string[];
  readonly time: string;
  /** How far two rows of a key are apart at least, ms. */
  stepMs(key: readonly number[]): number;
}

/** Bars. */
export const AGING_BARS: AgingTable = {
  ...{ name: "bars", key: ["symbol_id", "interval_ms"], time: "open_time_ms" },
  stepMs: ([, intervalMs]) => intervalMs!,
};

/** What is recorded beside the trades: a row a second. */
export const AGING_SECONDS: readonly AgingTable[] = ["marks", "quotes"].map((name) => ({
  ...{ name, key: ["symbol_id"], time: "time_ms" },
  stepMs: () => 1_000,
}));

/** The oldest row of one key. */
interface Oldest {
  readonly key: readonly number[];
  readonly timeMs: number;
}

/** Reads the oldest row of each key: a seek per key, however many rows there are. */
function oldestRows(link: Link, { name, key, time }: AgingTable): Oldest[] {
  const columns = key.join(", ");
  const first = (where: string) =>
    `(SELECT ${columns}, ${time} FROM ${name} ${where} ORDER BY ${columns}, ${time} LIMIT 1)`;
  const last = key.map((column) => `k.${column}`).join(", ");
  return link.rows(
    `WITH RECURSIVE k AS (
       ${first("")}
       UNION ALL
       SELECT n.* FROM k CROSS JOIN LATERAL ${first(`WHERE (${columns}) > (${last})`)} n
     ) SELECT * FROM k`,
  ).map((row) => ({ key: key.map((column) => Number(row[column])), timeMs: Number(row[time]) }));
}

/** Steps that delete all rows of a table before a time, a part of one key each, by its primary key. */
export function* stepsToExpire(
  table: AgingTable,
  floorMs: number,
  read: <T>(work: (link: Link) => T) => T,
): Generator<Step, void, undefined> {
  const { name, key, time } = table;
  const where = key.map((column, k) => `${column} = $${k + 2}`).join(" AND ");
  const sql = `DELETE FROM ${name} WHERE ${time} < $1 AND ${where}`;
  for (;;) {
    const old = read((link) => oldestRows(link, table)).filter(({ timeMs }) => timeMs < floorMs);
    if (old.length === 0) return;
    for (const { key, timeMs } of old) {
      const endMs = Math.min(floorMs, timeMs + BATCH_ROWS * table.stepMs(key));
      yield { sql, args: [endMs, ...key] };
    }
  }
}
