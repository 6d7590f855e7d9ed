import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SecondRow, SecondTable } from "./second_tables.ts";

/** Stores rows of seconds; of a second that has one already nothing changes. */
export class SecondInsert<Row extends SecondRow> {
  readonly #table: SecondTable<Row>;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync, table: SecondTable<Row>) {
    this.#table = table;
    const { name, columns } = table;
    this.#insert = db.prepare(
      `INSERT INTO ${name} (symbol_id, time_ms, ${columns.map((column) => column.name).join(", ")})
       VALUES (?,?${",?".repeat(columns.length)}) ON CONFLICT DO NOTHING`,
    );
  }

  /** Stores rows. */
  run(rows: readonly Row[], idOf: (symbol: string) => number): void {
    const { columns } = this.#table;
    for (const row of rows) {
      this.#insert.run(idOf(row.symbol), row.timeMs, ...columns.map((column) => column.of(row)));
    }
  }
}
