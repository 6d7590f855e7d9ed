import { databaseInUse } from "./database.ts";
import { runProgram } from "./programs.ts";

/** What became of verifying one symbol. */
export interface Verified {
  /** The symbol. */
  readonly symbol: string;
  /** Trades read. */
  readonly trades: number;
  /** Bars compared. */
  readonly bars: number;
  /** Ids between the first and the last that are not stored. */
  readonly missingIds: number;
  /** How many of those lie in a recorded gap or in quarantine. */
  readonly explainedIds: number;
  /** Bars that do not follow from the trades. */
  readonly differenceCount: number;
}

/**
 * Derives every bar of the database in use anew from its trades and compares, and checks the ids
 * against the recorded gaps, as `deno task verify` does.
 *
 * @example A database without trades
 * ```ts
 * import { attach, verify } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * openWriter(db, { identity })[Symbol.dispose]();
 * attach({ db });
 * deepStrictEqual(await verify(), []);
 * ```
 *
 * @returns One record per symbol.
 * @throws {Error} If something is wrong; the message says with which symbols.
 */
export async function verify(): Promise<Verified[]> {
  return JSON.parse(await runProgram("verify", "--json", "--db", databaseInUse()));
}
