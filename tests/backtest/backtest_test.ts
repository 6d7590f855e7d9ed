import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  backtest,
  type BacktestColumns,
  type BacktestOptions,
  type BacktestResult,
  findLookAhead,
} from "../../lib/backtest/mod.ts";
import { close } from "../support/close.ts";
import { cashEquity } from "./cash_account.ts";
import { anyColumns, anyOptions, firstBars, randomColumns } from "./columns.ts";

const FREE: BacktestOptions = { sizing: "units", feeBps: 0, grossNotional: 2_000, capital: 1_000 };

/** Bought at bar 1, left at bar 3; y rises by 1 a bar, every open lies 0.25 below the close. */
const RISING: BacktestColumns = {
  y: [98, 99, 100, 101, 102, 103],
  x: [50, 50, 50, 50, 50, 50],
  yOpen: [97.75, 98.75, 99.75, 100.75, 101.75, 102.75],
  xOpen: [50, 50, 50, 50, 50, 50],
  zScore: [0, -2, -1, 0, 1, 1],
  hedgeRatio: [2, 2, 2, 2, 2, 2],
};

const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** What was filled, in short. */
const trips = ({ trades }: BacktestResult) =>
  trades.map((t) => [t.entryBar, t.entryY, t.exitBar, t.exitY, t.reason]);

Deno.test("backtest() fills at this close, at the next close or at the next open", () => {
  const filled = (fill: "close" | "next-close" | "next-open") =>
    trips(backtest(RISING, { ...FREE, fill }));
  deepStrictEqual(filled("close"), [[1, 99, 3, 101, "exit"]]);
  deepStrictEqual(filled("next-close"), [[2, 100, 4, 102, "exit"]]);
  deepStrictEqual(filled("next-open"), [[2, 99.75, 4, 101.75, "exit"]]);
});

Deno.test("backtest() at the open earns from open to close on entry, close to open on exit", () => {
  const { gross, trades } = backtest(RISING, { ...FREE, fill: "next-open" });
  const quantity = 2_000 / (99.75 + 2 * 50);
  close(trades[0]!.quantityY, quantity);
  [0, 0, 0.25, 1, 0.75, 0].forEach((points, t) => close(gross[t], quantity * points, 0, 1e-12));
});

Deno.test("backtest() sizes with the ratio of the decision, by units or by notionals", () => {
  const columns = { ...RISING, hedgeRatio: [9, 2, 9, 9, 9, 9] };
  const [units] = backtest(columns, FREE).trades;
  close(units!.quantityY, 10);
  close(units!.quantityX, -20);
  const [dollar] = backtest(columns, { ...FREE, sizing: "dollar" }).trades;
  close(dollar!.quantityY * 100, 2_000 / 3);
  close(dollar!.quantityX * 50, -4_000 / 3);
});

Deno.test("backtest() charges every leg at entry and again at exit, on what is traded", () => {
  // Prices stand still: 10,000 traded in and out at 5 bp cost 5 each way, 10 a round trip.
  const flat = { ...RISING, y: Array(6).fill(100), x: Array(6).fill(50) };
  const options: BacktestOptions = { sizing: "units", grossNotional: 10_000, feeBps: 5 };
  const both = backtest(flat, options);
  close(both.totalCost, 10);
  close(both.tradedNotional, 20_000);
  deepStrictEqual(Array.from(both.cost), [0, 0, 5, 0, 5, 0]);
  close(backtest(flat, { ...options, feeBps: { y: 5, x: 0 } }).totalCost, 5);
  close(backtest(flat, { ...options, feeBps: { y: 2, x: 4 } }).totalCost, 6);
});

Deno.test("backtest() charges neither four times the gross nor the net notional", () => {
  const ones = Array(400).fill(1);
  const columns = { ...randomColumns(3, 400), hedgeRatio: ones, size: ones };
  const feeBps = 5;
  const { trades, fees, tradedNotional } = backtest(columns, { sizing: "dollar", feeBps });
  ok(trades.length > 10);
  const notional = (of: (y: number, x: number) => number) =>
    sum(trades.map((t) =>
      of(t.quantityY * t.entryY, t.quantityX * t.entryX) +
      of(t.quantityY * t.exitY, t.quantityX * t.exitX)
    ));
  const gross = notional((y, x) => Math.abs(y) + Math.abs(x));
  close(tradedNotional, gross);
  close(fees, gross * feeBps / 1e4);
  close(fees, trades.length * 2 * 10_000 * feeBps / 1e4, 0.01);
  ok(notional((y, x) => Math.abs(y + x)) < gross / 20);
});

