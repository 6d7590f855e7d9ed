/** A row of a file that was not taken. */
export interface RefusedLine {
  /** The file, and within a zip the file in it. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** Why. */
  readonly reason: string;
  /** The line as it stands there. */
  readonly text: string;
}

/** What became of one table of a file that was sent. */
export interface ImportedTable {
  /** The file, and within a zip the file in it. */
  readonly name: string;
  /** `bars`, `trades` or `ticks`; `null` for an empty file. */
  readonly format: string | null;
  /** Rows below the header. */
  readonly rows: number;
  /** Rows that were not stored before. */
  readonly stored: number;
  /** Rows that were not taken. */
  readonly refused: number;
  /** Length of bars, ms; `null` for trades. */
  readonly intervalMs: number | null;
  /** Which column was taken for what, by field; empty for lines of JSON. */
  readonly columns: Readonly<Record<string, string>>;
  /** All of it in sentences, as `deno task import` says it. */
  readonly sentences: readonly string[];
}

/** What `POST /api/files` answers; plain JSON. */
export interface ImportAnswer {
  /** The tables of the file. */
  readonly tables: readonly ImportedTable[];
  /** The first rows that were not taken, at most 1,000. */
  readonly refused: readonly RefusedLine[];
  /** Why a table or the file could not be taken. */
  readonly problems: readonly string[];
  /** Whether the ingest that writes the database has stored it. */
  readonly byIngest: boolean;
}
