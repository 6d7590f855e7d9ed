import { storeFolder } from "./store_access.ts";
import { setTimeout as wait } from "node:timers/promises";
import { feedClient, isFeedRunning } from "./control/feed_client.ts";
import { controlClient, isIngestRunning } from "./control_client.ts";
import { databaseOption } from "./options.ts";
import { type Program, ProgramError } from "./program.ts";
import { addFeedName, readTarget, type Target } from "./target.ts";

/** How long a program may take to drain, in ms. */
const DRAIN_MS = 10_000;

/** `deno task stop`: ends the ingest of a database, or a store, or a feed. */
export const stop: Program<Target> = {
  name: "stop",
  describe(command) {
    command
      .description(
        "End the ingest or store of a database, or a feed; what it has is put away first.",
      )
      .addOption(databaseOption())
      .addHelpText("after", "\nExamples:\n  deno task stop\n  deno task stop --feed first");
    addFeedName(command);
  },
  read: readTarget,
  permissions: ({ database, feed }) => ({
    net: ["127.0.0.1"],
    read: [storeFolder(feed?.controlFile ?? database)],
  }),
  async run({ database, feed }, { report }) {
    const client = feed === null
      ? await controlClient(database)
      : await feedClient(feed.controlFile, feed.name);
    const isRunning = () =>
      feed === null ? isIngestRunning(database) : isFeedRunning(feed.controlFile);
    await client.stop();
    const deadline = performance.now() + DRAIN_MS;
    while (await isRunning()) {
      if (performance.now() > deadline) {
        throw new ProgramError(
          `Cannot see the end of process ${client.pid} after ${DRAIN_MS / 1_000} s: look at ${
            feed === null ? '"deno task logs"' : "what it printed"
          }, then end the process by hand`,
        );
      }
      await wait(50);
    }
    report.print(`Stopped process ${client.pid}`);
  },
};