Deno.test("backtest() tells slippage from fees", () => {
  const { fees, slippage, totalCost } = backtest(RISING, {
    ...FREE,
    feeBps: 4,
    slippageBps: { y: 1, x: 1 },
  });
  close(slippage, fees / 4);
  close(totalCost, fees + slippage);
});

Deno.test("backtest() pays funding on what was held into the bar, at the close before", () => {
  const fundingY = [0, 0, 0.5, 0.001, 0.002, 0.5];
  const fundingX = [0, 0, 0.5, 0, 0.001, 0.5];
  const { cost, funding, trades } = backtest({ ...RISING, fundingY, fundingX }, FREE);
  // Held from the close of bar 2 to that of bar 4: ten of y, twenty of x sold short.
  close(cost[3], 10 * 100 * 0.001);
  close(cost[4], 10 * 101 * 0.002 - 20 * 50 * 0.001);
  close(funding, cost[3]! + cost[4]!);
  close(trades[0]!.cost, funding);
  strictEqual(sum(cost), funding);
});

Deno.test("backtest() lets an order wait for a bar in which both legs trade", () => {
  const tradable = [1, 1, 0, 1, 1, 1];
  const zScore = [0, -2, -2, -2, 0, 1];
  const columns = { ...RISING, zScore, tradable };
  deepStrictEqual(trips(backtest(columns, FREE)), [[3, 101, 5, 103, "exit"]]);
  strictEqual(backtest({ ...columns, tradable: [1, 1, 0, 0, 0, 1] }, FREE).trades.length, 0);
});

Deno.test("backtest() sells at the last close, or tells what is still open", () => {
  const columns = { ...RISING, zScore: [0, -2, -2, -2, -2, -2] };
  const ended = backtest(columns, FREE);
  deepStrictEqual(trips(ended), [[2, 100, 5, 103, "end"]]);
  strictEqual(ended.open, null);
  strictEqual(ended.position[5], 0);
  const held = backtest(columns, { ...FREE, closeAtEnd: false });
  strictEqual(held.trades.length, 0);
  deepStrictEqual(held.open, {
    side: 1,
    entryBar: 2,
    quantityY: 10,
    quantityX: -20,
    entryY: 100,
    entryX: 50,
  });
  close(held.totalGross, 30);
});

Deno.test("backtest() makes no entry that could only be filled in the last bar", () => {
  const late = { ...RISING, zScore: [0, 0, 0, 0, -2, -2] };
  strictEqual(backtest(late, { ...FREE, closeAtEnd: false }).open, null);
  strictEqual(backtest(late, { ...FREE, closeAtEnd: false, fill: "close" }).open?.entryBar, 4);
  const last = { ...RISING, zScore: [0, 0, 0, 0, 0, -2] };
  strictEqual(backtest(last, { ...FREE, closeAtEnd: false, fill: "close" }).open, null);
});

Deno.test("backtest() of no bars, or of bars without a signal, does nothing", () => {
  const none = backtest({ y: [], x: [], zScore: [], hedgeRatio: [] }, { sizing: "units" });
  deepStrictEqual([none.trades, none.open, none.totalNet, none.equity.length], [[], null, 0, 0]);
  const quiet = backtest({ ...RISING, zScore: Array(6).fill(NaN) }, FREE);
  deepStrictEqual(Array.from(quiet.equity), Array(6).fill(1_000));
});

Deno.test("backtest() keeps its books: net is gross without costs, bars and trades add up", () => {
  fc.assert(fc.property(anyColumns, anyOptions, (columns, options) => {
    const result = backtest(columns, options);
    const { gross, cost, net, equity, trades, totalGross, totalCost, totalNet } = result;
    net.forEach((value, t) => strictEqual(value, gross[t]! - cost[t]!));
    strictEqual(totalNet, totalGross - totalCost);
    close(sum(gross), totalGross, 0, 1e-9);
    close(sum(cost), totalCost, 0, 1e-9);
    close(equity.at(-1) ?? result.capital, result.capital + totalNet, 0, 1e-9);
    close(result.legs.y + result.legs.x, totalGross, 0, 1e-9);
    close(result.fees + result.slippage + result.funding, totalCost, 0, 1e-9);
    if (result.open !== null) return;
    close(sum(trades.map((t) => t.gross)), totalGross, 0, 1e-9);
    close(sum(trades.map((t) => t.cost)), totalCost, 0, 1e-9);
    close(sum(trades.map((t) => t.grossY)), result.legs.y, 0, 1e-9);
    for (const trade of trades) strictEqual(trade.net, trade.gross - trade.cost);
  }));
});

