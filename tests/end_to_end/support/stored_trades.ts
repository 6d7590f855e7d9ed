import { isLeased, isPostgres, openReader, type StoreReader } from "../../../lib/store/mod.ts";

/** Of servers: while a connection is opened, longer than one is asked, nothing else runs here. */
const readers = new Map<string, StoreReader>();

/** How many trades a database holds; 0 before it is there, or while its server cannot be reached. */
export function storedTrades(database: string): number {
  try {
    if (isPostgres(database)) {
      // Before the first store is at work there is nothing to open.
      if (!readers.has(database) && !isLeased(database)) return 0;
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
