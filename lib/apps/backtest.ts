import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { FillTime, SignalOptions, SweepGrid } from "../backtest/mod.ts";
import { formatInterval } from "../market/mod.ts";
import type { HedgeMethod, PriceScale } from "../pairs/mod.ts";
import type { LegName } from "./backtest/legs.ts";
import { slippage } from "./backtest/slippage.ts";
import { list, steps } from "./backtest/steps.ts";
import {
  anyNumber,
  atLeastZero,
  databaseOption,
  databasePath,
  durationMs,
  option,
  positiveNumber,
  wholeNumber,
} from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { type TableFile, tableFile, tablePermissions } from "./table_file.ts";
import { pointInTime } from "./time_option.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task backtest` was asked to do. */
export interface BacktestProgramOptions {
  readonly database: string;
  readonly y: LegName;
  readonly x: LegName;
  readonly intervalMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Whether an interval without a trade carries its price forward, marked, or is left out. */
  readonly gaps: "previous" | "drop";
  readonly windowBars: number;
  readonly method: HedgeMethod;
  readonly scale: PriceScale;
  readonly signal: SignalOptions;
  readonly fill: FillTime;
  readonly feeBps: number;
  /** What each fill loses, bps; `null` to take half of the spread that is recorded. */
  readonly slippageBps: number | null;
  readonly capital: number;
  readonly grossNotional: number;
  /** Volatility per year that positions are sized to, as a share of capital; `null` for none. */
  readonly targetVolatility: number | null;
  readonly funding: { readonly y: string | null; readonly x: string | null };
  /** What to sweep or choose from; `null` for the one backtest. */
  readonly grid: SweepGrid | null;
  readonly walk: { readonly trainBars: number; readonly testBars: number } | null;
  readonly workers: number | null;
  readonly trades: boolean;
  readonly json: boolean;
  /** The files that round trips, equity and cells of a sweep go to; `null` for none. */
  readonly files: Readonly<Record<"trips" | "equity" | "sweep", TableFile | null>>;
}

