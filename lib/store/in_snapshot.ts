import type { DatabaseSync } from "node:sqlite";

/** Runs reads that must all see the same state of a database. */
export function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return work();
  db.exec("BEGIN");
  try {
    return work();
  } finally {
    db.exec("COMMIT");
  }
}
