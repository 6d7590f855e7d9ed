import { symbolName } from "../market/mod.ts";
import type { HedgeMethod, PairOptions, PriceScale } from "../pairs/mod.ts";
import { databaseOption, databasePath, durationMs, option, wholeNumber } from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { type TableFile, tableFile, tablePermissions } from "./table_file.ts";
import { pointInTime } from "./time_option.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task export` was asked to do. */
export interface ExportOptions {
  readonly database: string;
  readonly what: "trades" | "bars" | "readings";
  /** The symbols; empty for all. Of readings: the dependent leg, then the hedge. */
  readonly symbols: readonly string[];
  readonly intervalMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly pair: PairOptions;
  readonly file: TableFile;
}

const NO_FILE = "Cannot export as no file is named: give --out, for example bars.parquet";
const WHAT = ["trades", "bars", "readings"] as const;

/** `deno task export`: trades, bars and readings of a database as CSV or Parquet. */
export const exportTables: Program<ExportOptions> = {
  name: "export",
  describe(command) {
    command
      .description(
        "Write trades, bars, the readings of a pair, a screen or a backtest to a CSV or Parquet file.",
      )
      .argument("[what]", "trades, bars, readings, screen or backtest")
      .argument("[symbols...]", "symbols; all when none is named; of readings: y, then x")
      .addOption(databaseOption())
      .addOption(option("--out <file>", "where to: .csv, .csv.gz or .parquet; - prints CSV"))
      .addOption(
        option("--interval <time>", "how long bars are").argParser(durationMs).default(
          60_000,
          "1m",
        ),
      )
      .addOption(option("--from <time>", "first time, UTC, or how long ago: 2026-11-22, 36h"))
      .addOption(option("--to <time>", "end of the range, likewise"))
      .addOption(
        option("--window <bars>", "window of readings, in bars")
          .argParser(wholeNumber(3, 1_000_000)).default(60),
      )
      .addOption(
        option("--method <name>", "hedge ratio of readings")
          .choices(["rolling-ols", "ols", "kalman"]).default("rolling-ols"),
      )
      .addOption(
        option("--scale <name>", "what readings regress").choices(["log", "level"]).default("log"),
      )
      .addHelpText(
        "after",
        `
Examples:
  deno task export bars BTCUSDT ETHUSDT --interval 5m --out bars.parquet
  deno task export trades BTCUSDT --from 2026-11-22 --to 2026-11-23 --out trades.csv.gz
  deno task export readings ETHUSDT BTCUSDT --window 120 --out readings.csv
  deno task export bars BTCUSDT --out -
  deno task export screen --window 720 --out screen.parquet
  deno task export backtest ETHUSDT BTCUSDT --stop 4 --out trips.csv

Columns are named as in the views v_trades and v_bars. A file appears under its name when it is whole.
"export screen" and "export backtest" take the options of "deno task screen" and "deno task backtest".`,
      );
  },
  read(command, place) {
    const o = command.opts();
    const [what, ...symbols] = command.args;
    if (!isWhat(what)) {
      // With a file these two are programs of their own: see programOf().
      if (what === "screen" || what === "backtest") throw new UsageError(NO_FILE);
      throw new UsageError(
        `Cannot export "${what ?? ""}": choose trades, bars, readings, screen or backtest`,
      );
    }
    if (what === "readings" && symbols.length !== 2) {
      throw new UsageError("Cannot export readings as a pair is needed: name y, then x");
    }
    if (o.out === undefined) throw new UsageError(NO_FILE);
    return {
      database: databasePath(o.db, place),
      what,
      symbols: symbols.map(symbolName),
      intervalMs: o.interval,
      fromMs: timeOf("from", o.from),
      toMs: timeOf("to", o.to),
      pair: {
        windowBars: o.window,
        method: o.method as HedgeMethod,
        scale: o.scale as PriceScale,
      },
      file: tableFile(o.out, place),
    };
  },
  permissions({ database, file }) {
    const { read, write } = tablePermissions(file);
    return { read: [storeFolder(database), ...read], write };
  },
  async run(options, context) {
    const { runExport } = await import("./export/run_export.ts");
    await runExport(options, context);
  },
};

function isWhat(text: string | undefined): text is typeof WHAT[number] {
  return (WHAT as readonly (string | undefined)[]).includes(text);
}

function timeOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  try {
    return pointInTime(Date.now())(text);
  } catch (error) {
    throw new UsageError(`Cannot read --${name} "${text}": ${(error as Error).message}`);
  }
}
