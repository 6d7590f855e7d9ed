import { type FileKeeper, HubError, type ImportAnswer, type SentFile } from "../../live/mod.ts";
import { besideDatabase, StoreError } from "../../store/mod.ts";
import { openHistory } from "../history/open_history.ts";
import { importFile } from "../import/import_file.ts";
import { factsOf, sumOf } from "../import/imported_text.ts";
import type { Imported } from "../import/import_input.ts";
import { RefusedRows } from "../import/refused_rows.ts";
import { ProgramError } from "../program.ts";
import { storeFolder } from "../store_access.ts";

/** A file that is being sent lies beside the database, under a name that ends like this. */
const UNFINISHED = ".upload";
/** What a process that was killed left there is removed after this long, ms. */
const LEFT_MS = 86_400_000;

/**
 * Keeps files that are sent to the live view as `deno task import` keeps files: by the ingest that
 * writes the database, or by writing it for that long. One at a time; a file that does not come
 * whole leaves nothing.
 *
 * @param mostBytes A longer file is refused.
 * @param signal Ends what is under way.
 */
export function keepFiles(database: string, mostBytes: number, signal: AbortSignal): FileKeeper {
  let isBusy = false;
  return {
    mostBytes,
    async keep(file) {
      if (isBusy) {
        throw new HubError(
          409,
          "busy",
          `Cannot take ${file.name} as another file is being stored: try again when it is done`,
        );
      }
      isBusy = true;
      const path = `${besideDatabase(database)}.${crypto.randomUUID()}${UNFINISHED}`;
      try {
        await Deno.mkdir(storeFolder(database), { recursive: true });
        await removeLeft(database);
        await receive(file, path);
        return await store(database, file, path, signal);
      } catch (cause) {
        if (cause instanceof ProgramError || cause instanceof StoreError) {
          throw new HubError(503, "not_stored", cause.message, { cause });
        }
        throw cause;
      } finally {
        await Deno.remove(path).catch(() => {});
        isBusy = false;
      }
    },
  };
}

async function removeLeft(database: string): Promise<void> {
  const folder = storeFolder(database);
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(UNFINISHED)) continue;
    const { mtime } = await Deno.stat(`${folder}/${name}`);
    if (Date.now() - (mtime?.getTime() ?? 0) > LEFT_MS) await Deno.remove(`${folder}/${name}`);
  }
}

async function receive({ bytes }: SentFile, path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for await (const part of bytes) {
    for (let at = 0; at < part.length;) at += await file.write(part.subarray(at));
  }
}

async function store(
  database: string,
  { name, symbol, intervalMs, zone }: SentFile,
  path: string,
  signal: AbortSignal,
): Promise<ImportAnswer> {
  await using history = await openHistory({ database, simulated: null, isShared: true });
  using refused = new RefusedRows(null, () => {});
  const tables: Imported[] = [];
  const hints = { symbol, intervalMs, zone, streamKind: null, format: null };
  const problems = await importFile({ path, name }, hints, history, {
    onRead() {},
    refuse: (file, row) => refused.add(file, row),
    onTable: (table) => tables.push(table),
  }, signal);
  return {
    tables: tables.map(told),
    refused: refused.kept,
    problems: problems.map((problem) =>
      problem.replaceAll(path, name).replace(/name it$/, 'name it in the field "Symbol"')
    ),
    byIngest: history.isRemote,
  };
}

function told(table: Imported): ImportAnswer["tables"][number] {
  const { name, format, report, receipt } = table;
  return {
    ...{ name, format, rows: report?.rows ?? 0, refused: report?.refused ?? 0 },
    stored: receipt.stored,
    intervalMs: report !== null && "intervalMs" in report ? report.intervalMs : null,
    columns: report?.table?.columns ?? {},
    sentences: [...factsOf(table), sumOf(table)],
  };
}
