import {
  type BacktestMetrics,
  backtestMetrics,
  type BacktestResult,
  fundingColumns,
  type FurtherColumns,
  type LegBps,
  openColumn,
  pairBacktest,
  type PairBacktestOptions,
  readingColumns,
  sizingOf,
  sweepInParallel,
  type SweepResult,
  volatilitySizes,
  type WalkForward,
  walkForward,
} from "../../backtest/mod.ts";
import { alignCloses, type AlignedRow, pairReadings } from "../../pairs/mod.ts";
import type { BacktestProgramOptions } from "../backtest.ts";
import { openReader } from "../../store/mod.ts";
import { equityTable, markedAs, sweepTable, type Table, tripTable } from "../../tables/mod.ts";
import { counted } from "../counted.ts";
import { quietly, writeTable } from "../export/write_table.ts";
import { type Context, ProgramError } from "../program.ts";
import type { TableFile } from "../table_file.ts";
import { type PairFunding, readLegFunding } from "./funding.ts";
import { type LegBar, readLeg, titleOf } from "./legs.ts";
import { ASSUMED_BPS, countFills, readSpreads, type RecordedSlippage } from "./spreads.ts";
import { backtestText } from "./text.ts";

const YEAR_MS = 365 * 86_400_000;

/** What a backtest found, for a person or a program. */
export interface BacktestReport {
  readonly y: string;
  readonly x: string;
  readonly intervalMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly rows: number;
  /** Share of the rows in which a leg did not trade. */
  readonly staleShare: number;
  /** Share of the rows whose bars are not proven complete. */
  readonly incompleteShare: number;
  /** How it was run; `slippageBps` is "recorded" where half of the recorded spread was charged. */
  readonly options: Omit<PairBacktestOptions, "slippageBps"> & {
    readonly slippageBps: LegBps | "recorded";
  };
  /** Which funding the legs pay. */
  readonly funding: PairFunding;
  /** What fills lost to the recorded spread; `null` where slippage is assumed. */
  readonly recordedSlippage: RecordedSlippage | null;
  readonly metrics: BacktestMetrics;
  readonly result: BacktestResult;
  readonly sweep: SweepResult | null;
  readonly walk: WalkForward | null;
  /** Times of the rows. */
  readonly times: readonly number[];
}

/** Runs what was asked for, and prints it. */
export async function runBacktest(
  options: BacktestProgramOptions,
  context: Context,
): Promise<void> {
  const report = await backtestReport(options, context);
  const { trips, equity, sweep } = options.files;
  const isPiped = [trips, equity, sweep].some((file) => file?.path === "-");
  if (!isPiped) print(report, options, context);
  const { result, times } = report;
  const told = options.json || isPiped ? quietly(context) : context;
  const write = (table: Table, file: TableFile, noun: string) =>
    writeTable(marked(table, options), file, (n) => counted(n, noun), told);
  if (trips !== null) await write(tripTable(result, times), trips, "round trip");
  if (equity !== null) await write(equityTable(result, times), equity, "bar");
  if (sweep !== null) await write(sweepTable(report.sweep?.cells ?? []), sweep, "cell");
}

/** Says of simulated prices that they are, where a leg is of the database. */
function marked(table: Table, { database, y, x }: BacktestProgramOptions): Table {
  if (y.file !== null && x.file !== null) return table;
  using reader = openReader(database);
  return markedAs(reader, table);
}

function print(report: BacktestReport, options: BacktestProgramOptions, context: Context): void {
  if (!options.json) return context.report.print(backtestText(report, options));
  const { result, times, walk, ...rest } = report;
  const trades = result.trades.map((trade) => ({
    ...trade,
    entryTimeMs: times[trade.entryBar],
    exitTimeMs: times[trade.exitBar],
  }));
  context.report.print(JSON.stringify({ ...rest, walk: walk?.folds ?? null, trades }));
}

