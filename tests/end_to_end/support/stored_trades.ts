import { isPostgres, openReader, type StoreReader } from "../../../lib/store/mod.ts";

/** Of servers: to open a connection takes longer than to ask, and nothing else runs meanwhile. */
const readers = new Map<string, StoreReader>();

/** How many trades a database holds; 0 before it is there, or while its server cannot be reached. */
export function storedTrades(database: string): number {
  try {
    if (isPostgres(database)) {
      return countOf(readers.getOrInsertComputed(database, openReader));
    }
    using reader = openReader(database);
    return countOf(reader);
  } catch {
    return 0;
  }
}

/** Closes what was opened to count the trades of a database. */
export function forgetStored(database: string): void {
  readers.get(database)?.[Symbol.dispose]();
  readers.delete(database);
}

function countOf(reader: StoreReader): number {
  return reader.quality().reduce((sum, q) => sum + q.stored, 0);
}
