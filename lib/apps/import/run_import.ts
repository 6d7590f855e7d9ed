import { basename } from "node:path";
import { firstOf } from "../counted.ts";
import { openHistory } from "../history/open_history.ts";
import type { ImportOptions } from "../import.ts";
import { type Context, ProgramError } from "../program.ts";
import { importFile } from "./import_file.ts";
import type { Imported } from "./import_input.ts";
import { factsOf, sumOf } from "./imported_text.ts";
import { RefusedRows } from "./refused_rows.ts";

/** Progress is told at most this often, ms. */
const PROGRESS_MS = 200;

/** Imports files one after the other; one that cannot be read does not keep the others from it. */
export async function runImport(options: ImportOptions, context: Context): Promise<void> {
  const { report } = context;
  await using history = await openHistory({ database: options.database, simulated: null });
  if (history.isRemote) report.info(`The ingest that writes ${options.database} stores the rows`);
  using refused = new RefusedRows(options.refusedFile, (message) => report.warn(message));
  const imported: Imported[] = [];
  const problems: string[] = [];
  for (const path of options.files) {
    const found = await importFile({ path, name: basename(path) }, options, history, {
      onRead: await progressOf(path, context),
      refuse: (file, row) => refused.add(file, row),
      onTable(one) {
        imported.push(one);
        if (options.json) return;
        for (const line of factsOf(one)) report.info(line);
        report.print(sumOf(one));
      },
    }, context.signal);
    for (const problem of found) {
      const message = problem.replace(/name it$/, "name it with --symbol");
      problems.push(message);
      // The last sentence tells it when there is only one.
      if (options.files.length > 1) report.warn(message);
    }
  }
  if (options.json) {
    report.print(JSON.stringify({ files: imported, refused: refused.kept, problems }));
  }
  if (problems.length > 0) {
    throw new ProgramError(`Could not import everything: ${firstOf(problems)}`);
  }
}

/** Tells how much of a file was read. */
async function progressOf(path: string, { report }: Context): Promise<(bytes: number) => void> {
  const { size } = await Deno.stat(path).catch(() => ({ size: 0 }));
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
