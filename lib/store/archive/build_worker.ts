/**
 * Builds the files of closed days in a thread of its own: compressing a day of a busy symbol takes
 * seconds, in which trades have to be received and stored.
 *
 * @module
 */
import { openForReading } from "../database.ts";
import { StoreError, type StoreErrorCode } from "../store_error.ts";
import { buildDay, type BuiltDay, type DayKey } from "./build_day.ts";

/** What the worker is asked. */
export interface BuildRequest {
  readonly database: string;
  readonly store: string;
  readonly day: DayKey;
}

/** What it answers. */
export type BuildAnswer =
  | { readonly kind: "built"; readonly day: BuiltDay | null }
  | { readonly kind: "failed"; readonly code: StoreErrorCode | null; readonly message: string };

interface WorkerScope {
  onmessage: ((event: MessageEvent<BuildRequest>) => void) | null;
  postMessage(answer: BuildAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { database, store, day } }) => {
  try {
    const db = openForReading(database);
    try {
      scope.postMessage({ kind: "built", day: buildDay(db, database, store, day) });
    } finally {
      db.close();
    }
  } catch (error) {
    scope.postMessage({
      kind: "failed",
      code: error instanceof StoreError ? error.code : null,
      message: error instanceof Error ? error.message : String(error),
    });
  }
};
