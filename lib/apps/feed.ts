import { addBusOptions, busHosts, type BusSelection, readBusOptions } from "./bus_options.ts";
import { feedControlFile } from "./control/feed_client.ts";
import { addFeedOptions, feedHosts, type FeedSelection, readFeedOptions } from "./feed_options.ts";
import {
  addHealthOptions,
  healthHosts,
  type HealthSelection,
  readHealthOptions,
} from "./health/health_options.ts";
import { dataFolder, option, plainName } from "./options.ts";
import type { Program } from "./program.ts";
import { proxyOption } from "./proxy.ts";
import { refusedWithOption, refuseWith } from "./with_option.ts";

/** What `deno task feed` was asked to do. */
export interface FeedRoleOptions extends FeedSelection, BusSelection, HealthSelection {
  /** Its name in the log: that of no other feed at work. */
  readonly name: string;
  /** The file that tells where it can be reached. */
  readonly controlFile: string;
}

/** `deno task feed`: live trades into a log that other processes read. */
export const feed: Program<FeedRoleOptions> = {
  name: "feed",
  describe(command) {
    command.description(
      "Stream live trades into a log on a NATS server, from which deno task store takes them.",
    );
    addHealthOptions(addBusOptions(addFeedOptions(command)))
      .addOption(
        option("--name <name>", "its name in the log, that of no other feed at work")
          .argParser(plainName).default("feed"),
      )
      .addOption(proxyOption())
      .addOption(refusedWithOption())
      .addHelpText(
        "after",
        `
Examples:
  deno task feed BTCUSDT ETHUSDT --bus nats://127.0.0.1:4222
  deno task feed BTCUSDT ETHUSDT --name standby     # beside the first: either may fail

Ctrl-C puts what was heard into the log and stops. See docs/several_processes.md.`,
      );
  },
  read(command, place) {
    const { name } = command.opts();
    refuseWith(command, "feed a log");
    const bus = readBusOptions(command);
    return {
      ...readFeedOptions("follow", command),
      ...bus,
      ...readHealthOptions(command),
      name,
      controlFile: feedControlFile(dataFolder(place), bus.log, name),
    };
  },
  permissions(options, place) {
    const folder = dataFolder(place);
    return {
      // Port 0: the control endpoint may listen on a free port of this machine and nothing more.
      net: [
        ...[...feedHosts(options), ...busHosts(options), ...healthHosts(options)],
        "127.0.0.1:0",
      ],
      read: [folder],
      write: [folder],
    };
  },
  async run(options, context) {
    const { runFeed } = await import("./log/run_feed.ts");
    await runFeed(options, context);
  },
};
