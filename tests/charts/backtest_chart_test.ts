import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { pairBacktest, sweepBacktest, type SweepResult } from "../../lib/backtest/mod.ts";
import {
  backtestChart,
  plotDocument,
  renderSvg,
  sweepMap,
  sweepPlot,
} from "../../lib/charts/mod.ts";
import { pairRows } from "../pairs/bars.ts";

const rows = pairRows(3, 600).map((row) => ({ ...row, stale: row.row % 40 === 1 }));
const LEGS = { y: "ETHUSDT", x: "BTCUSDT", intervalMs: 1_000 };
const OPTIONS = { periodsPerYear: 365, feeBps: 1, stop: 3.5, blocks: 4 };
const GRID = { entries: [1, 1.5, 2], exits: [0, 0.5], windows: [15, 30] };

Deno.test("backtestChart() draws equity, its falls, what was held, and where it was stopped", async () => {
  const result = pairBacktest(rows, { windowBars: 20, entry: 1.2, stop: 2.5, feeBps: 1 });
  const { spec, columns } = backtestChart(result, result.readings, LEGS);
  deepStrictEqual(spec.panels.map((panel) => panel.key), [
    ...["equity", "drawdown", "position", "zScore"],
  ]);
  strictEqual(columns.equity!.at(-1), result.equity.at(-1));
  ok(Math.abs(columns.gross!.at(-1)! - result.capital - result.totalGross) < 1e-9);
  const lowest = Math.min(...columns.drawdown!.map((value) => value!));
  ok(lowest < 0 && columns.drawdown!.every((value) => value! <= 0));
  const stops = result.trades.filter((trade) => trade.reason === "stop");
  ok(stops.length > 0);
  strictEqual(columns.stopped!.filter((mark) => mark === 1).length, stops.length);
  for (const { exitBar } of stops) strictEqual(columns.stopped![exitBar], 1);
  const picture = await renderSvg(spec, columns);
  match(picture, /Backtest of ETHUSDT and BTCUSDT.*1s bars.*after costs.*Drawdown/s);
  throws(() => backtestChart(result, result.readings.slice(1), LEGS), RangeError);
});

Deno.test("sweepMap() never shows the best cell without what speaks against it", async () => {
  const sweep = sweepBacktest(rows, GRID, OPTIONS);
  const map = sweepMap(sweep);
  match(map.title, /^Best of 12: Sharpe ratio -?[\d.]+ at entry [\d.]+, exit [\d.]+, window \d+$/);
  match(map.subtitle, /luck alone would find [\d.]+; deflated Sharpe ratio \d+ %; probability of/);
  const drawn = Plot.plot({ ...sweepPlot(map), document: await plotDocument() }).outerHTML;
  ok(drawn.includes(map.title) && drawn.includes(map.subtitle));
  const cells = drawn.match(/<rect /g)!.length;
  strictEqual(cells, map.cells.length + 1, "the best one is framed");
});

Deno.test("sweepMap() of a sweep that never traded says why", async () => {
  const rules = { ...OPTIONS, stop: 99 };
  const quiet: SweepResult = sweepBacktest(rows, { ...GRID, entries: [90] }, rules);
  const map = sweepMap(quiet);
  strictEqual(map.title, "No best cell: no cell traded");
  const drawn = Plot.plot({ ...sweepPlot(map), document: await plotDocument() }).outerHTML;
  ok(!drawn.includes("NaN"));
});
