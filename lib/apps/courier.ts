import { setTimeout as wait } from "node:timers/promises";
import { deliverAlerts } from "../alerts/mod.ts";
import { isLeased, openReader, type StoreReader } from "../store/mod.ts";
import { readChannels } from "./alerts/alert_file.ts";
import { controlCall, readAddress } from "./control/control_call.ts";
import type { ControlAddress } from "./control/control_server.ts";
import { controlClient } from "./control_client.ts";
import { controlFile } from "./ingest/control.ts";
import type { Program } from "./program.ts";
import { storeFolder } from "./store_access.ts";

/** What a courier is started with; secrets are in the file and the environment only. */
export interface CourierStart {
  readonly database: string;
  /** The ingest it was started with: with another one there comes another courier. */
  readonly ingestPid: number;
  /** The file with the channels. */
  readonly file: string;
  readonly hosts: readonly string[];
  readonly variables: readonly string[];
  /** The log file of a detached courier, or `null`. */
  readonly logFile: string | null;
}

/** How often it looks whether the ingest is still there, ms. */
const LOOK_MS = 1_000;
/** So long it waits for an ingest that has not begun yet, or does not answer, ms. */
const WAIT_MS = 30_000;

/**
 * Tells alerts over their channels while an ingest runs. A process of its own, so that ingest
 * reaches only its exchange; started by the launcher with `ingest --alerts`, never by a person.
 */
export const courier: Program<CourierStart> = {
  name: "courier",
  describe() {},
  read() {
    throw new Error("The courier is started by ingest");
  },
  permissions: ({ database, file, hosts, variables, logFile }) => ({
    net: [...new Set([...hosts, "127.0.0.1"])],
    read: [storeFolder(database), file],
    ...(logFile === null ? {} : { write: [logFile] }),
    ...(variables.length === 0 ? {} : { env: variables }),
  }),
  detach: ({ logFile, database }) => logFile === null ? null : { logFile, database },
  async run({ database, ingestPid, file }, { signal, report }) {
    const over = new AbortController();
    const end = AbortSignal.any([signal, over.signal]);
    let isThere = false;
    let reader: StoreReader | null = null;
    const open = () => reader ??= openReader(database);
    const following = follow(database, ingestPid, end, (there) => isThere = there)
      .finally(() => over.abort());
    try {
      await deliverAlerts({
        // What cannot be stored as told is not told: another courier would tell it again.
        pending: () => isThere ? open().alerts.pending() : [],
        tell: async (outcomes) => await (await controlClient(database)).tellAlerts(outcomes),
        channels: readChannels(file),
        isSimulated: () => open().heartbeat()?.simulated ?? false,
        signal: end,
        onProblem: (message) => report.warn(message),
      });
      await following;
    } finally {
      (reader as StoreReader | null)?.[Symbol.dispose]();
    }
  },
};

/**
 * Says again and again whether an ingest is there to be told; returns when it has ended, or another
 * one is in its place, which has a courier of its own.
 */
async function follow(
  database: string,
  ingestPid: number,
  signal: AbortSignal,
  say: (isThere: boolean) => void,
): Promise<void> {
  let seenMs = Date.now();
  let wasThere = false;
  while (!signal.aborted) {
    const address = await readAddress(controlFile(database));
    const isAnswered = address !== null && await answers(address);
    if (isAnswered && address.pid !== ingestPid) return;
    // An ingest that ends in order takes its address with it.
    if (wasThere && address === null) return;
    say(isAnswered);
    wasThere ||= isAnswered;
    if (isAnswered || isLeased(database)) seenMs = Date.now();
    else if (Date.now() - seenMs > WAIT_MS) return;
    await wait(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Whether an ingest answers where one said that it can be reached. */
async function answers(address: ControlAddress): Promise<boolean> {
  try {
    const named = { name: "the ingest", logs: "its log" };
    await controlCall(address, named, "POST", "/alerts/told", { body: "[]" });
    return true;
  } catch {
    return false;
  }
}
