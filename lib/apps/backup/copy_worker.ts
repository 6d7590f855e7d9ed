/**
 * Copies a database in a thread of its own.
 *
 * @module
 */
import { backupDatabase, restoreDatabase } from "../../store/mod.ts";
import type { CopyTask, FromWorker } from "./copy_in_worker.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<CopyTask>) => void;
  postMessage(message: FromWorker): void;
};

scope.onmessage = async ({ data: { kind, from, to, keepAs } }) => {
  const onProgress = (share: number) => scope.postMessage({ kind: "progress", share });
  try {
    const result = kind === "backup"
      ? await backupDatabase(from, to, onProgress)
      : await restoreDatabase(from, to, { keepAs, onProgress });
    scope.postMessage({ kind: "done", result });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ kind: "failed", message });
  }
};
