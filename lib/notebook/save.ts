import { basename, resolve } from "node:path";
import type { PairBacktest } from "../backtest/mod.ts";
import {
  encodeTable,
  readingsTable,
  type SavedTable,
  saveTable,
  screenTable,
  type Table,
  tableFormat,
  tripTable,
} from "../tables/mod.ts";
import type { PairView } from "./pair.ts";
import { progress } from "./progress.ts";
import type { ScreenView } from "./screen.ts";

/** What can be saved: a table of `tandem/tables`, or what a notebook looks at. */
export type Savable = Table | PairView | ScreenView | PairBacktest;

/**
 * Saves a table as a file that DuckDB, pandas and spreadsheets read, and shows below the cell how
 * many rows are written; memory does not grow with them. Of a pair its readings are saved, of a
 * screen its ranking, of a backtest its round trips. Trades, bars, all readings of a pair and equity
 * are tables of `tandem/tables`: `nb.save("trades.parquet", tradeTable(nb.attach(), { symbols }))`.
 *
 * @example Two bars
 * ```ts
 * import { attach, importFiles, save } from "tandem/notebook";
 * import { barTable } from "tandem/tables";
 * import { strictEqual } from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * const [db, file] = [`${folder}/tandem.db`, `${folder}/ADAUSDT.csv`];
 * Deno.writeTextFileSync(file, `time,open,high,low,close,volume
 * 2026-01-05 00:00,1,2,1,2,10
 * 2026-01-05 00:01,2,3,2,3,10
 * `);
 * await importFiles([file], { db });
 * const bars = barTable(attach({ db }), { symbols: ["ADAUSDT"], intervalMs: 60_000 });
 * strictEqual((await save(`${folder}/bars.parquet`, bars)).rows, 2);
 * ```
 *
 * @param path The file: `.csv`, `.csv.gz` or `.parquet`; a relative one from the folder the notebook
 *   lies in. It appears when it is whole.
 * @param what What to save.
 * @returns Rows and bytes of the file.
 * @throws {RangeError} If the name tells no format, or the table cannot be made.
 * @throws {DOMException} An `AbortError` when the stop button is pressed.
 */
export async function save(path: string, what: Savable): Promise<SavedTable> {
  const format = tableFormat(path);
  if (format === null) {
    throw new RangeError(
      `Cannot save to "${path}": its name must end in .csv, .csv.gz or .parquet`,
    );
  }
  let before = 0;
  const parts = progress(encodeTable(tableOf(what), format), {
    label: basename(path),
    countOf({ rows }) {
      const more = rows - before;
      before = rows;
      return more;
    },
  });
  return await saveTable(parts, resolve(path));
}

function tableOf(what: Savable): Table {
  if ("fields" in what) return what;
  if ("report" in what) return screenTable(what.report({ limit: Infinity }));
  if ("trades" in what) {
    return tripTable(what, what.readings.map(({ openTimeMs }) => openTimeMs));
  }
  return readingsTable(what.readings());
}
