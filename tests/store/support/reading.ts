/**
 * A program that only reads: `reading.ts DATABASE SYMBOL` reads everything again and again until a
 * file DATABASE.stop is there. It ends with code 1, and says why, when a read fails or sees a state
 * that never was: trades are numbered 1, 2, 3 … and never become fewer.
 */
import { openReader } from "../../../lib/store/mod.ts";

const [database = "", symbol = ""] = Deno.args;
let reads = 0;
let seen = 0;

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

try {
  while (!isThere(`${database}.stop`)) {
    // Opening is when SQLite may have to recover a log: also under load.
    using reader = openReader(database);
    for (let k = 0; k < 5; k++) {
      const { tradeId } = reader.tradeColumns({ symbol });
      if (tradeId.length < seen) throw new Error(`${tradeId.length} trades after ${seen}`);
      seen = tradeId.length;
      const odd = tradeId.findIndex((id, at) => id !== at + 1);
      if (odd >= 0) throw new Error(`Trade ${tradeId[odd]} at place ${odd + 1}`);
      reader.bars({ symbol, intervalMs: 60_000, limit: 100 });
      reader.quality();
      reader.version();
      reader.barChanges({ symbol, intervalMs: 1_000, cursor: reader.cursor() });
      reads++;
    }
  }
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ reads, seen })));
} catch (error) {
  Deno.stderr.writeSync(new TextEncoder().encode(`After ${reads} reads: ${error}`));
  Deno.exit(1);
}
