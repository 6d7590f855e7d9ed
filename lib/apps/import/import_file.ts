import { FileError, type RefusedRow } from "../../files/mod.ts";
import { StoreError } from "../../store/mod.ts";
import type { History } from "../history/history.ts";
import { ProgramError } from "../program.ts";
import { type Imported, importInput, type TableHints } from "./import_input.ts";
import { openInputs } from "./open_inputs.ts";

/** Told how an import goes. */
export interface ImportEvents {
  /** So many bytes of the file were read since the last call. */
  readonly onRead: (bytes: number) => void;
  /** A row was not taken. */
  readonly refuse: (file: string, row: RefusedRow) => void;
  /** A table was imported. */
  readonly onTable: (table: Imported) => void;
}

/**
 * Imports the tables of a file.
 *
 * @param file Where it lies and what it is called.
 * @returns Why something of it could not be taken, in sentences that begin with its name; none where
 *   all went well.
 */
export async function importFile(
  file: { readonly path: string; readonly name: string },
  hints: TableHints,
  history: History,
  { onRead, refuse, onTable }: ImportEvents,
  signal: AbortSignal,
): Promise<string[]> {
  const problems: string[] = [];
  try {
    for await (const input of openInputs(file.path, file.name, onRead)) {
      const refused = (row: RefusedRow) => refuse(input.name, row);
      const one = await importInput(input, hints, history, refused, signal);
      onTable(one);
      if (one.report !== null && one.report.rows > 0 && one.report.refused === one.report.rows) {
        problems.push(`${one.name}: no row of it could be taken`);
      }
    }
  } catch (error) {
    const message = sentenceOf(error, file.path);
    if (message === null) throw error;
    problems.push(message);
  }
  return problems;
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
