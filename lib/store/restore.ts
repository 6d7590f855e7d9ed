import { asStoreError } from "./as_store_error.ts";
import { copyDatabase, type CopyResult, exists } from "./copy_database.ts";
import { openOfAnyVersion } from "./database.ts";
import { Lease } from "./lease.ts";
import { StoreError } from "./store_error.ts";

/** How a database is restored. */
export interface RestoreOptions {
  /**
   * What is appended to the name of a database that is there already, which is kept under it;
   * `null` to refuse then.
   *
   * @default {null}
   */
  readonly keepAs?: string | null;
  /** Told which part of the backup is copied, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Puts a backup in the place of a database, with the files of its closed days, while nobody writes
 * there. The backup stays as it is, and may be of an earlier version. Nothing is lost: a database
 * that is there already is kept under another name, once the backup is copied and checked.
 *
 * A log (`-wal`) left beside a file that was replaced by hand would be taken for the new file's: it
 * is moved aside with its database.
 *
 * @example What was there is kept
 * ```ts
 * import { backupDatabase, openReader, openWriter, restoreDatabase } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * {
 *   using writer = openWriter(path, { identity });
 *   await backupDatabase(path, `${path}.backup`);
 *   writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * }
 * await restoreDatabase(`${path}.backup`, path, { keepAs: ".old" });
 * using restored = openReader(path);
 * using kept = openReader(`${path}.old`);
 * deepStrictEqual([restored.symbols().length, kept.symbols().length], [0, 1]);
 * ```
 *
 * @param backup The backup, or any database.
 * @param path Where to: the database file; its folder must exist.
 * @param options How.
 * @returns How much was copied.
 * @throws {StoreError} If it cannot be restored, or somebody writes there; all is as it was then.
 */
export async function restoreDatabase(
  backup: string,
  path: string,
  { keepAs = null, onProgress = () => {} }: RestoreOptions = {},
): Promise<CopyResult> {
  if (!exists(backup)) {
    throw new StoreError(
      "missing",
      backup,
      `Cannot restore "${backup}" as there is no such file: name one that "deno task backup" made`,
    );
  }
  const source = openOfAnyVersion(backup);
  const part = `${path}.restored`;
  try {
    using _lease = new Lease(path, `restore of ${backup}`);
    const names = namesInTheWay(path, keepAs);
    if (exists(part)) Deno.removeSync(part);
    const copied = await copyDatabase(source, backup, part, onProgress);
    for (const [from, to] of names) Deno.renameSync(from, to);
    Deno.renameSync(part, path);
    return copied;
  } catch (error) {
    throw asStoreError(path, error);
  } finally {
    source.close();
  }
}

/** What a database and its log are called, and what they are to be called from now on. */
function namesInTheWay(path: string, keepAs: string | null): (readonly [string, string])[] {
  const names = ["", "-wal", "-shm"]
    .map((ending) => [`${path}${ending}`, `${path}${keepAs}${ending}`] as const)
    .filter(([from]) => exists(from));
  if (names.length === 0) return [];
  if (keepAs === null) {
    throw new StoreError(
      "unreachable",
      path,
      `Cannot restore to "${path}" as there is "${
        names[0]![0]
      }": --replace keeps it under another name, --db restores elsewhere`,
    );
  }
  const taken = names.find(([, to]) => exists(to));
  if (taken !== undefined) {
    throw new StoreError(
      "unreachable",
      path,
      `Cannot keep "${taken[0]}" as "${
        taken[1]
      }" as there is such a file already: move that one away`,
    );
  }
  return names;
}