async function backtestReport(
  options: BacktestProgramOptions,
  context: Context,
): Promise<BacktestReport> {
  const { intervalMs, windowBars, method, scale, signal, fill, grid, walk } = options;
  const y = await readLeg(options.y, options, context);
  const x = await readLeg(options.x, options, context);
  const rows = alignCloses(y, x, { intervalMs, fill: options.gaps });
  const slippageBps = options.slippageBps ?? ASSUMED_BPS;
  const pair: PairBacktestOptions = {
    ...{ windowBars, method, scale, ...signal, fill, feeBps: options.feeBps, slippageBps },
    ...{ capital: options.capital, grossNotional: options.grossNotional },
  };
  checkRows(rows, options);
  const periodsPerYear = YEAR_MS / intervalMs;
  const fundingY = await readLegFunding("y", rows, options, context);
  const fundingX = await readLegFunding("x", rows, options, context);
  const spreads = options.slippageBps === null ? readSpreads(rows, options) : null;
  const further: FurtherColumns = {
    ...furtherColumns(rows, y, x, pair, options),
    ...spreads,
    ...fundingColumns(rows, { y: fundingY.rates, x: fundingX.rates }, intervalMs),
  };
  const tried = { ...pair, periodsPerYear };
  const workers = options.workers === null ? {} : { workers: options.workers };
  const sweep = grid === null || walk !== null ? null : await sweepInParallel(
    rows,
    grid,
    tried,
    further,
    {
      ...workers,
      signal: context.signal,
      onProgress: (done, all) => context.report.progress(`${done} of ${all} cells`),
    },
  );
  const walked = grid === null || walk === null
    ? null
    : walkForward(rows, grid, { ...tried, ...walk }, further);
  const best = sweep?.best ?? null;
  const shown = best === null ? pair : {
    ...pair,
    ...{ entry: best.entry, exit: best.exit, windowBars: best.windowBars },
  };
  const result = walked ?? pairBacktest(rows, shown, further);
  const share = (isMeant: (row: AlignedRow) => boolean) =>
    rows.filter(isMeant).length / rows.length;
  return {
    ...{ y: titleOf(options.y), x: titleOf(options.x), intervalMs },
    ...{ fromMs: rows[0]!.openTimeMs, toMs: rows.at(-1)!.openTimeMs + intervalMs },
    rows: rows.length,
    staleShare: share(({ stale }) => stale),
    incompleteShare: share(({ complete }) => !complete),
    options: { ...shown, slippageBps: options.slippageBps ?? "recorded" },
    funding: { y: fundingY.told, x: fundingX.told },
    recordedSlippage: spreads === null ? null : countFills(result, spreads),
    metrics: backtestMetrics(result, { periodsPerYear }),
    ...{ result, sweep, walk: walked, times: rows.map(({ openTimeMs }) => openTimeMs) },
  };
}

function checkRows(rows: readonly AlignedRow[], { grid, windowBars }: BacktestProgramOptions) {
  const needed = 2 * Math.max(...(grid?.windows ?? [windowBars])) + 2;
  if (rows.length >= needed) return;
  throw new ProgramError(
    `Cannot backtest as both legs have ${rows.length} rows in common and ${needed} are needed: choose a smaller --window, or a longer range`,
  );
}

function furtherColumns(
  rows: readonly AlignedRow[],
  y: readonly LegBar[],
  x: readonly LegBar[],
  pair: PairBacktestOptions,
  options: BacktestProgramOptions,
): FurtherColumns {
  const { intervalMs, targetVolatility, windowBars, fill } = options;
  return {
    ...(fill === "next-open" ? { yOpen: openColumn(rows, y), xOpen: openColumn(rows, x) } : {}),
    ...(targetVolatility === null ? {} : {
      size: volatilitySizes(readingColumns(pairReadings(rows, pair)), {
        ...{ targetVolatility, windowBars, periodsPerYear: YEAR_MS / intervalMs },
        ...{ sizing: sizingOf(pair), capital: options.capital },
        grossNotional: options.grossNotional,
      }),
    }),
  };
}
