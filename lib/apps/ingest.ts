import { dirname, resolve } from "node:path";
import { BINANCE_USDM, OKX_SWAP, type StreamKind, symbolName, venueOf } from "../market/mod.ts";
import { type AlertFile, readAlertFile } from "./alerts/alert_file.ts";
import { courier } from "./courier.ts";
import {
  baseUrl,
  databaseOption,
  databasePath,
  durationMs,
  hostOf,
  option,
  wholeNumber,
} from "./options.ts";

import { proxyOption } from "./proxy.ts";
import { type Program, UsageError } from "./program.ts";
import { readRetention, type RetentionOptions, retentionOptions } from "./retention_options.ts";
import { refuseOtherVenues } from "./other_venues.ts";

/** What `deno task ingest` was asked to do. */
export interface IngestOptions {
  /** The symbols named; may be empty with `all`. */
  readonly symbols: readonly string[];
  readonly all: boolean;
  readonly quote: string;
  readonly database: string;
  readonly streamKind: StreamKind;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly okxWsUrl: string;
  readonly okxRestUrl: string;
  /** How many symbols one socket carries. */
  readonly symbolsPerSocket: number;
  /** Whether every symbol comes over two sockets. */
  readonly redundant: boolean;
  /** About how old a socket becomes before another takes its place, ms. */
  readonly rotateMs: number;
  /** How often the exchange's list of symbols is asked for, ms. */
  readonly refreshMs: number;
  readonly warmMs: number;
  readonly durationMs: number | null;
  readonly synchronous: "NORMAL" | "FULL";
  /** The folder frames are recorded in, or `null`. */
  readonly recordFolder: string | null;
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
    command
      .description(
        "Stream live trades of Binance USD-M futures and OKX swaps into a database of trades and bars.",
      )
      .argument("[symbols...]", "symbols such as BTCUSDT, okx:BTC-USDT-SWAP")
      .addOption(databaseOption())
      .addOption(
        option("--stream <kind>", "aggTrade (repairable) or trade (single fills)")
          .choices(["aggTrade", "trade"]).default("aggTrade"),
      )
      .addOption(
        option("--ws-url <url>", "base URL of the sockets").argParser(baseUrl("ws", "wss"))
          .default("wss://fstream.binance.com"),
      )
      .addOption(
        option("--rest-url <url>", "base URL of REST").argParser(baseUrl("http", "https"))
          .default("https://fapi.binance.com"),
      )
      .addOption(
        option("--okx-ws-url <url>", "base URL of OKX's sockets").argParser(baseUrl("ws", "wss"))
          .default("wss://ws.okx.com:8443"),
      )
      .addOption(
        option("--okx-rest-url <url>", "base URL of OKX's REST").argParser(
          baseUrl("http", "https"),
        ).default("https://www.okx.com"),
      )
      .addOption(proxyOption())
      .addOption(option("--all", "every trading perpetual of the quote asset, also new ones"))
      .addOption(option("--quote <asset>", "quote asset for --all").default("USDT"))
      .addOption(
        option("--refresh <time>", "how often to look for new (--all) and ended symbols")
          .argParser(durationMs).default(3_600_000, "1h"),
      )
      .addOption(
        option("--streams-per-socket <n>", "symbols that one socket carries, at most 1000")
          .argParser(wholeNumber(1, 1_000)).default(200),
      )
      .addOption(option("--redundant", "two sockets for every symbol, so that one may fail"))
      .addOption(
        option("--rotate <time>", "age at which a socket is replaced; the exchange cuts at 24h")
          .argParser(durationMs).default(23 * 3_600_000, "23h"),
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
      .addOption(option("--duration <time>", "stop after this time").argParser(durationMs))
      .addOption(option("--durable", "also survive a loss of power (slower commits)"))
      .addOption(option("--detach", "go on in the background; see status, logs and stop"))
      .addHelpText(
        "after",
        `
Examples:
  deno task ingest BTCUSDT ETHUSDT
  deno task ingest BTCUSDT okx:BTC-USDT-SWAP
  deno task ingest --all --redundant --detach
  deno task ingest BTCUSDT --db data/btc.db --duration 10m
  deno task ingest BTCUSDT --record data/frames
  deno task ingest --all --archive-after 1d --retention 90d --max-size 50GB
  deno task ingest BTCUSDT ETHUSDT --alerts alerts.json

Ctrl-C stores what was received and stops. Each option can also be given as an environment
variable, for example TANDEM_DB; what is given on the command line wins.`,
      );
    for (const each of retentionOptions()) command.addOption(each);
  },
  read(command, place) {
    const o = command.opts();
    const symbols = [...new Set(command.args.map(symbolName))];
    if (symbols.length === 0 && o.all !== true) {
      throw new UsageError(
        `Cannot ingest as no symbol is named: give symbols such as "BTCUSDT ETHUSDT", or --all`,
      );
    }
    refuseOtherVenues("ingest", symbols, [OKX_SWAP]);
    const odd = symbols.find((s) =>
      !/^(?:[\p{L}\p{N}_]{2,40}|okx:[A-Z0-9]+(?:-[A-Z0-9]+)+)$/u.test(s)
    );
    if (odd !== undefined) {
      throw new UsageError(`Cannot ingest "${odd}" as it is not a symbol such as "BTCUSDT"`);
    }
    const database = databasePath(o.db, place);
    return {
      symbols,
      all: o.all === true,
      quote: String(o.quote).toUpperCase(),
      database,
      streamKind: o.stream,
      wsUrl: o.wsUrl,
      restUrl: o.restUrl,
      okxWsUrl: o.okxWsUrl,
      okxRestUrl: o.okxRestUrl,
      symbolsPerSocket: o.streamsPerSocket,
      redundant: o.redundant === true,
      rotateMs: o.rotate,
      refreshMs: o.refresh,
      warmMs: o.warm,
      durationMs: o.duration ?? null,
      synchronous: o.durable === true ? "FULL" : "NORMAL",
      recordFolder: o.record === undefined ? null : resolve(place.working, o.record),
      alerts: o.alerts === undefined ? null : readAlertFile(resolve(place.working, o.alerts)),
      logFile: o.detach === true ? `${database}.log` : null,
      retention: readRetention(o),
    };
  },
  // The heap is collected before it grows; most objects still die young, which costs nothing.
  engineFlags: ["--optimize-for-size", "--max-semi-space-size=8"],
  permissions({ database, recordFolder, retention, ...options }, place) {
    const folder = dirname(database);
    // The thread that builds Parquet files loads its code when it starts.
    const code = retention.archiveAfterMs === null ? [] : [`${place.project}/lib`];
    return {
      // Port 0: the control endpoint may listen on a free port of this machine and nothing more.
      net: [...hostsOf(options), "127.0.0.1:0"],
      read: [folder, ...code],
      write: recordFolder === null ? [folder] : [folder, recordFolder],
      sys: ["hostname"],
    };
  },
  detach({ logFile, database }) {
    return logFile === null ? null : { logFile, database };
  },
  companion({ alerts, database, logFile }) {
    if (alerts === null || alerts.hosts.length === 0) return null;
    const { path: file, hosts, variables } = alerts;
    return { program: courier, options: { database, file, hosts, variables, logFile } };
  },
  async run(options, context) {
    const { runIngest } = await import("./ingest/run_ingest.ts");
    await runIngest(options, context);
  },
};

/** The hosts of the venues whose symbols are named. */
function hostsOf(
  options: Pick<IngestOptions, "symbols" | "all" | "wsUrl" | "restUrl" | "okxWsUrl" | "okxRestUrl">,
): Set<string> {
  const { symbols, all, wsUrl, restUrl, okxWsUrl, okxRestUrl } = options;
  const codes = new Set(symbols.map((symbol) => venueOf(symbol)?.code));
  return new Set([
    ...(all || codes.has(BINANCE_USDM) ? [hostOf(wsUrl), hostOf(restUrl)] : []),
    ...(codes.has(OKX_SWAP) ? [hostOf(okxWsUrl), hostOf(okxRestUrl)] : []),
  ]);
}
