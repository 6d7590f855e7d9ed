import type { AlertRuleText, DeliveryOutcome } from "../alerts/mod.ts";
import { isLeased, isPostgres } from "../store/mod.ts";
import { controlCall, readAddress } from "./control/control_call.ts";
import type { IngestStatus, WriterStatus } from "./control/status.ts";
import { storeClients } from "./control/store_client.ts";
import { controlFile } from "./ingest/control.ts";
import type { BarBatch, BarsReceipt, TradeBatch, TradesReceipt } from "./history/history.ts";
import { encodeTrades } from "./history/wire.ts";
import { ProgramError } from "./program.ts";

/** Asks the program that writes a database: an ingest, or a store, which takes less. */
export interface ControlClient {
  readonly pid: number;
  status(): Promise<WriterStatus>;
  /** The same of an ingest. @throws {ProgramError} Also if it is a store. */
  ingestStatus(): Promise<IngestStatus>;
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

/** A batch may wait for the disk, ms. */
const STORED_MS = 60_000;

/**
 * Returns whether an ingest writes the database now. A server that does not answer cannot tell: then
 * the one that last wrote it from this machine is asked.
 */
export async function isIngestRunning(database: string): Promise<boolean> {
  if (isLeased(database)) return true;
  const address = isPostgres(database) ? await readAddress(controlFile(database)) : null;
  if (address === null) return false;
  try {
    await controlCall(address, { name: "it", logs: "" }, "GET", "/status");
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds the ingest that writes a database.
 *
 * @throws {ProgramError} If there is none; so do its methods if it does not answer, or refuses.
 */
export async function controlClient(database: string): Promise<ControlClient> {
  if (!await isIngestRunning(database)) {
    throw new ProgramError(
      `Cannot reach an ingest as none is writing "${database}": start one with "deno task ingest --detach BTCUSDT ETHUSDT"`,
    );
  }
  const store = (await storeClients(database)).find(({ said }) => said.standingBy === null);
  const address = store?.address ?? await readAddress(controlFile(database));
  if (address === null) {
    throw new ProgramError(
      `Cannot reach what writes "${database}" now as it is not on this machine, or has just begun: ask there, or try again in a moment`,
    );
  }
  const named = { name: `the ingest that writes "${database}"`, logs: `"deno task logs"` };
  const ask = (path: string, body: unknown, timeoutMs?: number) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const options = timeoutMs === undefined ? { body: text } : { body: text, timeoutMs };
    return controlCall(address, named, "POST", path, options);
  };
  const status = async () => await controlCall(address, named, "GET", "/status") as WriterStatus;
  return {
    pid: address.pid,
    status,
    ingestStatus: async () => {
      const said = await status();
      if (said.role === "ingest") return said;
      throw new ProgramError(
        `Cannot ask what writes "${database}" for symbols as it is a store: feeds choose them, see "deno task status --feed NAME"`,
      );
    },
    changeAlerts: async (put, remove) => {
      const answer = await ask("/alerts/rules", { put, remove });
      return (answer as { removed: readonly string[] }).removed;
    },
    tellAlerts: async (outcomes) => void await ask("/alerts/told", outcomes),
    change: async (add, remove) => await ask("/symbols", { add, remove }) as IngestStatus,
    stop: async () => void await ask("/stop", {}),
    putTrades: async (batch) =>
      await ask("/trades", encodeTrades(batch), STORED_MS) as TradesReceipt,
    putBars: async (batch) => await ask("/bars", batch, STORED_MS) as BarsReceipt,
  };
}
