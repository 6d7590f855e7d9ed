import { InvalidArgumentError } from "commander";
import { resolve } from "node:path";
import {
  formatInterval,
  parseInterval,
  parseTime,
  STORED_INTERVALS_MS,
  symbolName,
} from "../market/mod.ts";
import type { ScreenOptions } from "../universe/mod.ts";
import { atLeastZero, databaseOption, databasePath, option, wholeNumber } from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { type TableFile, tableFile, tablePermissions } from "./table_file.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task screen` was asked to do. */
export interface ScreenProgramOptions {
  readonly database: string;
  /** Files of bars to screen instead of the database. */
  readonly files: readonly string[];
  readonly intervalMs: number;
  readonly windowBars: number;
  /** The range to walk; `null` for the newest two windows, which need no report on the way. */
  readonly range: { readonly fromMs: number | null; readonly toMs: number | null } | null;
  /** Report after every so many bars of the range. */
  readonly everyBars: number;
  readonly watch: boolean;
  readonly json: boolean;
  /** The file the rows go to, all that match unless `--top` says otherwise; `null` for none. */
  readonly out: TableFile | null;
  readonly screen: ScreenOptions;
}

const WINDOWS: Readonly<Record<number, number>> = { 1_000: 3_600, 60_000: 1_440, 300_000: 2_016 };
const OTHER_WINDOW = 500;

