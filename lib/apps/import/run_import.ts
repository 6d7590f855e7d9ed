import { FileError } from "../../files/mod.ts";
import { openHistory } from "../history/open_history.ts";
import type { ImportOptions } from "../import.ts";
import { type Context, ProgramError } from "../program.ts";
import { StoreError } from "../../store/mod.ts";
import { type Imported, importInput } from "./import_input.ts";
import { factsOf, sumOf } from "./imported_text.ts";
import { openInputs } from "./open_inputs.ts";
import { RefusedRows } from "./refused_rows.ts";

/** Progress is told at most this often, ms. */
const PROGRESS_MS = 200;

/** Imports files one after the other; one that cannot be read does not keep the others from it. */
export async function runImport(options: ImportOptions, context: Context): Promise<void> {
  const { report } = context;
  await using history = await openHistory({ database: options.database, simulated: false });
  if (history.isRemote) report.info(`The ingest that writes ${options.database} stores the rows`);
  using refused = new RefusedRows(options.refusedFile, (message) => report.warn(message));
  const imported: Imported[] = [];
  const problems: string[] = [];
  for (const path of options.files) {
    try {
      const tell = await progressOf(path, context);
      for await (const input of openInputs(path, tell)) {
        const one = await importInput(
          input,
          options,
          history,
          (row) => refused.add(input.name, row),
          context.signal,
        );
        imported.push(one);
        if (!options.json) { for (const line of factsOf(one)) report.info(line); }
        if (!options.json) report.print(sumOf(one));
        if (one.report !== null && one.report.rows > 0 && one.report.refused === one.report.rows) {
          problems.push(`${one.name}: no row of it could be taken`);
        }
      }
    } catch (error) {
      const message = sentenceOf(error, path);
      if (message === null) throw error;
      problems.push(message);
      // The last sentence tells it when there is only one.
      if (options.files.length > 1) report.warn(message);
    }
  }
  if (options.json) {
    report.print(JSON.stringify({ files: imported, refused: refused.kept, problems }));
  }
  if (problems.length > 0) {
    throw new ProgramError(
      `Could not import everything: ${problems[0]}` +
        (problems.length > 1 ? `, and ${problems.length - 1} problems more` : ""),
    );
  }
}

/** Tells how much of a file was read. */
async function progressOf(path: string, { report }: Context): Promise<(bytes: number) => void> {
  const { size } = await Deno.stat(path);
  let read = 0;
  let toldMs = -Infinity;
  return (bytes) => {
    read += bytes;
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    const share = Math.min(100, Math.floor(100 * read / Math.max(1, size)));
    report.progress(`Importing ${path}: ${share} %`);
  };
}

function sentenceOf(error: unknown, path: string): string | null {
  if (error instanceof Deno.errors.NotFound) return `${path}: there is no such file`;
  if (error instanceof Deno.errors.PermissionDenied) return `${path}: it may not be read`;
  if (error instanceof FileError || error instanceof RangeError || error instanceof ProgramError) {
    return `${path}: ${error.message}`;
  }
  // Of the database nothing can be said file by file; a damaged Parquet file is one file's matter.
  return error instanceof StoreError && error.message.includes(path) ? error.message : null;
}
