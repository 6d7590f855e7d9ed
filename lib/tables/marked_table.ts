import type { StoreReader } from "../store/mod.ts";
import type { Table } from "./table.ts";

/**
 * Returns a table with a last column `simulated`, which is true in every row, where a database holds
 * simulated prices, else the table as it is: whoever finds the file later cannot take it for real.
 *
 * @example An empty table of a simulated market
 * ```ts
 * import { markedAs, screenTable } from "tandem/tables";
 * import { Screener } from "tandem/universe";
 * import { openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * using reader = openReader(path);
 * const table = screenTable(new Screener({ intervalMs: 60_000, windowBars: 60 }).screen());
 * strictEqual(markedAs(reader, table).fields.at(-1)!.name, "simulated");
 * ```
 *
 * @param reader The database that the rows were made from.
 * @param table What is to be written.
 * @returns The table to write.
 */
export function markedAs(reader: StoreReader, table: Table): Table {
  if (reader.heartbeat()?.simulated !== true) return table;
  return {
    fields: [...table.fields, { name: "simulated", type: "boolean" }],
    *rows() {
      for (const page of table.rows()) {
        const simulated = new Array<boolean>(page.length).fill(true);
        yield { ...page, columns: { ...page.columns, simulated } };
      }
    },
  };
}
