import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { controlClient, isIngestRunning } from "./control_client.ts";
import { databaseOption, databasePath } from "./options.ts";
import { type Program, ProgramError } from "./program.ts";

/** How long an ingest may take to drain, in ms. */
const DRAIN_MS = 10_000;

/** `deno task stop`: ends the ingest of a database. */
export const stop: Program<{ readonly database: string }> = {
  name: "stop",
  describe(command) {
    command
      .description("End the ingest of a database; what it received is stored first.")
      .addOption(databaseOption())
      .addHelpText("after", "\nExample:\n  deno task stop");
  },
  read: (command, place) => ({ database: databasePath(command.opts().db, place) }),
  permissions: ({ database }) => ({ net: ["127.0.0.1"], read: [dirname(database)] }),
  async run({ database }, { report }) {
    const client = await controlClient(database);
    await client.stop();
    const deadline = performance.now() + DRAIN_MS;
    while (isIngestRunning(database)) {
      if (performance.now() > deadline) {
        throw new ProgramError(
          `Cannot see the end of process ${client.pid} after ${
            DRAIN_MS / 1_000
          } s: look at "deno task logs", then end the process by hand`,
        );
      }
      await wait(50);
    }
    report.print(`Stopped process ${client.pid}`);
  },
};
