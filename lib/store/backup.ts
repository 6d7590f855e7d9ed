import { copyDatabase, type CopyResult } from "./copy_database.ts";
import { openForReading } from "./database.ts";

/**
 * Copies a database as it is at one moment, with the files of its closed days, while others read and
 * write it. The copy is checked, and appears under its name when it is whole.
 *
 * @example A copy that can be read
 * ```ts
 * import { backupDatabase, openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(`${folder}/tandem.db`, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * await backupDatabase(`${folder}/tandem.db`, `${folder}/copy.db`);
 * using copy = openReader(`${folder}/copy.db`);
 * strictEqual(copy.symbols().length, 1);
 * ```
 *
 * @param path The database file.
 * @param target The file to make; its folder must exist, it must not. Files of closed days are put
 *   into the folder `archive` beside it, where a database of that name looks for them.
 * @param onProgress Told which part of the database is copied, 0 to 1.
 * @returns How much was copied.
 * @throws {StoreError} If it cannot be copied; nothing is left under the name of the target then.
 */
export async function backupDatabase(
  path: string,
  target: string,
  onProgress: (share: number) => void = () => {},
): Promise<CopyResult> {
  const source = openForReading(path);
  try {
    return await copyDatabase(source, path, target, onProgress);
  } finally {
    source.close();
  }
}
