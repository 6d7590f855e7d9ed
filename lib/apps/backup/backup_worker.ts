/**
 * Copies a database in a thread of its own.
 *
 * @module
 */
import { backupDatabase } from "../../store/mod.ts";
import type { BackupOptions } from "../backup.ts";
import type { FromWorker } from "./run_backup.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<BackupOptions>) => void;
  postMessage(message: FromWorker): void;
};

scope.onmessage = async ({ data: { database, target } }) => {
  try {
    const onProgress = (share: number) => scope.postMessage({ kind: "progress", share });
    scope.postMessage({ kind: "done", result: await backupDatabase(database, target, onProgress) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ kind: "failed", message });
  }
};
