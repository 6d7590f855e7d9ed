import type { AlertRuleText, DeliveryOutcome } from "../alerts/mod.ts";
import { isLeased } from "../store/mod.ts";
import { type ControlAddress, controlFile, type IngestStatus } from "./ingest/control.ts";
import type { BarBatch, BarsReceipt, TradeBatch, TradesReceipt } from "./history/history.ts";
import { NotYetError } from "./history/not_yet_error.ts";
import { encodeTrades } from "./history/wire.ts";
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
  /** Has it store trades of the past. */
  putTrades(batch: TradeBatch): Promise<TradesReceipt>;
  /** Has it store bars that come without trades. */
  putBars(batch: BarBatch): Promise<BarsReceipt>;
}

/** What takes longer than this has failed, ms. */
const ANSWER_MS = 10_000;
/** A batch may wait for the disk. */
const STORED_MS = 60_000;

/** Returns whether an ingest writes the database now, without waiting for it. */
export function isIngestRunning(database: string): boolean {
  return isLeased(database);
}

/**
 * Finds the ingest that writes a database.
 *
 * @throws {ProgramError} If there is none; so do its methods if it does not answer, or refuses.
 */
export async function controlClient(database: string): Promise<ControlClient> {
  if (!isLeased(database)) {
    throw new ProgramError(
      `Cannot reach an ingest as none is writing "${database}": start one with "deno task ingest --detach BTCUSDT ETHUSDT"`,
    );
  }
  const address = await readAddress(database);
  if (address === null) {
    throw new ProgramError(
      `Cannot reach an ingest as what writes "${database}" now is none, or has just begun: try again in a moment`,
    );
  }
  const ask = async (
    method: string,
    path: string,
    body?: string,
    timeoutMs = ANSWER_MS,
  ): Promise<unknown> => {
    let response: Response;
    let answer;
    try {
      response = await fetch(`${address.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${address.token}` },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      answer = await response.json();
    } catch (cause) {
      throw new ProgramError(
        `Cannot reach the ingest that writes "${database}" (process ${address.pid}) as it ${
          isTimeout(cause) ? `has not answered for ${timeoutMs / 1_000} s` : "does not answer"
        }: try again, or look at "deno task logs"`,
        { cause },
      );
    }
    if (response.status === 503) throw new NotYetError(answer.error?.message);
    if (!response.ok) throw new ProgramError(answer.error?.message ?? `HTTP ${response.status}`);
    return answer;
  };
  return {
    pid: address.pid,
    status: async () => await ask("GET", "/status") as IngestStatus,
    changeAlerts: async (put, remove) => {
      const answer = await ask("POST", "/alerts/rules", JSON.stringify({ put, remove }));
      return (answer as { removed: readonly string[] }).removed;
    },
    tellAlerts: async (outcomes) =>
      void await ask("POST", "/alerts/told", JSON.stringify(outcomes)),
    change: async (add, remove) =>
      await ask("POST", "/symbols", JSON.stringify({ add, remove })) as IngestStatus,
    stop: async () => void await ask("POST", "/stop"),
    putTrades: async (batch) =>
      await ask("POST", "/trades", encodeTrades(batch), STORED_MS) as TradesReceipt,
    putBars: async (batch) =>
      await ask("POST", "/bars", JSON.stringify(batch), STORED_MS) as BarsReceipt,
  };
}

async function readAddress(database: string): Promise<ControlAddress | null> {
  try {
    return JSON.parse(await Deno.readTextFile(controlFile(database)));
  } catch {
    return null;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}
