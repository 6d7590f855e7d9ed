import { setTimeout as wait } from "node:timers/promises";
import { deliverAlerts } from "../alerts/mod.ts";
import { isLeased, openReader, StoreError, type StoreReader } from "../store/mod.ts";
import { readChannels } from "./alerts/alert_file.ts";
import { controlClient } from "./control_client.ts";
import type { Program } from "./program.ts";
import { storeFolder } from "./store_access.ts";

/** What a courier is started with; secrets are in the file and the environment only. */
export interface CourierStart {
  readonly database: string;
  /** The file with the channels. */
  readonly file: string;
  readonly hosts: readonly string[];
  readonly variables: readonly string[];
  /** The log file of a detached courier, or `null`. */
  readonly logFile: string | null;
}

/** How often it looks whether the ingest is still there, ms. */
const LOOK_MS = 1_000;
/** An ingest that is restarted within this time finds its courier waiting, ms. */
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
  async run({ database, file }, { signal, report }) {
    using reader = await openWhenReady(database, signal);
    if (reader === null) return;
    const gone = new AbortController();
    let lastSeenMs = Date.now();
    const look = setInterval(() => {
      const nowMs = Date.now();
      if (isLeased(database)) lastSeenMs = nowMs;
      else if (nowMs - lastSeenMs > WAIT_MS) gone.abort();
    }, LOOK_MS);
    await deliverAlerts({
      pending: () => reader.alerts.pending(),
      tell: async (outcomes) => await (await controlClient(database)).tellAlerts(outcomes),
      channels: readChannels(file),
      isSimulated: () => reader.heartbeat()?.simulated ?? false,
      signal: AbortSignal.any([signal, gone.signal]),
      onProblem: (message) => report.warn(message),
    });
    clearInterval(look);
  },
};

/** Opens the database once its ingest has made it ready; `null` if that does not come. */
async function openWhenReady(database: string, signal: AbortSignal): Promise<StoreReader | null> {
  const fromMs = Date.now();
  while (!signal.aborted && Date.now() - fromMs < WAIT_MS) {
    try {
      if (isLeased(database)) return openReader(database);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
    await wait(LOOK_MS / 4);
  }
  return null;
}
