import {
  backtestMetrics,
  type PairBacktest,
  pairBacktest,
  type PairBacktestOptions,
  sweepBacktest,
  type SweepGrid,
} from "../../backtest/mod.ts";
import { backtestChart, type SweepMap, sweepMap } from "../../charts/mod.ts";
import { alignCloses, type AlignedRow } from "../../pairs/mod.ts";
import type { BacktestAnswer } from "../backtest_answer.ts";
import { HubError } from "../hub_error.ts";
import { type Query, readQuery, requireSymbols } from "../query.ts";
import { json } from "../respond.ts";
import type { Source } from "../source.ts";
import type { Route } from "./route.ts";

const YEAR_MS = 365 * 86_400_000;
const ENTRIES = [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3];
const EXITS = [-0.5, 0, 0.5];

/**
 * A backtest of one pair over its newest stored bars: decided at a close, filled at the next one.
 * With `sweep` also a grid of other thresholds, and windows of half and twice the length.
 */
export const backtest: Route = ({ source, query }) => {
  const asked = readQuery("backtest", query);
  return json(answer(tradedPair(source, asked), asked));
};

/** A pair traded over its newest stored bars. */
export interface TradedPair {
  readonly rows: readonly AlignedRow[];
  readonly options: PairBacktestOptions;
  readonly result: PairBacktest;
}

/** Trades a pair as asked. @throws {HubError} If the database does not hold it, or too little of it. */
export function tradedPair(source: Source, asked: Query<"backtest">): TradedPair {
  const rows = source.read((reader) => {
    requireSymbols(reader, asked.y, asked.x);
    const [y, x] = [asked.y, asked.x].map((symbol) =>
      reader.bars({ symbol, intervalMs: asked.interval, limit: asked.limit })
    );
    return alignCloses(y!, x!, { intervalMs: asked.interval, fill: "previous" });
  });
  const needed = 2 * asked.window + 2;
  if (rows.length < needed) {
    throw new HubError(
      409,
      "too_few_bars",
      `Cannot backtest as both legs have ${rows.length} bars in common and ${needed} are needed: choose a smaller window, or wait`,
    );
  }
  const options: PairBacktestOptions = {
    ...{ windowBars: asked.window, method: asked.method, scale: asked.scale },
    ...{ entry: asked.entry, exit: asked.exit, stop: asked.stop },
    ...{ feeBps: asked.fee, slippageBps: asked.slippage },
  };
  return { rows, options, result: pairBacktest(rows, options) };
}

function answer({ rows, options, result }: TradedPair, asked: Query<"backtest">): BacktestAnswer {
  const { y, x, interval: intervalMs } = asked;
  const share = (isMeant: (row: AlignedRow) => boolean) =>
    rows.filter(isMeant).length / rows.length;
  return {
    ...backtestChart(result, result.readings, { y, x, intervalMs }),
    metrics: backtestMetrics(result, { periodsPerYear: YEAR_MS / intervalMs }),
    trades: tradesOf(result),
    sweep: asked.sweep ? sweepOf(rows, asked, options) : null,
    staleShare: share(({ stale }) => stale),
    incompleteShare: share(({ complete }) => !complete),
  };
}

function tradesOf({ trades, readings }: PairBacktest): BacktestAnswer["trades"] {
  const timeOf = (bar: number) => readings[bar]!.openTimeMs;
  return trades.map((trade) => ({
    ...trade,
    entryTimeMs: timeOf(trade.entryBar),
    exitTimeMs: timeOf(trade.exitBar),
  })).toReversed();
}

function sweepOf(
  rows: readonly AlignedRow[],
  { window, interval, stop }: Query<"backtest">,
  options: PairBacktestOptions,
): SweepMap {
  const windows = [Math.ceil(window / 2), window, 2 * window].filter((bars) =>
    bars >= 3 && rows.length >= 2 * bars + 2
  );
  const grid: SweepGrid = {
    entries: ENTRIES.filter((entry) => entry < stop),
    exits: EXITS,
    windows: [...new Set(windows)],
  };
  const { entry: _, exit: __, windowBars: ___, ...kept } = options;
  return sweepMap(sweepBacktest(rows, grid, { ...kept, periodsPerYear: YEAR_MS / interval }));
}
