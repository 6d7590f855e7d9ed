import { addBusOptions, busHosts, type BusSelection, readBusOptions } from "./bus_options.ts";
import {
  addHealthOptions,
  healthHosts,
  type HealthSelection,
  readHealthOptions,
} from "./health/health_options.ts";
import { databaseOption, databasePath, option, plainName } from "./options.ts";
import type { Program } from "./program.ts";
import { storeFolder } from "./store_access.ts";
import { refusedWithOption, refuseWith } from "./with_option.ts";

/** What `deno task store` was asked to do. */
export interface StoreRoleOptions extends BusSelection, HealthSelection {
  /** Its name: that of no other store of the database on this machine. */
  readonly name: string;
  readonly database: string;
  readonly synchronous: "NORMAL" | "FULL";
}

/** `deno task store`: what feeds tell a log, into a database. */
export const store: Program<StoreRoleOptions> = {
  name: "store",
  describe(command) {
    command.description(
      "Store the trades that feeds tell a log on a NATS server, with their bars, in a database.",
    );
    addHealthOptions(addBusOptions(command))
      .addOption(databaseOption())
      .addOption(
        option("--name <name>", "its name, that of no other store of the database here")
          .argParser(plainName).default("store"),
      )
      .addOption(refusedWithOption())
      .addOption(option("--durable", "also survive a loss of power (slower commits)"))
      .addHelpText(
        "after",
        `
Examples:
  deno task store --bus nats://127.0.0.1:4222
  deno task store --bus nats://10.0.0.5:4222 --db data/tandem.db
  deno task store --name second     # stands by; with PostgreSQL it takes its share of the work

Ctrl-C stores what was received and stops; the log keeps the rest. See docs/several_processes.md.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    refuseWith(command, "store a log");
    return {
      ...readBusOptions(command),
      ...readHealthOptions(command),
      name: o.name,
      database: databasePath(o.db, place),
      synchronous: o.durable === true ? "FULL" : "NORMAL",
    };
  },
  engineFlags: ["--optimize-for-size", "--max-semi-space-size=8"],
  permissions(options, place) {
    const folder = storeFolder(options.database);
    // Port 0: the control endpoint may listen on a free port of this machine and nothing more.
    const net = [...busHosts(options), ...healthHosts(options), "127.0.0.1:0"];
    // The threads that write, and that build Parquet files, load their code when they start.
    const read = [folder, `${place.project}/lib`];
    return { net, read, write: [folder], sys: ["hostname"] };
  },
  async run(options, context) {
    const { runStore } = await import("./log/run_store.ts");
    await runStore(options, context);
  },
};
