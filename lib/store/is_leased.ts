/**
 * Returns whether some process holds the lease of a database now.
 *
 * @example No database, no lease
 * ```ts
 * import { isLeased } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(isLeased("no/such/tandem.db"), false);
 * ```
 *
 * @param path The database file.
 * @returns `true` while a process writes it.
 */
export function isLeased(path: string): boolean {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${path}.lock`, { read: true });
  } catch {
    return false;
  }
  try {
    return !file.tryLockSync(false);
  } finally {
    file.close();
  }
}
