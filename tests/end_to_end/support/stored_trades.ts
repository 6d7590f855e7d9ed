import { openReader } from "../../../lib/store/mod.ts";

/** How many trades a database holds; 0 before it is there. */
export function storedTrades(database: string): number {
  try {
    using reader = openReader(database);
    return reader.quality().reduce((sum, q) => sum + q.stored, 0);
  } catch {
    return 0;
  }
}
