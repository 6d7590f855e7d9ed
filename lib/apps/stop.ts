import { storeFolder } from "./store_access.ts";
import { setTimeout as wait } from "node:timers/promises";
import { feedClient, isFeedRunning } from "./control/feed_client.ts";
import type { StoreClient } from "./control/store_client.ts";
import { controlClient, isIngestRunning } from "./control_client.ts";
import { databaseOption } from "./options.ts";
import { type Program, ProgramError } from "./program.ts";
import { addRoleNames, areAll, readTarget, storesOf, type Target } from "./target.ts";

/** How long a program may take to drain, in ms. */
const DRAIN_MS = 10_000;

/** `deno task stop`: ends the ingest of a database, or its stores, or a feed. */
export const stop: Program<Target> = {
  name: "stop",
  describe(command) {
    command
      .description(
        "End the ingest or stores of a database, or a feed; what it has is put away first.",
      )
      .addOption(databaseOption())
      .addHelpText("after", "\nExamples:\n  deno task stop\n  deno task stop --feed first");
    addRoleNames(command);
  },
  read: readTarget,
  permissions: ({ database, feed }) => ({
    net: ["127.0.0.1"],
    read: [storeFolder(feed?.controlFile ?? database)],
  }),
  async run(options, { report }) {
    for (const { pid, stop, isRunning, logs } of await meant(options)) {
      await stop();
      const deadline = performance.now() + DRAIN_MS;
      while (await isRunning()) {
        if (performance.now() > deadline) {
          throw new ProgramError(
            `Cannot see the end of process ${pid} after ${DRAIN_MS / 1_000} s: look at ${logs}, ` +
              "then end the process by hand",
          );
        }
        await wait(50);
      }
      report.print(`Stopped process ${pid}`);
    }
  },
};

interface Meant {
  readonly pid: number;
  readonly logs: string;
  stop(): Promise<void>;
  isRunning(): boolean | Promise<boolean>;
}

/** What is to end; those that stand by first, as they would begin otherwise. */
async function meant(options: Target): Promise<Meant[]> {
  const { database, feed } = options;
  const logs = "what it printed";
  if (feed !== null) {
    const client = await feedClient(feed.controlFile, feed.name);
    return [{ ...client, logs, isRunning: () => isFeedRunning(feed.controlFile) }];
  }
  const stores = (await storesOf(options)).toSorted((a, b) => standsBy(b) - standsBy(a));
  const ending = stores.map((store) => ({ ...store, pid: store.address.pid, logs }));
  if (areAll(options, stores) || ending.length > 0 && !await isIngestRunning(database)) {
    return ending;
  }
  const client = await controlClient(database);
  const isRunning = () => isIngestRunning(database);
  return [...ending, { ...client, logs: '"deno task logs"', isRunning }];
}

function standsBy({ said }: StoreClient): number {
  return said.standingBy === null ? 0 : 1;
}
