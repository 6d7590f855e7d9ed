import { type StreamKind, symbolName } from "../market/mod.ts";
import { baseUrl, databaseOption, databasePath, hostOf, option, restUrlOption } from "./options.ts";
import { proxyOption } from "./proxy.ts";
import { type Program, UsageError } from "./program.ts";
import { pointInTime } from "./time_option.ts";
import { refuseOtherVenues } from "./other_venues.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task backfill` was asked to do. */
export interface BackfillOptions {
  readonly database: string;
  /** The symbols named; with `gaps` empty for all. */
  readonly symbols: readonly string[];
  /** The range to fetch, ms since the epoch; `null` with `gaps`. */
  readonly range: { readonly fromMs: number; readonly toMs: number } | null;
  /** Whether to fetch what gaps lack. */
  readonly gaps: boolean;
  readonly streamKind: StreamKind;
  readonly restUrl: string;
  readonly archiveUrl: string;
}

/** `deno task backfill`: trades of the past, from REST and the archive. */
export const backfill: Program<BackfillOptions> = {
  name: "backfill",
  describe(command) {
    command
      .description(
        "Fetch trades of the past: the last 48 hours from REST, what is older from the archive.",
      )
      .argument("[symbols...]", "symbols such as BTCUSDT ETHUSDT")
      .addOption(
        option(
          "--from <time>",
          "first time, UTC, or how long ago: 2026-11-22, 2026-11-22T14:30, 36h",
        ),
      )
      .addOption(option("--to <time>", "end of the range, likewise").default("now"))
      .option("--gaps", "fetch what the recorded gaps lack; of all symbols when none is named")
      .addOption(databaseOption())
      .addOption(
        option("--stream <kind>", "aggTrade, or trade (single fills, from the archive only)")
          .choices(["aggTrade", "trade"]).default("aggTrade"),
      )
      .addOption(restUrlOption())
      .addOption(proxyOption())
      .addOption(
        option("--archive-url <url>", "base URL of the archive").argParser(baseUrl("http", "https"))
          .default("https://data.binance.vision"),
      )
      .addHelpText(
        "after",
        `
Examples:
  deno task backfill BTCUSDT ETHUSDT --from 6h
  deno task backfill BTCUSDT --from 2026-11-01 --to 2026-11-08
  deno task backfill --gaps

What is stored already is not fetched again: stop it at any time and run it anew. While an ingest
writes the database, it stores what is fetched here.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    const symbols = [...new Set(command.args.map(symbolName))];
    refuseOtherVenues("backfill", symbols);
    const gaps = o.gaps === true;
    if (gaps && o.from !== undefined) {
      throw new UsageError("Cannot fill gaps and a range at once: leave out --gaps or --from");
    }
    if (!gaps && symbols.length === 0) {
      throw new UsageError("Cannot backfill as no symbol is named: give symbols, or --gaps");
    }
    if (!gaps && o.from === undefined) {
      throw new UsageError("Cannot backfill as no beginning is named: give --from, for example 6h");
    }
    return {
      database: databasePath(o.db, place),
      symbols,
      range: gaps ? null : rangeOf(o.from, o.to),
      gaps,
      streamKind: o.stream,
      restUrl: o.restUrl,
      archiveUrl: o.archiveUrl,
    };
  },
  permissions: ({ database, restUrl, archiveUrl }) => ({
    net: [...new Set([hostOf(restUrl), hostOf(archiveUrl)]), "127.0.0.1"],
    read: [storeFolder(database)],
    write: [storeFolder(database)],
    sys: ["hostname"],
  }),
  async run(options, context) {
    const { runBackfill } = await import("./backfill/run_backfill.ts");
    await runBackfill(options, context);
  },
};

function rangeOf(from: string, to: string): { fromMs: number; toMs: number } {
  const nowMs = Date.now();
  const read = (name: string, text: string) => {
    try {
      return pointInTime(nowMs)(text);
    } catch (error) {
      throw new UsageError(`Cannot read --${name} "${text}": ${(error as Error).message}`);
    }
  };
  const fromMs = read("from", from);
  const toMs = to === "now" ? nowMs : Math.min(nowMs, read("to", to));
  if (!(fromMs < toMs)) {
    throw new UsageError(
      `Cannot backfill as the range must end after it begins: --from is ${
        new Date(fromMs).toISOString()
      }, --to is ${new Date(toMs).toISOString()}`,
    );
  }
  return { fromMs, toMs };
}
