import { resolve } from "node:path";
import { type AlertFile, readAlertFile } from "./alerts/alert_file.ts";
import { courier } from "./courier.ts";
import { addFeedOptions, feedHosts, type FeedSelection, readFeedOptions } from "./feed_options.ts";
import {
  addHealthOptions,
  healthHosts,
  type HealthSelection,
  readHealthOptions,
} from "./health/health_options.ts";
import { databaseOption, databasePath, durationMs, option } from "./options.ts";
import type { Program } from "./program.ts";
import { proxyOption } from "./proxy.ts";
import { readRetention, type RetentionOptions, retentionOptions } from "./retention_options.ts";
import { storeFolder } from "./store_access.ts";
import { readWith, type Recorded, withOption } from "./with_option.ts";
import { besideDatabase } from "../store/mod.ts";

/** What `deno task ingest` was asked to do. */
export interface IngestOptions extends FeedSelection, HealthSelection {
  readonly database: string;
  /** How often the exchange's list of symbols is asked for, ms. */
  readonly refreshMs: number;
  readonly warmMs: number;
  readonly durationMs: number | null;
  readonly synchronous: "NORMAL" | "FULL";
  /** The folder frames are recorded in, or `null`. */
  readonly recordFolder: string | null;
  /** What is recorded beside the trades. */
  readonly recorded: readonly Recorded[];
  /** Alert rules to put, and where word of alerts goes; `null` for the rules of the database only. */
  readonly alerts: AlertFile | null;
  /** The log file of a detached ingest, or `null`. */
  readonly logFile: string | null;
  /** What leaves the database, and when. */
  readonly retention: RetentionOptions;
}

/** `deno task ingest`: live trades into a database. */
export const ingest: Program<IngestOptions> = {
  name: "ingest",
  describe(command) {
    command.description(
      "Stream live trades of Binance, Bybit and OKX futures, and through ccxt of other venues, " +
        "into a database of trades and bars.",
    );
    addHealthOptions(addFeedOptions(command))
      .addOption(databaseOption())
      .addOption(proxyOption())
      .addOption(
        option("--refresh <time>", "how often to look for new (--all) and ended symbols")
          .argParser(durationMs).default(3_600_000, "1h"),
      )
      .addOption(
        option("--warm <time>", "history to fetch for a new symbol, aggTrade only; 0 for none")
          .argParser((text) => text === "0" ? 0 : durationMs(text)).default(600_000, "10m"),
      )
      .addOption(
        option("--record <folder>", "also keep every frame as it came, in gzipped files"),
      )
      .addOption(
        option("--alerts <file>", "alert rules to put, and where word of alerts is sent"),
      )
      .addOption(withOption())
      .addOption(option("--duration <time>", "stop after this time").argParser(durationMs))
      .addOption(option("--durable", "also survive a loss of power (slower commits)"))
      .addOption(option("--detach", "go on in the background; see status, logs and stop"))
      .addHelpText(
        "after",
        `
Examples:
  deno task ingest BTCUSDT ETHUSDT
  deno task ingest BTCUSDT okx:BTC-USDT-SWAP bybit:BTCUSDT
  deno task ingest BTCUSDT kraken:BTC/USD:USD        ("deno task ccxt kraken" runs beside it)
  deno task ingest --all --redundant --detach
  deno task ingest BTCUSDT --db data/btc.db --duration 10m
  deno task ingest BTCUSDT --record data/frames
  deno task ingest BTCUSDT ETHUSDT --with book,mark
  deno task ingest --all --archive-after 1d --retention 90d --max-size 50GB
  deno task ingest BTCUSDT ETHUSDT --alerts alerts.json

Ctrl-C stores what was received and stops. Each option can also be given as an environment
variable, for example TANDEM_DB; what is given on the command line wins.`,
      );
    for (const each of retentionOptions()) command.addOption(each);
  },
  read(command, place) {
    const o = command.opts();
    const database = databasePath(o.db, place);
    const selection = readFeedOptions("ingest", command);
    return {
      ...selection,
      ...readHealthOptions(command),
      database,
      refreshMs: o.refresh,
      warmMs: o.warm,
      durationMs: o.duration ?? null,
      synchronous: o.durable === true ? "FULL" : "NORMAL",
      recorded: readWith(command, selection),
      recordFolder: o.record === undefined ? null : resolve(place.working, o.record),
      alerts: o.alerts === undefined ? null : readAlertFile(resolve(place.working, o.alerts)),
      logFile: o.detach === true ? `${besideDatabase(database)}.log` : null,
      retention: readRetention(o),
    };
  },
  // The heap is collected before it grows; most objects still die young, which costs nothing.
  engineFlags: ["--optimize-for-size", "--max-semi-space-size=8"],
  permissions({ database, recordFolder, ...options }, place) {
    const folder = storeFolder(database);
    return {
      // Port 0: the control endpoint may listen on a free port of this machine and nothing more.
      net: [...feedHosts(options), ...healthHosts(options), "127.0.0.1:0"],
      // The threads that write the database and build Parquet files load their code from lib.
      read: [folder, `${place.project}/lib`],
      write: recordFolder === null ? [folder] : [folder, recordFolder],
      sys: ["hostname"],
    };
  },
  detach({ logFile, database }) {
    return logFile === null ? null : { logFile, database };
  },
  companion({ alerts, database, logFile }, ingestPid) {
    if (alerts === null || alerts.hosts.length === 0) return null;
    const { path: file, hosts, variables } = alerts;
    return { program: courier, options: { database, ingestPid, file, hosts, variables, logFile } };
  },
  async run(options, context) {
    const { runIngest } = await import("./ingest/run_ingest.ts");
    await runIngest(options, context);
  },
};
