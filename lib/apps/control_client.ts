import type { AlertRuleText, DeliveryOutcome } from "../alerts/mod.ts";
import { isLeased } from "../store/mod.ts";
import { type ControlAddress, controlFile, type IngestStatus } from "./ingest/control.ts";
import { ProgramError } from "./program.ts";

/** Asks the ingest that writes a database. */
export interface ControlClient {
  readonly pid: number;
  status(): Promise<IngestStatus>;
  change(add: readonly string[], remove: readonly string[]): Promise<IngestStatus>;
  stop(): Promise<void>;
  /** Puts rules as people write them and removes others; gives the names of those that were there. */
  changeAlerts(
    put: readonly AlertRuleText[],
    remove: readonly string[],
  ): Promise<readonly string[]>;
  /** Says what became of sending alerts. */
  tellAlerts(outcomes: readonly DeliveryOutcome[]): Promise<void>;
}

/** Returns whether an ingest writes the database now, without waiting for it. */
export function isIngestRunning(database: string): boolean {
  return isLeased(database);
}

/**
 * Finds the ingest that writes a database.
 *
 * @throws {ProgramError} If there is none.
 */
export async function controlClient(database: string): Promise<ControlClient> {
  const address = isLeased(database) ? await readAddress(database) : null;
  if (address === null) {
    throw new ProgramError(
      `Cannot reach an ingest as none is writing "${database}": start one with "deno task ingest --detach BTCUSDT ETHUSDT"`,
    );
  }
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${address.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${address.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = await response.json();
    if (!response.ok) throw new ProgramError(answer.error?.message ?? `HTTP ${response.status}`);
    return answer;
  };
  return {
    pid: address.pid,
    status: async () => await ask("GET", "/status") as IngestStatus,
    change: async (add, remove) => await ask("POST", "/symbols", { add, remove }) as IngestStatus,
    changeAlerts: async (put, remove) => {
      const answer = await ask("POST", "/alerts/rules", { put, remove });
      return (answer as { removed: readonly string[] }).removed;
    },
    tellAlerts: async (outcomes) => void await ask("POST", "/alerts/told", outcomes),
    stop: async () => void await ask("POST", "/stop"),
  };
}

async function readAddress(database: string): Promise<ControlAddress | null> {
  try {
    return JSON.parse(await Deno.readTextFile(controlFile(database)));
  } catch {
    return null;
  }
}
