/**
 * What every form that takes one row at a time must do, whichever number it makes.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  bipowerVariation,
  EwmaPair,
  EwmaVariance,
  ExpandingPair,
  KalmanRegression,
  Moments,
  ols,
  pearson,
  RollingBipower,
  rollingBipowerVariation,
  RollingMoments,
  RollingPair,
  RollingRangeVolatility,
  RollingSpearman,
  RollingSum,
  RollingVwap,
  RollingZScore,
  SessionVwap,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal, uniform } from "../support/random.ts";

const WINDOW = 7;
const kalman = { observationVariance: 1, stateCovariance: { slope: 1e-3, intercept: 1e-3 } };
const bars = { window: WINDOW, periodsPerYear: 365 } as const;

/** What all of them share. */
interface Stream {
  push(...row: number[]): unknown;
  read?(into: Float64Array): void;
  state(): unknown;
}

/** How one begins, how many numbers it takes, how it goes on. */
type Kind = readonly [columns: number, make: () => Stream, restore: (state: never) => Stream];

const KINDS: Readonly<Record<string, Kind>> = {
  Moments: [1, () => new Moments(), Moments.restore],
  RollingMoments: [1, () => new RollingMoments(WINDOW), RollingMoments.restore],
  RollingSum: [1, () => new RollingSum(WINDOW), RollingSum.restore],
  RollingZScore: [1, () => new RollingZScore({ window: WINDOW }), RollingZScore.restore],
  "RollingZScore of its own row": [
    1,
    () => new RollingZScore({ window: WINDOW, lag: 0, minCount: 3 }),
    RollingZScore.restore,
  ],
  RollingBipower: [1, () => new RollingBipower(WINDOW), RollingBipower.restore],
  EwmaVariance: [1, () => new EwmaVariance(), EwmaVariance.restore],
  RollingPair: [2, () => new RollingPair(WINDOW), RollingPair.restore],
  ExpandingPair: [2, () => new ExpandingPair(), ExpandingPair.restore],
  RollingSpearman: [2, () => new RollingSpearman(WINDOW), RollingSpearman.restore],
  EwmaPair: [2, () => new EwmaPair({ alpha: 0.1 }), EwmaPair.restore],
  KalmanRegression: [2, () => new KalmanRegression(kalman), KalmanRegression.restore],
  RollingVwap: [2, () => new RollingVwap(WINDOW), RollingVwap.restore],
  SessionVwap: [2, () => new SessionVwap(), SessionVwap.restore],
  ...Object.fromEntries(
    ([
      "parkinson",
      "garman-klass",
      "rogers-satchell",
      "yang-zhang",
      "garman-klass-yang-zhang",
    ] as const)
      .map((estimator): [string, Kind] => [
        `RollingRangeVolatility of ${estimator}`,
        [
          4,
          () => new RollingRangeVolatility({ estimator, ...bars }),
          RollingRangeVolatility.restore,
        ],
      ]),
  ),
};

/** Positive rows that wander, some with a missing number. */
function rowsOf(seed: number, count: number): number[][] {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  let level = 4;
  return Array.from({ length: count }, () => {
    level += 0.01 * next();
    const prices = Array.from({ length: 4 }, () => Math.exp(level + 0.01 * next()));
    const bar = [prices[0]!, Math.max(...prices), Math.min(...prices), prices[3]!];
    return bar.map((price) => chance() < 0.03 ? NaN : price);
  });
}

/** All that a stream tells: its getters and what it reads out. */
function told(stream: Stream): unknown[] {
  const numbers = new Float64Array(8).fill(NaN);
  stream.read?.(numbers);
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(stream)))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => Reflect.get(stream, name));
  return [...numbers, ...getters];
}

for (const [name, [columns, make, restore]] of Object.entries(KINDS)) {
  Deno.test(`${name}: one that is restored from JSON goes on bit for bit`, () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(40), (seed, cut) => {
        const whole = make();
        let copy = make();
        rowsOf(seed, 40).forEach((row, t) => {
          if (t === cut) copy = restore(JSON.parse(JSON.stringify(copy.state())) as never);
          deepStrictEqual(
            whole.push(...row.slice(0, columns)),
            copy.push(...row.slice(0, columns)),
          );
          deepStrictEqual(told(copy), told(whole));
        });
        deepStrictEqual(
          told(restore(JSON.parse(JSON.stringify(whole.state())) as never)),
          told(whole),
        );
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("read() tells what the getters tell, NaN for null", () => {
  const numbers = new Float64Array(8);
  const agree = (values: readonly (number | null)[]) =>
    deepStrictEqual([...numbers.subarray(0, values.length)], values.map((value) => value ?? NaN));
  const [moments, pair, expanding] = [
    new RollingMoments(5),
    new RollingPair(5),
    new ExpandingPair(),
  ];
  const [weighted, line] = [new EwmaPair({ alpha: 0.2 }), new KalmanRegression(kalman)];
  const score = new RollingZScore({ window: 5 });
  for (const [x, y] of [...rowsOf(3, 60), [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 2]]) {
    for (const stream of [moments, score]) stream.push(x!);
    for (const stream of [pair, expanding, weighted, line]) stream.push(x!, y!);
    moments.read(numbers);
    agree([moments.mean, moments.deviation()]);
    score.read(numbers);
    agree([score.z, score.mean, score.deviation]);
    pair.read(numbers);
    const { slope, intercept, correlation, covariance, residualDeviation, slopeError } = pair;
    agree([slope, intercept, correlation, covariance, residualDeviation, slopeError]);
    expanding.read(numbers);
    agree([expanding.slope, expanding.intercept, expanding.correlation]);
    weighted.read(numbers);
    agree([weighted.meanX, weighted.meanY, weighted.deviationX(), weighted.deviationY()]);
    ok(Object.is(numbers[4], weighted.covariance() ?? NaN));
    ok(Object.is(numbers[5], weighted.correlation ?? NaN));
    line.read(numbers);
    agree([line.slope, line.intercept, line.innovation, line.innovationVariance, line.zScore]);
  }
});

Deno.test("ExpandingPair equals ols() and pearson() of all rows so far", () => {
  const pair = new ExpandingPair();
  const numbers = new Float64Array(6);
  const rows = rowsOf(5, 80).map(([x, y]) => [x! + 1e5, y! + 1e5]);
  rows.forEach(([x, y], t) => {
    pair.push(x!, y!);
    if (pair.count < 3) return strictEqual(pair.count < 2 ? pair.slope : null, null);
    const columns = [0, 1].map((column) => rows.slice(0, t + 1).map((row) => row[column]!));
    const line = ols(columns[1]!, columns[0]!);
    pair.read(numbers);
    close(pair.slope, line.slope!, 1e-8);
    close(pair.intercept, line.intercept!, 1e-8);
    close(pair.correlation, pearson(columns[1]!, columns[0]!).coefficient!, 1e-10);
    if (line.residualVariance! > 0) close(numbers[4]!, Math.sqrt(line.residualVariance!), 1e-7);
    if (line.slopeStatistics) close(numbers[5]!, line.slopeStatistics.error, 1e-7);
  });
});

Deno.test("RollingBipower is bipowerVariation() of each window that misses nothing", () => {
  const returns = rowsOf(7, 200).map(([value]) => value! - 50);
  rollingBipowerVariation(returns, { window: WINDOW }).forEach((value, t) => {
    const last = returns.slice(Math.max(0, t + 1 - WINDOW), t + 1);
    if (last.length < WINDOW || last.some(Number.isNaN)) return strictEqual(value, null);
    close(value, bipowerVariation(last)!, 1e-12);
  });
});
