import { isTimeId } from "../../market/mod.ts";
import { ProgramError } from "../program.ts";

/**
 * Refuses symbols whose stored trades have ids of ours: live ones, which count from elsewhere, would
 * all seem to be known.
 *
 * @throws {ProgramError} If there is such a symbol.
 */
export function refuseMadeIds(
  symbols: readonly string[],
  lastIds: ReadonlyMap<string, number>,
): void {
  const made = symbols.find((symbol) => isTimeId(lastIds.get(symbol) ?? 0));
  if (made === undefined) return;
  throw new ProgramError(
    `Cannot ingest ${made} as the database holds imported ticks of it, without the venue's ids: choose another file with --db`,
  );
}
