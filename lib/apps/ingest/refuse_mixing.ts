import { isTimeId, STORED_INTERVALS_MS } from "../../market/mod.ts";
import { openReader, StoreError, type StoreReader } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";

/**
 * Refuses to put simulated trades beside real ones, or the other way: both count their ids for
 * themselves, and the ones would seem to be known or missing because of the others.
 *
 * @throws {ProgramError} If the database holds trades of the other kind, or simulated bars.
 */
export function refuseMixing(database: string, simulated: boolean): void {
  using reader = openExisting(database);
  if (reader === null) return;
  const held = reader.heartbeat()?.simulated;
  if (held === simulated) return;
  const hasBars = STORED_INTERVALS_MS.some((length) => reader.closeRange(length) !== null);
  if (held === true && hasBars) throw mixingError(database, simulated);
  // Imported ticks with ids of our own are of no exchange: others refuse them by name.
  const hasTrades = reader.symbols().some(({ symbol }) =>
    reader.trades({ symbol, limit: 1 }).some(({ tradeId }) => !isTimeId(tradeId))
  );
  if (!hasTrades) return;
  throw mixingError(database, simulated);
}

/** Says that a database holds the other kind. @param simulated Whether simulated ones are offered. */
export function mixingError(database: string, simulated: boolean): ProgramError {
  const [offered, held] = simulated ? ["simulated", "real"] : ["real", "simulated"];
  return new ProgramError(
    `Cannot store ${offered} trades in "${database}" as it holds ${held} ones: name another file with --db`,
  );
}

/** `null` where there is none yet, or where only a writer can bring it up to date. */
function openExisting(database: string): StoreReader | null {
  try {
    return openReader(database);
  } catch (error) {
    if (error instanceof StoreError && ["missing", "outdated"].includes(error.code)) return null;
    throw error;
  }
}
