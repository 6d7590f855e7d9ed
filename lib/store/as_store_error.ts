import { StoreError, type StoreErrorCode } from "./store_error.ts";

/** SQLite tells its result code only in words here, so words are what is matched. */
const KINDS: readonly [RegExp, StoreErrorCode, (path: string) => string][] = [
  [
    /file is not a database/,
    "foreign",
    (path) =>
      `Cannot use "${path}" as it is not a SQLite database: choose another file with --db, or move this one away`,
  ],
  [
    /malformed|corrupt/,
    "corrupt",
    (path) =>
      `Cannot read "${path}" as the database is damaged: restore a backup, or choose another file with --db`,
  ],
  [
    /disk I\/O error/,
    "disk",
    (path) =>
      `Cannot use "${path}" as its disk reports an error: check that disk and its free space`,
  ],
  [
    /database is locked|database table is locked|database is busy/,
    "busy",
    (path) =>
      `Cannot write "${path}" as another program holds its lock: close that program, then try again`,
  ],
  [
    /database or disk is full|No space left on device/,
    "full",
    (path) => `Cannot write "${path}" as the disk is full: free some space, then try again`,
  ],
  [
    /readonly database|unable to open database file|attempt to write a readonly/,
    "unreachable",
    (path) =>
      `Cannot open "${path}" as the file or its folder cannot be read or written: check the path given with --db and its permissions`,
  ],
];

/** Returns what a failure of SQLite or the file system means for a person, keeping the cause. */
export function asStoreError(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const text = error instanceof Error ? error.message : String(error);
  for (const [pattern, code, message] of KINDS) {
    if (pattern.test(text)) return new StoreError(code, path, message(path), { cause: error });
  }
  return new StoreError("unreachable", path, `Cannot use "${path}": ${text}`, { cause: error });
}
