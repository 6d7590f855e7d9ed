import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { backtest, type BacktestColumns, backtestMetrics } from "../../lib/backtest/mod.ts";
import { close } from "../support/close.ts";
import { anyColumns, anyOptions } from "./columns.ts";

const YEAR = { periodsPerYear: 365 };

/** Bought at 100, left at 110; sold at 110, stopped at 121. One of y each, x stands still. */
const TWO_TRIPS: BacktestColumns = {
  y: [100, 100, 105, 110, 110, 115, 121, 121],
  x: Array(8).fill(100),
  zScore: [0, -2, -1, 0, 2, 3, 4, 4],
  hedgeRatio: Array(8).fill(0),
};

Deno.test("backtestMetrics() answers by hand", () => {
  const result = backtest(TWO_TRIPS, {
    sizing: "units",
    fill: "close",
    stop: 4,
    feeBps: 0,
    grossNotional: 110,
    capital: 100,
  });
  deepStrictEqual(result.trades.map((t) => [t.side, t.entryBar, t.exitBar, t.reason]), [
    [1, 1, 3, "exit"],
    [-1, 4, 6, "stop"],
  ]);
  const m = backtestMetrics(result, YEAR);
  // 1.1 of y bought brings 11, 1 of y sold loses 11.
  close(m.totalNet, 0, 0, 1e-12);
  strictEqual(m.tradeCount, 2);
  strictEqual(m.hitRate, 0.5);
  close(m.averageWin, 11);
  close(m.averageLoss, -11);
  close(m.profitFactor, 1);
  strictEqual(m.averageHeldBars, 2);
  close(m.maxDrawdownAmount, 11);
  close(m.maxDrawdown, 11 / 111);
  strictEqual(m.longestUnderWaterBars, 3);
  close(m.turnover, (110 + 121 + 110 + 121) / 100);
  close(m.annualTurnover, 4.62 / 8 * 365);
  strictEqual(m.exposure, 4 / 8);
  close(m.legs.y, 0, 0, 1e-12);
  close(m.sides.long.net, 11);
  deepStrictEqual([m.sides.long.trades, m.sides.short.trades], [1, 1]);
  close(m.reasons.stop.gross, -11);
  deepStrictEqual(m.reasons.time, { trades: 0, gross: 0, net: 0 });
  strictEqual(m.reason, null);
});

Deno.test("backtestMetrics() counts flat bars: they dilute the mean and the ratio", () => {
  const options = { sizing: "units" as const, fill: "close" as const, feeBps: 0 };
  const short = backtest(TWO_TRIPS, { ...options, stop: 4 });
  const quiet = (values: ArrayLike<number>, value: number) => [
    ...Array.from(values),
    ...Array(24).fill(value),
  ];
  const long = backtest({
    y: quiet(TWO_TRIPS.y, 121),
    x: quiet(TWO_TRIPS.x, 100),
    zScore: quiet(TWO_TRIPS.zScore, 0),
    hedgeRatio: quiet(TWO_TRIPS.hedgeRatio, 0),
  }, { ...options, stop: 4 });
  strictEqual(short.totalNet, long.totalNet);
  const [a, b] = [backtestMetrics(short, YEAR), backtestMetrics(long, YEAR)];
  close(b.annualReturn, a.annualReturn! / 4, 1e-9, 1e-12);
  close(b.exposure, a.exposure! / 4);
});

Deno.test("backtestMetrics() without a trade has no ratio and says why", () => {
  const none = backtest({ ...TWO_TRIPS, zScore: Array(8).fill(0) }, { sizing: "units" });
  const m = backtestMetrics(none, YEAR);
  const absent = [m.sharpe, m.sharpeLo, m.sortino, m.calmar, m.hitRate, m.averageWin];
  deepStrictEqual(
    [...absent, m.averageLoss, m.profitFactor, m.averageHeldBars],
    Array(9).fill(null),
  );
  deepStrictEqual([m.totalNet, m.maxDrawdown, m.turnover, m.exposure], [0, 0, 0, 0]);
  strictEqual(m.reason, "no trade");
  const open = backtest({ ...TWO_TRIPS, zScore: Array(8).fill(-2) }, {
    sizing: "units",
    closeAtEnd: false,
  });
  strictEqual(backtestMetrics(open, YEAR).reason, "no closed trade");
  const empty = backtest({ y: [], x: [], zScore: [], hedgeRatio: [] }, { sizing: "units" });
  strictEqual(backtestMetrics(empty, YEAR).reason, "no bar");
  strictEqual(backtestMetrics(empty, YEAR).annualReturn, null);
});

Deno.test("backtestMetrics() splits the same trades by side and by reason", () => {
  fc.assert(fc.property(anyColumns, anyOptions, (columns, options) => {
    const result = backtest(columns, options);
    const { sides, reasons, tradeCount, maxDrawdown, maxDrawdownAmount, longestUnderWaterBars } =
      backtestMetrics(result, YEAR);
    const net = result.trades.reduce((total, trade) => total + trade.net, 0);
    for (const parts of [Object.values(sides), Object.values(reasons)]) {
      strictEqual(parts.reduce((count, part) => count + part.trades, 0), tradeCount);
      close(parts.reduce((total, part) => total + part.net, 0), net, 0, 1e-9);
    }
    strictEqual(maxDrawdown > 0, longestUnderWaterBars > 0);
    ok(maxDrawdown * result.capital <= maxDrawdownAmount + 1e-9);
  }));
});

Deno.test("backtestMetrics() has no number that is not finite", () => {
  fc.assert(fc.property(anyColumns, anyOptions, (columns, options) => {
    const metrics = backtestMetrics(backtest(columns, options), YEAR);
    for (const [name, value] of Object.entries(metrics)) {
      if (typeof value === "number") ok(Number.isFinite(value), name);
    }
  }));
});

Deno.test("backtestMetrics() refuses periods that cannot be", () => {
  const result = backtest(TWO_TRIPS, { sizing: "units" });
  for (const periodsPerYear of [0, -1, NaN]) {
    throws(() => backtestMetrics(result, { periodsPerYear }), RangeError);
  }
});
