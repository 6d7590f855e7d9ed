import { ok } from "node:assert/strict";
import {
  EwmaPair,
  EwmaVariance,
  moments,
  ols,
  pearson,
  rangeVolatility,
  RollingBipower,
  rollingBipowerVariation,
  RollingMoments,
  RollingPair,
  RollingRangeVolatility,
  RollingSum,
  RollingVwap,
  RollingZScore,
} from "../../lib/stats/mod.ts";
import { normal } from "../support/random.ts";

/** 1e7 takes some seconds: `TANDEM_UPDATES=1e7 deno task test tests/stats/long_streams_test.ts`. */
const UPDATES = Number(Deno.env.get("TANDEM_UPDATES") ?? 1e6);
const WINDOW = 100;
/** Rows an exponential window remembers: 0.9^600 is below 1e-27. */
const MEMORY = 600;
const CHECKS = 200;

/** Prices near 118,000 that wander by cents, now and then by hundreds, and a leg that follows. */
function* prices(): Generator<readonly [y: number, x: number, volume: number]> {
  const next = normal(1);
  let x = 118_000;
  let spread = 0;
  for (let t = 0; t < UPDATES; t++) {
    x += 0.05 * next() + (t % 100_000 === 0 ? 300 * next() : 0) - 1e-6 * (x - 118_000);
    spread = 0.9 * spread + 0.02 * next();
    yield [1.2 * x - 5 + spread, x, Math.abs(next()) + 0.01];
  }
}

Deno.test(`streams agree with the batch form to 1e-10 over ${UPDATES} updates`, () => {
  const rollingMoments = new RollingMoments(WINDOW);
  const rollingPair = new RollingPair(WINDOW);
  const rollingSum = new RollingSum(WINDOW);
  const rollingVwap = new RollingVwap(WINDOW);
  const ewma = new EwmaPair({ alpha: 0.1 });
  const variance = new EwmaVariance(0.9);
  const score = new RollingZScore({ window: WINDOW });
  const bipower = new RollingBipower(WINDOW);
  const ranges = { estimator: "yang-zhang", window: WINDOW, periodsPerYear: 1 } as const;
  const range = new RollingRangeVolatility(ranges);
  const rows: (readonly [number, number, number])[] = [];
  const worst: Record<string, number> = {};
  const check = (
    name: string,
    actual: number | null,
    expected: number,
    scale = Math.abs(expected),
  ) => {
    const difference = Math.abs(actual! - expected) / scale;
    worst[name] = Math.max(worst[name] ?? 0, actual === null ? Infinity : difference);
  };
  const every = Math.floor(UPDATES / CHECKS);
  let t = 0;
  for (const row of prices()) {
    const [y, x, volume] = row;
    rollingMoments.push(y);
    rollingPair.push(x, y);
    const sum = rollingSum.push(y - x);
    const vwap = rollingVwap.push(x, volume);
    ewma.push(x, y);
    const smooth = variance.push(y - 1.2 * x + 5);
    score.push(y);
    const jumps = bipower.push(y - x);
    const volatility = range.push(x, x + volume, x - volume, y - 0.2 * x);
    rows.push(row);
    if (rows.length > 2 * MEMORY) rows.splice(0, MEMORY);
    if (++t % every !== 0 || t < MEMORY) continue;
    const last = rows.slice(-WINDOW);
    const ys = last.map(([value]) => value);
    const xs = last.map(([, value]) => value);
    const batch = moments(ys);
    check("mean", rollingMoments.mean, batch.mean!);
    check("deviation", rollingMoments.deviation(), batch.deviation()!);
    const line = ols(ys, xs);
    check("slope", rollingPair.slope, line.slope!);
    check("intercept", rollingPair.intercept, line.intercept!, Math.abs(line.slope! * xs[0]!));
    check("correlation", rollingPair.correlation, pearson(ys, xs).coefficient!);
    const before = moments(rows.slice(-WINDOW - 1, -1).map(([value]) => value - y));
    check("score", score.z, -before.mean! / before.deviation()!, 1);
    const differences = last.map(([a, b]) => a - b);
    check("bipower", jumps, rollingBipowerVariation(differences, { window: WINDOW }).at(-1)!);
    const bars = rows.slice(-WINDOW - 1);
    const columns = {
      open: bars.map(([, b]) => b),
      high: bars.map(([, b, size]) => b + size),
      low: bars.map(([, b, size]) => b - size),
      close: bars.map(([a, b]) => a - 0.2 * b),
    };
    check("range", volatility, rangeVolatility(columns, ranges).at(-1)!);
    check("sum", sum, Math.sumPrecise(last.map(([a, b]) => a - b)));
    const turnover = Math.sumPrecise(last.map(([, price, size]) => price * size));
    check("vwap", vwap, turnover / Math.sumPrecise(last.map(([, , size]) => size)));
    const tail = rows.slice(-MEMORY).toReversed();
    const weights = tail.map((_, k) => 0.9 ** k);
    const total = Math.sumPrecise(weights);
    const meanX = xs[0]! +
      Math.sumPrecise(tail.map(([, value], k) => weights[k]! * (value - xs[0]!))) / total;
    const squares = Math.sumPrecise(tail.map(([, value], k) => weights[k]! * (value - meanX) ** 2));
    check("exponential mean", ewma.meanX, meanX);
    check("exponential deviation", ewma.deviationX(true), Math.sqrt(squares / total));
    const smoothed = Math.sumPrecise(
      tail.map(([b, a], k) => 0.1 * weights[k]! * (b - 1.2 * a + 5) ** 2),
    );
    check("exponential variance", smooth, smoothed);
  }
  const text = Object.entries(worst).map(([name, value]) => `${name} ${value.toExponential(1)}`);
  ok(Object.values(worst).every((value) => value < 1e-10), text.join("\n"));
});
