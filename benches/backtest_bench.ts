/**
 * Hot path: a backtest of one pair over 43,200 bars, a month of minutes, and many of them.
 *
 * The reference is the naive loop that a user writes: thresholds on the z-score, two quantities, a
 * running sum; without trade list, costs by leg, equity, time limit or rows that cannot be traded.
 * `backtest_python.ts` puts pandas beside both.
 *
 * @module
 */
import { backtest, sweepBacktest } from "tandem/backtest";
import { seededColumns } from "./support/seeded_columns.ts";

const BARS = 43_200;
const columns = seededColumns(BARS);
const rules = { entry: 2, exit: 0.5, stop: 4, feeBps: 2, sizing: "dollar" } as const;

/** Net of the same rules at the next closes, without books. */
export function naiveNet(): number {
  const { y, x, zScore, hedgeRatio } = columns;
  const rate = rules.feeBps / 1e4;
  let [side, wanted, blocked] = [0, 0, 0];
  let [quantityY, quantityX, ratio] = [0, 0, 0];
  let net = 0;
  for (let t = 0; t < y.length; t++) {
    if (t > 0) net += quantityY * (y[t]! - y[t - 1]!) + quantityX * (x[t]! - x[t - 1]!);
    if (wanted !== side) {
      side = wanted;
      const notional = side * 10_000 / (1 + Math.abs(ratio));
      const nextY = side === 0 ? 0 : notional / y[t]!;
      const nextX = side === 0 ? 0 : -ratio * notional / x[t]!;
      net -= rate * (Math.abs(nextY - quantityY) * y[t]! + Math.abs(nextX - quantityX) * x[t]!);
      [quantityY, quantityX] = [nextY, nextX];
    }
    const z = zScore[t]!;
    if (!(z === z)) continue;
    if (blocked * z >= -rules.exit) blocked = 0;
    if (side !== 0) {
      if (side * z <= -rules.stop) [wanted, blocked] = [0, side];
      else if (side * z >= -rules.exit) wanted = 0;
    } else if (Math.abs(z) >= rules.entry && Math.abs(z) < rules.stop && t + 2 < y.length) {
      const next = z < 0 ? 1 : -1;
      if (next !== blocked) [wanted, ratio] = [next, hedgeRatio[t]!];
    }
  }
  if (side !== 0) net -= rate * (Math.abs(quantityY) * y.at(-1)! + Math.abs(quantityX) * x.at(-1)!);
  return net;
}

const [ours, theirs] = [backtest(columns, rules).totalNet, naiveNet()];
if (!(Math.abs(ours - theirs) < 1e-6 * Math.abs(theirs))) {
  throw new Error(`The loops disagree: ${ours} and ${theirs}`);
}

Deno.bench({
  name: "a naive loop",
  group: "one pair over 43,200 bars",
  baseline: true,
  fn: () => void naiveNet(),
});

Deno.bench({
  name: "backtest()",
  group: "one pair over 43,200 bars",
  fn: () => void backtest(columns, rules),
});

const rows = Array.from(columns.y, (y, row) => ({
  ...{ row, openTimeMs: row * 60_000, y, x: columns.x[row]! },
  ...{ stale: false, complete: true, revision: 0 },
}));
const steps = (count: number, from: number, step: number) =>
  Array.from({ length: count }, (_, i) => from + i * step);
const grid = { entries: steps(10, 1.5, 0.1), exits: steps(10, 0, 0.1), windows: [240] };

Deno.bench({
  name: "a naive loop, 100 times",
  group: "a sweep of 100 cells",
  baseline: true,
  fn() {
    for (let i = 0; i < 100; i++) naiveNet();
  },
});

Deno.bench({
  name: "sweepBacktest(), with readings, blocks and what speaks against the best",
  group: "a sweep of 100 cells",
  fn: () => void sweepBacktest(rows, grid, { periodsPerYear: 525_600, feeBps: 2, stop: 6 }),
});
