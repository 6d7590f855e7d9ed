import { resolve } from "node:path";
import { formatInterval } from "../market/mod.ts";
import { databasePath, use } from "./database.ts";
import { runProgram } from "./programs.ts";

/** How to read files, where they do not say it themselves. */
export interface ImportOptions {
  /** The database. @default {`TANDEM_DB`, else `data/imported.db` of the project} */
  readonly db?: string;
  /** The symbol of all rows. @default {a column, else the beginning of the file's name} */
  readonly symbol?: string;
  /** How long the bars are. @default {the step between rows} */
  readonly interval?: string;
  /** The zone of times that name none, such as `Europe/Berlin`. @default {"UTC"} */
  readonly zone?: string;
}

/** What became of one file. */
export interface ImportedFile {
  /** Its name. */
  readonly file: string;
  /** What it holds: `bars`, `trades` or `ticks`. */
  readonly format: string;
  /** Its rows. */
  readonly rows: number;
  /** Rows of it that were not stored before. */
  readonly stored: number;
  /** Rows that could not be taken. */
  readonly refused: number;
  /** How long its bars are, or `null`. */
  readonly interval: string | null;
  /** Which of its columns was taken for what. */
  readonly columns: string;
}

/** A row that was not taken. */
export interface RefusedFileRow {
  /** The file. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** Why. */
  readonly reason: string;
  /** The line as it stands there. */
  readonly text: string;
}

/** What became of an import. */
export interface Imported {
  /** One record per file. */
  readonly files: readonly ImportedFile[];
  /** Every row that was not taken. */
  readonly refused: readonly RefusedFileRow[];
}

/** The answer of `import --json`, as far as it is used here. */
interface Answer {
  readonly files: readonly {
    readonly name: string;
    readonly format: string;
    readonly report: {
      readonly rows: number;
      readonly refused: number;
      readonly intervalMs?: number | null;
      readonly table?: { readonly columns: Readonly<Record<string, string>> };
    };
    readonly receipt: { readonly stored: number };
  }[];
  readonly refused: readonly RefusedFileRow[];
}

/**
 * Puts files of bars, trades or ticks into a database, as `deno task import` does, and makes it the
 * one that later cells mean. What the columns, times and numbers look like is found out of the
 * files; every row that cannot be taken is told. Importing twice is the same as once.
 *
 * @example Two bars
 * ```ts
 * import { candles, importFiles } from "tandem/notebook";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * const file = `${folder}/ADAUSDT.csv`;
 * Deno.writeTextFileSync(file, `time,open,high,low,close,volume
 * 2026-01-05 00:00,1,2,1,2,10
 * 2026-01-05 00:01,2,3,2,3,10
 * `);
 * const { files, refused } = await importFiles([file], { db: `${folder}/tandem.db` });
 * deepStrictEqual([files[0]!.stored, refused], [2, []]);
 * deepStrictEqual(candles("ADAUSDT").bars().map((bar) => bar.close), [2, 3]);
 * ```
 *
 * @param paths The files; relative ones from the folder the notebook lies in.
 * @param options What the files do not say, and the database.
 * @returns What became of each file and which rows were refused.
 * @throws {Error} If a file cannot be read; the message says why.
 */
export async function importFiles(
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<Imported> {
  const database = databasePath(options.db, "imported.db");
  const { symbol, interval, zone } = options;
  const flags = Object.entries({ symbol, interval, zone, db: database })
    .flatMap(([name, value]) => value === undefined ? [] : [`--${name}`, value]);
  const files = paths.map((path) => resolve(path));
  const answer: Answer = JSON.parse(await runProgram("import", "--json", ...flags, ...files));
  use(database);
  return {
    refused: answer.refused,
    files: answer.files.map(({ name, format, report, receipt }) => ({
      file: name,
      format,
      rows: report.rows,
      stored: receipt.stored,
      refused: report.refused,
      interval: report.intervalMs ? formatInterval(report.intervalMs) : null,
      columns: Object.entries(report.table?.columns ?? {})
        .map(([of, column]) => `${of}: ${column}`).join(", "),
    })),
  };
}