/** `deno task backtest`: one pair, its signals, fills, costs and what remains. */
export const backtest: Program<BacktestProgramOptions> = {
  name: "backtest",
  describe(command) {
    command
      .description(
        "Trade the z-score of a pair over stored bars or files of bars: every decision knows only what was known then, every fill pays.",
      )
      .argument("<y>", "the leg that is explained: a symbol of the database, or a file of its bars")
      .argument("<x>", "the leg that hedges it")
      .addOption(databaseOption())
      .addOption(
        option("--interval <length>", "bars: 1s, 1m, 5m, 1h, …").argParser(durationMs)
          .default(60_000, "1m"),
      )
      .addOption(option("--from <time>", "first bar").argParser(pointInTime(Date.now())))
      .addOption(option("--to <time>", "end, exclusive").argParser(pointInTime(Date.now())))
      .addOption(
        option("--gaps <how>", "a price where a leg did not trade: carried on, or no row at all")
          .choices(["previous", "drop"]).default("previous"),
      )
      .addOption(
        option("--window <bars>", "bars of the hedge ratio and the z-score")
          .argParser(wholeNumber(3, 1_000_000)).default(240),
      )
      .addOption(
        option("--method <how>", "how the hedge ratio is found")
          .choices(["rolling-ols", "ols", "kalman"]).default("rolling-ols"),
      )
      .addOption(
        option("--scale <what>", "log closes, sized by notionals, or closes, sized by units")
          .choices(["log", "level"]).default("log"),
      )
      .addOption(option("--entry <z>", "enter at").argParser(positiveNumber).default(2))
      .addOption(option("--exit <z>", "leave at").argParser(anyNumber).default(0.5))
      .addOption(option("--stop <z>", "give up at").argParser(positiveNumber))
      .addOption(
        option("--max-hold <bars>", "leave after so many bars").argParser(wholeNumber(1, 1e9)),
      )
      .addOption(
        option("--fill <when>", "when a decision is carried out")
          .choices(["next-close", "next-open", "close"]).default("next-close"),
      )
      .addOption(option("--fee <bps>", "of each leg and fill").argParser(atLeastZero).default(5))
      .addOption(
        option("--slippage <bps>", "of each leg and fill; recorded: half of the recorded spread")
          .argParser(slippage).default(1),
      )
      .addOption(
        option("--funding-y <file>", "funding rates of y: lines of a time in ms and a rate"),
      )
      .addOption(option("--funding-x <file>", "funding rates of x"))
      .addOption(
        option("--capital <quote>", "what returns refer to").argParser(positiveNumber)
          .default(10_000),
      )
      .addOption(
        option("--gross <quote>", "notional of both legs at entry").argParser(positiveNumber)
          .default(10_000),
      )
      .addOption(
        option("--target-volatility <share>", "size positions to this volatility a year, as 0.2")
          .argParser(positiveNumber),
      )
      .addOption(
        option("--sweep-entry <list>", "try these entries: 1:3:0.25 or 1,2,3").argParser(steps),
      )
      .addOption(option("--sweep-exit <list>", "try these exits").argParser(steps))
      .addOption(option("--sweep-window <list>", "try these windows").argParser(steps))
      .addOption(
        option(
          "--walk-forward <train,test>",
          "choose among what is tried on so many bars, trade the choice on the next so many",
        ).argParser(list),
      )
      .addOption(
        option("--workers <count>", "threads of a sweep (default: one per core)")
          .argParser(wholeNumber(1, 256)),
      )
      .option("--trades", "list the round trips")
      .option("--json", "for programs: one line")
      .addOption(
        option(
          "--out <file>",
          "write the round trips to a file: .csv, .csv.gz, .parquet; - prints CSV",
        ),
      )
      .addOption(
        option("--out-equity <file>", "write what every bar brought, and the equity, to a file"),
      )
      .addOption(option("--out-sweep <file>", "write the cells of the sweep to a file"))
      .addHelpText("after", EXAMPLES);
  },
  read(command, place) {
    const o = command.opts();
    const [y, x] = command.args.map((name): LegName => {
      const file = resolve(place.working, name);
      const isFile = /\.(csv|gz|zip|txt)$/i.test(name) || existsSync(file);
      return { name, file: isFile ? file : null };
    });
    const fromMs: number | null = o.from ?? null;
    const toMs: number | null = o.to ?? null;
    if (fromMs !== null && toMs !== null && fromMs >= toMs) {
      throw new UsageError("--from must be earlier than --to");
    }
    if (o.exit >= o.entry) throw new UsageError("--exit must be below --entry");
    if (o.stop !== undefined && o.stop <= o.entry) {
      throw new UsageError("--stop must be above --entry");
    }
    const swept = [o.sweepEntry, o.sweepExit, o.sweepWindow].some((tried) => tried !== undefined);
    const grid: SweepGrid = {
      entries: o.sweepEntry ?? [o.entry],
      exits: o.sweepExit ?? [o.exit],
      windows: o.sweepWindow ?? [o.window],
    };
    const [trainBars, testBars] = (o.walkForward ?? []) as (number | undefined)[];
    if (o.walkForward !== undefined && (trainBars === undefined || testBars === undefined)) {
      throw new UsageError("--walk-forward takes two numbers of bars, as 10080,1440");
    }
    if (o.walkForward !== undefined && !swept) {
      throw new UsageError(
        "--walk-forward needs something to choose from: give a --sweep-… option",
      );
    }
    if (o.outSweep !== undefined && (!swept || o.walkForward !== undefined)) {
      throw new UsageError("--out-sweep needs a sweep: give a --sweep-… option");
    }
    const fileOf = (name: string | undefined) => name === undefined ? null : tableFile(name, place);
    return {
      database: databasePath(o.db, place),
      ...{ y: y!, x: x!, intervalMs: o.interval, fromMs, toMs, gaps: o.gaps },
      ...{ windowBars: o.window, method: o.method, scale: o.scale, fill: o.fill },
      signal: {
        ...{ entry: o.entry, exit: o.exit },
        ...(o.stop === undefined ? {} : { stop: o.stop }),
        ...(o.maxHold === undefined ? {} : { maxHoldBars: o.maxHold }),
      },
      ...{
        feeBps: o.fee,
        slippageBps: o.slippage === "recorded" ? null : o.slippage,
        capital: o.capital,
        grossNotional: o.gross,
      },
      targetVolatility: o.targetVolatility ?? null,
      funding: {
        y: o.fundingY === undefined ? null : resolve(place.working, o.fundingY),
        x: o.fundingX === undefined ? null : resolve(place.working, o.fundingX),
      },
      grid: swept ? grid : null,
      walk: trainBars === undefined ? null : { trainBars, testBars: testBars! },
      workers: o.workers ?? null,
      ...{ trades: o.trades === true, json: o.json === true },
      files: { trips: fileOf(o.out), equity: fileOf(o.outEquity), sweep: fileOf(o.outSweep) },
    };
  },
  permissions: ({ database, y, x, funding, grid, files: written }, place) => {
    const { read, write } = tablePermissions(...Object.values(written));
    const files = [y.file, x.file, funding.y, funding.x].filter((file) => file !== null);
    const fromStore = y.file === null || x.file === null;
    return {
      read: [
        ...(fromStore ? [storeFolder(database)] : []),
        ...files,
        // the threads of a sweep are started from their file
        ...(grid === null ? [] : [resolve(place.project, "lib")]),
        ...read,
      ],
      write,
    };
  },
  async run(options, context) {
    const { runBacktest } = await import("./backtest/run_backtest.ts");
    await runBacktest(options, context);
  },
};

const EXAMPLES = `
Examples:
  deno task backtest ETHUSDT BTCUSDT --interval 5m --window 288 --stop 4
  deno task backtest ETHUSDT-1m.csv.gz BTCUSDT-1m.csv.gz --fill next-open --fee 4 --json
  deno task backtest ETHUSDT BTCUSDT --sweep-entry 1:3:0.25 --sweep-exit 0:1:0.25 \\
    --sweep-window ${[60, 120, 240].join()}
  deno task backtest ETHUSDT BTCUSDT --out trips.parquet --out-equity equity.parquet
  deno task backtest ETHUSDT BTCUSDT --sweep-entry 1.5,2,2.5 --walk-forward 10080,1440

Bars are of ${formatInterval(60_000)} unless --interval says otherwise; see docs/backtest.md.`;