Deno.test("backtest() has the equity of an account of cash and inventory", () => {
  fc.assert(fc.property(anyColumns, anyOptions, (columns, options) => {
    const result = backtest(columns, options);
    cashEquity(columns, options, result)
      .forEach((value, t) => close(result.equity[t], value, 0, 1e-8));
  }));
});

Deno.test("backtest() earns the same at any scale of prices, and in scale with its size", () => {
  fc.assert(fc.property(anyColumns, anyOptions, (columns, options) => {
    const times = (factor: number) => (values: ArrayLike<number>) =>
      Float64Array.from(values, (value) => factor * value);
    const four = times(4);
    const dearer = {
      ...columns,
      y: four(columns.y),
      x: four(columns.x),
      yOpen: four(columns.yOpen),
      xOpen: four(columns.xOpen),
    };
    const one = backtest(columns, options);
    deepStrictEqual(backtest(dearer, options).net, one.net);
    const size = { grossNotional: 2 * options.grossNotional!, capital: 2 * options.capital! };
    const large = backtest(dearer, { ...options, ...size });
    deepStrictEqual(large.net, times(2)(one.net));
    deepStrictEqual(large.position, one.position);
  }));
});

Deno.test("backtest() earns the opposite on the opposite signal", () => {
  fc.assert(fc.property(anyColumns, anyOptions, (columns, options) => {
    const one = backtest(columns, options);
    const other = backtest({ ...columns, zScore: Array.from(columns.zScore, (z) => -z) }, options);
    one.gross.forEach((value, t) => strictEqual(other.gross[t]! + value, 0));
    strictEqual(other.totalGross + one.totalGross, 0);
  }));
});

Deno.test("backtest() sees no future: all but the last bar of a prefix stand", () => {
  fc.assert(
    fc.property(anyColumns, anyOptions, (columns, options) => {
      const bars = Array.from(columns.y, (_, t) => t);
      for (const field of ["position", "gross", "cost", "equity"] as const) {
        const seen = findLookAhead(bars, (known) => {
          const answered = backtest(firstBars(columns, known.length), options)[field];
          return Array.from(answered).slice(0, -1);
        });
        strictEqual(seen, null, field);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("backtest() refuses columns and options that cannot be", () => {
  for (const price of [0, -1, NaN, Infinity]) {
    throws(() => backtest({ ...RISING, x: [50, 50, price, 50, 50, 50] }, FREE), {
      name: "RangeError",
      message:
        `Cannot backtest as "x" must be > 0 in every bar: current value is ${price} in bar 2`,
    });
    const opens = { ...RISING, yOpen: [price, 99, 99, 99, 99, 99] };
    throws(() => backtest(opens, { ...FREE, fill: "next-open" }), RangeError);
    backtest({ ...opens, tradable: [0, 1, 1, 1, 1, 1] }, { ...FREE, fill: "next-open" });
  }
  throws(() => backtest({ ...RISING, fundingY: [0, 0, NaN, 0, 0, 0] }, FREE), RangeError);
  throws(() => backtest({ ...RISING, zScore: [0] }, FREE), RangeError);
  const { yOpen: _, ...noOpens } = RISING;
  throws(() => backtest(noOpens, { ...FREE, fill: "next-open" }), TypeError);
  for (const wrong of [0, -1, NaN, Infinity]) {
    throws(() => backtest(RISING, { ...FREE, capital: wrong }), RangeError);
    throws(() => backtest(RISING, { ...FREE, grossNotional: wrong }), RangeError);
  }
  for (const wrong of [-1, NaN, Infinity]) {
    throws(() => backtest(RISING, { ...FREE, feeBps: wrong }), RangeError);
    throws(() => backtest(RISING, { ...FREE, slippageBps: { y: 0, x: wrong } }), RangeError);
  }
  throws(() => backtest(RISING, { ...FREE, fill: "now" as "close" }), RangeError);
  throws(() => backtest(RISING, { ...FREE, sizing: "lots" as "units" }), RangeError);
});
