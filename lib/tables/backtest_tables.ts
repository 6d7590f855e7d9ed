import type { BacktestResult, PairTrade, SweepCell } from "../backtest/mod.ts";
import { type Column, columnsOf, recordTable, type Table } from "./table.ts";

const TRIP: readonly Column<PairTrade>[] = [
  { name: "side", type: "string", value: ({ side }) => side === 1 ? "long" : "short" },
  ...columnsOf<PairTrade>("double", [
    ...["quantityY", "quantityX", "entryY", "entryX", "exitY", "exitX"] as const,
  ]),
  ...columnsOf<PairTrade>("string", ["reason"]),
  ...columnsOf<PairTrade>("int64", ["heldBars"]),
  ...columnsOf<PairTrade>("double", ["grossY", "grossX", "gross", "cost", "net"]),
];

/**
 * Returns the round trips of a backtest, oldest first: when and at what prices a position was taken
 * and left, why, and what it brought. `long` bought y and sold x.
 *
 * @example See {@link equityTable}
 * ```ts
 * import { tripTable } from "tandem/tables";
 * import { backtest } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const zScore = [-3, -3, 0, 0];
 * const columns = { y: [10, 10, 11, 11], x: [5, 5, 5, 5], zScore, hedgeRatio: [0, 0, 0, 0] };
 * const result = backtest(columns, {
 *   sizing: "dollar", fill: "close", grossNotional: 1_000, capital: 1_000, feeBps: 0,
 * });
 * const [page] = tripTable(result, zScore.map((_, bar) => 60_000 * bar)).rows();
 * deepStrictEqual([page!.columns.side, page!.columns.entry_time_ms, page!.columns.net], [
 *   ["long"], [0], [100],
 * ]);
 * ```
 *
 * @param result What a backtest did.
 * @param times Open time of each of its bars, ms since the epoch.
 * @returns The table, in quote units.
 */
export function tripTable(
  result: Pick<BacktestResult, "trades">,
  times: ArrayLike<number>,
): Table {
  return recordTable<PairTrade>([
    { name: "entry_time_ms", type: "int64", value: ({ entryBar }) => times[entryBar]! },
    { name: "exit_time_ms", type: "int64", value: ({ exitBar }) => times[exitBar]! },
    ...TRIP,
  ], result.trades);
}

/**
 * Returns what every bar of a backtest brought, oldest first: the side held (1, 0, -1), gross, cost
 * and net, the equity, and how far it is below its highest so far, as a share.
 *
 * @example Equity and drawdown of three bars
 * ```ts
 * import { equityTable } from "tandem/tables";
 * import { backtest } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const columns = { y: [10, 11, 10], x: [5, 5, 5], zScore: [-3, -3, -3], hedgeRatio: [0, 0, 0] };
 * const result = backtest(columns, {
 *   sizing: "dollar", fill: "close", grossNotional: 1_000, capital: 1_000, feeBps: 0, closeAtEnd: false,
 * });
 * const [page] = equityTable(result, [0, 60_000, 120_000]).rows();
 * deepStrictEqual(page!.columns.equity, [1_000, 1_100, 1_000]);
 * deepStrictEqual(page!.columns.drawdown, [0, 0, 1_000 / 1_100 - 1]);
 * ```
 *
 * @param result What a backtest did.
 * @param times Open time of each of its bars, ms since the epoch.
 * @returns The table, in quote units; `drawdown` is in [-1, 0] as long as equity is above 0.
 */
export function equityTable(result: BacktestResult, times: ArrayLike<number>): Table {
  const { position, gross, cost, net, equity, capital } = result;
  const drawdown = new Float64Array(equity.length);
  let highest = capital;
  for (let bar = 0; bar < equity.length; bar++) {
    highest = Math.max(highest, equity[bar]!);
    drawdown[bar] = equity[bar]! / highest - 1;
  }
  const numbers = { gross, cost, net, equity, drawdown };
  return recordTable<number>([
    { name: "open_time_ms", type: "int64", value: (bar) => times[bar]! },
    { name: "position", type: "int64", value: (bar) => position[bar]! },
    ...Object.entries(numbers).map(([name, values]): Column<number> => ({
      ...{ name, type: "double" },
      value: (bar) => values[bar]!,
    })),
  ], Array.from(equity.keys()));
}

/**
 * Returns the cells of a sweep in the order of its grid.
 *
 * @example A sweep of two thresholds
 * ```ts
 * import { sweepTable } from "tandem/tables";
 * import { sweepBacktest } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 200 }, (_, row) => {
 *   const x = 50 + 5 * Math.sin(row / 29);
 *   const y = x + Math.sin(row / 4) * (1 + row % 2);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const sweep = sweepBacktest(rows, { entries: [1, 2], exits: [0], windows: [20] }, {
 *   periodsPerYear: 525_600,
 * });
 * const [page] = sweepTable(sweep.cells).rows();
 * deepStrictEqual(page!.columns.entry, [1, 2]);
 * ```
 *
 * @param cells The cells.
 * @returns The table; the Sharpe ratio of a cell that did not trade is `null`.
 */
export function sweepTable(cells: readonly SweepCell[]): Table {
  return recordTable<SweepCell>([
    ...columnsOf<SweepCell>("double", ["entry", "exit"]),
    ...columnsOf<SweepCell>("int64", ["windowBars"]),
    ...columnsOf<SweepCell>("double", ["sharpe"], true),
    ...columnsOf<SweepCell>("double", ["totalNet"]),
    ...columnsOf<SweepCell>("int64", ["tradeCount"]),
  ], cells);
}
