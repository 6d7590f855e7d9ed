import { type AlertRuleText, alertRuleText, readAlertRule } from "../alerts/mod.ts";
import type { StoredAlert } from "../store/mod.ts";
import { databaseInUse, readerOf } from "./database.ts";
import { runProgram } from "./programs.ts";

/** A rule of the database in use and what it sees. */
export interface AlertRuleView {
  /** The rule, as it can be put again. */
  readonly rule: AlertRuleText;
  /** The last number that counted, or `null`. */
  readonly value: number | null;
  /** Why nothing is decided now, or `null`. */
  readonly undecided: string | null;
}

/**
 * Adds an alert rule to the running ingest of the database in use, or replaces the one of its name.
 *
 * In a notebook: `await nb.putAlert({ id: "eth", watch: "z-score", y: "ETHUSDT", x: "BTCUSDT",
 * above: 2, below: -2, hysteresis: 0.5 })`.
 *
 * @example What makes no sense
 * ```ts
 * import { putAlert } from "tandem/notebook";
 * import { rejects } from "node:assert/strict";
 *
 * await rejects(
 *   putAlert({ id: "up", watch: "price", symbol: "BTCUSDT" }),
 *   /"up": "above" or "below" must be given/,
 * );
 * ```
 *
 * @param rule The rule; what is left out has the default of `readAlertRule()`.
 * @returns A promise that is fulfilled when the ingest has taken it.
 * @throws {Error} If it makes no sense, or no ingest runs.
 */
export async function putAlert(rule: AlertRuleText): Promise<void> {
  const rules = [alertRuleText(readAlertRule(rule))];
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify({ rules }));
    await runProgram("alerts", "put", file, "--last", "0", "--db", databaseInUse());
  } finally {
    await Deno.remove(file);
  }
}

/**
 * Removes an alert rule from the running ingest of the database in use. What it has fired stays in
 * the history.
 *
 * @example Without an ingest
 * ```ts
 * import { removeAlert } from "tandem/notebook";
 * import { rejects } from "node:assert/strict";
 *
 * Deno.env.set("TANDEM_DB", `${Deno.makeTempDirSync()}/tandem.db`);
 * await rejects(removeAlert("eth"), /none is writing/);
 * Deno.env.delete("TANDEM_DB");
 * ```
 *
 * @param id Its name; one that is not there is ignored.
 * @returns A promise that is fulfilled when it is gone.
 * @throws {Error} If no ingest runs.
 */
export async function removeAlert(id: string): Promise<void> {
  await runProgram("alerts", "remove", id, "--last", "0", "--db", databaseInUse());
}

/**
 * Returns the alert rules of the database in use, with what each sees now.
 *
 * @example A database without any
 * ```ts
 * import { alertRules, attach } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * openWriter(db, { identity })[Symbol.dispose]();
 * using _reader = attach({ db });
 * deepStrictEqual(alertRules(), []);
 * ```
 *
 * @returns The rules in alphabetical order.
 */
export function alertRules(): AlertRuleView[] {
  return readerOf(databaseInUse()).alerts.rules().map(({ rule, state }) => {
    const { value = null, gate = null } = state === null ? {} : JSON.parse(state);
    return { rule: JSON.parse(rule), value, undecided: gate };
  });
}

/**
 * Returns what has fired in the database in use, newest first.
 *
 * @example A database in which nothing has
 * ```ts
 * import { alerts, attach } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * openWriter(db, { identity })[Symbol.dispose]();
 * using _reader = attach({ db });
 * deepStrictEqual(alerts(), []);
 * ```
 *
 * @param limit At most so many.
 * @returns The alerts, each with what became of telling it.
 */
export function alerts(limit = 100): StoredAlert[] {
  return readerOf(databaseInUse()).alerts.history({ limit });
}