/** `deno task screen`: every pair of all symbols, tested for cointegration. */
export const screen: Program<ScreenProgramOptions> = {
  name: "screen",
  describe(command) {
    command
      .description(
        "Test every pair of all symbols for cointegration, and rank them: over the newest bars of a database, over files of bars, or bar by bar through a range of the past.",
      )
      .argument("[files...]", "files of bars (CSV, .gz or .zip, one symbol each) to screen instead")
      .addOption(databaseOption())
      .addOption(
        option("--interval <length>", "bars: 1s, 1m, 5m, 1h, …").argParser(interval)
          .default(60_000, "1m"),
      )
      .addOption(
        option("--window <bars>", "bars in the window (default: an hour of 1s, a day of 1m, …)")
          .argParser(wholeNumber(21, 100_000)),
      )
      .addOption(option("--from <time>", "begin the walk here").argParser(time))
      .addOption(option("--to <time>", "and end it before").argParser(time))
      .addOption(
        option("--every <bars>", "on the walk, report so often (default: once per window)")
          .argParser(wholeNumber(1, 10_000_000)),
      )
      .option("--watch", "screen again on every bar, until Ctrl-C")
      .option("--json", "for programs: one line per screen")
      .addOption(
        option(
          "--out <file>",
          "also write the pairs to a file: .csv, .csv.gz, .parquet; - prints CSV",
        ),
      )
      .addOption(
        option("--rows <kind>", "which pairs to list").choices(
          ["discoveries", "candidates", "all"],
        ).default("candidates"),
      )
      .addOption(
        option("--top <count>", "list so many").argParser(wholeNumber(0, 1_000_000))
          .default(20),
      )
      .addOption(
        option("--alpha <level>", "level of the discoveries").argParser(share)
          .default(0.05),
      )
      .addOption(
        option("--lag <count>", "lagged differences of the final test, 0 to 8, or aic")
          .argParser(lag).default(8),
      )
      .option("--wrappers", "also test pairs of contracts on one asset")
      .addOption(option("--quote <asset>", "only symbols quoted in it"))
      .addOption(
        option("--min-volume <quote>", "only symbols with this quote volume per day")
          .argParser(atLeastZero),
      )
      .addOption(
        option("--min-trades <count>", "only symbols with so many trades per bar")
          .argParser(atLeastZero),
      )
      .addOption(
        option(
          "--max-stale <share>",
          "only symbols with at most this share of bars without a trade",
        )
          .argParser(share).default(0.05),
      )
      .addOption(
        option("--min-half-life <bars>", "list only pairs with at least this half-life")
          .argParser(atLeastZero),
      )
      .addOption(
        option("--max-half-life <bars>", "list only pairs with at most this half-life")
          .argParser(atLeastZero),
      )
      .addOption(option("--symbol <symbol>", "list only pairs of this symbol"))
      .addHelpText("after", EXAMPLES);
  },
  read(command, place) {
    const o = command.opts();
    const isWalk = o.from !== undefined || o.to !== undefined;
    if (o.watch === true && (isWalk || command.args.length > 0)) {
      throw new UsageError("--watch follows a database: leave --from, --to and files out");
    }
    if (o.watch === true && o.out !== undefined) {
      throw new UsageError("--watch goes on and on: leave --out out");
    }
    const out = o.out === undefined ? null : tableFile(o.out, place);
    const isAll = out !== null && command.getOptionValueSource("top") === "default";
    if (o.watch === true && !STORED_INTERVALS_MS.includes(o.interval)) {
      throw new UsageError(
        `--watch needs bars that are stored as they are: --interval must be ${
          STORED_INTERVALS_MS.map(formatInterval).join(", ")
        }`,
      );
    }
    if (isWalk && o.from >= o.to) throw new UsageError("--from must be earlier than --to");
    const windowBars = o.window ?? WINDOWS[o.interval] ?? OTHER_WINDOW;
    return {
      database: databasePath(o.db, place),
      files: command.args.map((file) => resolve(place.working, file)),
      intervalMs: o.interval,
      windowBars,
      range: isWalk ? { fromMs: o.from ?? null, toMs: o.to ?? null } : null,
      everyBars: o.every ?? windowBars,
      watch: o.watch === true,
      json: o.json === true,
      out,
      screen: {
        ...{ alpha: o.alpha, lag: o.lag, rows: o.rows },
        ...(isAll ? {} : { limit: o.top }),
        wrappers: o.wrappers === true ? "test" : "skip",
        symbols: given({
          quote: o.quote?.toUpperCase(),
          minQuoteVolumePerDay: o.minVolume,
          minTradesPerBar: o.minTrades,
          maxStaleShare: o.maxStale,
        }),
        pairs: given({
          symbol: o.symbol === undefined ? undefined : symbolName(o.symbol),
          minHalfLifeBars: o.minHalfLife,
          maxHalfLifeBars: o.maxHalfLife,
        }),
      },
    };
  },
  permissions({ database, files, out }) {
    const { read, write } = tablePermissions(out);
    return { read: [...(files.length > 0 ? files : [storeFolder(database)]), ...read], write };
  },
  async run(options, context) {
    const { runScreen } = await import("./screen/run_screen.ts");
    await runScreen(options, context);
  },
};

const EXAMPLES = `
Examples:
  deno task screen --interval 1s --window 600
  deno task screen --min-volume 5e7 --min-half-life 5 --max-half-life 240 --json
  deno task screen --watch --interval 1s
  deno task screen klines/*.csv.gz --interval 5m --window 2016
  deno task screen --rows all --out screen.parquet
  deno task screen --from 2025-05-10 --to 2025-05-20 --every 60

Discoveries are what Benjamini and Hochberg's correction leaves at --alpha; see docs/universe.md.`;

/** Without what was not given. */
function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function interval(text: string): number {
  try {
    return parseInterval(text);
  } catch {
    throw new InvalidArgumentError(
      `It must look like "1s", "1m", "5m" or "1h", not like "${text}"; ${
        formatInterval(60_000)
      } is usual.`,
    );
  }
}

function time(text: string): number {
  if (/^\d{12,}$/.test(text)) return Number(text);
  try {
    return parseTime(text);
  } catch {
    throw new InvalidArgumentError(
      `It must be a time such as "2025-05-10" or "2025-05-10T12:00" (UTC).`,
    );
  }
}

function share(text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}

function lag(text: string): number | "aic" {
  return text === "aic" ? text : wholeNumber(0, 8)(text);
}
