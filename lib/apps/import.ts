import { symbolName, venueOf, VENUES } from "../market/mod.ts";
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import type { TableHints } from "./import/import_input.ts";
import { databaseOption, databasePath, durationMs, option } from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task import` was asked to do. */
export interface ImportOptions extends TableHints {
  readonly database: string;
  readonly files: readonly string[];
  /** The file all refused rows are written to, or `null`. */
  readonly refusedFile: string | null;
  readonly json: boolean;
}

/** `deno task import`: files of bars, trades and ticks into a database. */
export const importFiles: Program<ImportOptions> = {
  name: "import",
  describe(command) {
    command
      .description("Put files of bars, trades or ticks into a database.")
      .argument("[files...]", "CSV, lines of JSON, Parquet, each also gzipped or in a zip")
      .addOption(databaseOption())
      .addOption(option("--symbol <name>", "the symbol of all rows (default: a column, the name)"))
      .addOption(
        option("--interval <time>", "how long the bars are (default: the step between rows)")
          .argParser(durationMs),
      )
      .addOption(
        option("--zone <name>", "the zone of times that name none, such as Europe/Berlin")
          .argParser(zoneName).default("UTC"),
      )
      .addOption(
        option("--stream <kind>", "what the trade ids count (default: as the columns tell)")
          .choices(["aggTrade", "trade"]),
      )
      .addOption(
        option("--format <what>", "what the files hold (default: found out)")
          .choices(["bars", "trades", "ticks"]),
      )
      .addOption(option("--refused <file>", "write every refused row to this CSV file"))
      .option("--json", "for programs")
      .addHelpText(
        "after",
        `
Examples:
  deno task import BTCUSDT-1m.csv.gz ETHUSDT-1m.csv.gz
  deno task import BTCUSDT-aggTrades-2026-11-22.zip
  deno task import ticks.ndjson --refused refused.csv
  deno task import prices.csv --symbol ADAUSDT --zone America/New_York --interval 1d

What was found out of each file (columns, units, zone, interval) is told, and every row that is
not taken, with its line and the reason. Importing a file twice is the same as once. While an ingest
writes the database, it stores what is imported.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    if (command.args.length === 0) {
      throw new UsageError("Cannot import as no file is named: give one or more");
    }
    return {
      database: databasePath(o.db, place),
      files: command.args.map((file) => resolve(place.working, file)),
      symbol: o.symbol === undefined ? null : readSymbol(o.symbol),
      intervalMs: o.interval ?? null,
      zone: o.zone,
      streamKind: o.stream ?? null,
      format: o.format ?? null,
      refusedFile: o.refused === undefined ? null : resolve(place.working, o.refused),
      json: o.json === true,
    };
  },
  permissions: ({ database, files, refusedFile }) => ({
    net: ["127.0.0.1"],
    read: [storeFolder(database), ...files],
    write: refusedFile === null ? [storeFolder(database)] : [storeFolder(database), refusedFile],
    sys: ["hostname"],
  }),
  async run(options, context) {
    const { runImport } = await import("./import/run_import.ts");
    await runImport(options, context);
  },
};

function zoneName(text: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return text;
  } catch {
    throw new InvalidArgumentError(`It must be a zone such as "UTC" or "Europe/Berlin".`);
  }
}

/** @throws {UsageError} If no venue is called as the name says. */
function readSymbol(text: string): string {
  const symbol = symbolName(text);
  if (venueOf(symbol) !== null) return symbol;
  const prefixes = VENUES.flatMap(({ prefix }) => prefix ?? []);
  throw new UsageError(
    `Cannot import "${text}" as no venue has that name: before the colon stands ${
      prefixes.join(" or ")
    }, and nothing for Binance`,
  );
}
