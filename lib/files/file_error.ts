/**
 * A file that cannot be read as what it was taken for. The message is a sentence for a person.
 *
 * @example A table without prices
 * ```ts
 * import { FileError, parseBars } from "tandem/files";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => parseBars("time,volume\n1721347020,3\n", { symbol: "BTCUSDT" }), FileError);
 * ```
 */
export class FileError extends Error {
  /** `FileError`. */
  override readonly name = "FileError";
}

/** A row that was not taken. */
export interface RefusedRow {
  /** Its line in the file (row, where the format has no lines), from 1. */
  readonly line: number;
  /** Why it was not taken, as the end of a sentence. */
  readonly reason: string;
  /** The row as it stands in the file, cut to 200 characters. */
  readonly text: string;
}

const SHOWN_CHARACTERS = 200;

/** Returns the record of a row that is not taken. */
export function refusedRow(line: number, reason: string, text: string): RefusedRow {
  return { line, reason, text: text.slice(0, SHOWN_CHARACTERS) };
}
