import { deepStrictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  bollingerBands,
  ewmaScores,
  ewmaVariance,
  kalmanRegression,
  logReturns,
  rangeVolatility,
  rollingCorrelation,
  rollingOls,
  rollingRealisedVariance,
  rollingRealisedVolatility,
  rollingSampleVolatility,
  rollingSpearman,
  rollingVwap,
  sessionVwap,
  simpleReturns,
  zScores,
} from "../../lib/stats/mod.ts";
import { normal, uniform } from "../support/random.ts";

/** Two series of positive values, now and then one is missing. */
function series(seed: number, count: number): { y: number[]; x: number[] } {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  const path = () => {
    let level = 4;
    return Array.from(
      { length: count },
      () => chance() < 0.05 ? NaN : Math.exp(level += 0.01 * next()),
    );
  };
  return { y: path(), x: path() };
}

const window = 7;
const year = { window, periodsPerYear: 252 };
const kalman = {
  observationVariance: 1,
  stateCovariance: { slope: 1e-3, intercept: 1e-3 },
  centre: true,
};

/** Everything that answers one value per row and may be used for signals. */
const causal: Readonly<Record<string, (y: number[], x: number[]) => unknown>> = {
  simpleReturns: (y) => simpleReturns(y),
  logReturns: (y) => logReturns(y),
  ewmaVariance: (y) => ewmaVariance(y),
  rollingRealisedVariance: (y) => rollingRealisedVariance(y, { window }),
  rollingRealisedVolatility: (y) => rollingRealisedVolatility(y, year),
  rollingSampleVolatility: (y) => rollingSampleVolatility(y, year),
  rollingVwap: (y, x) => rollingVwap(y, x, window),
  sessionVwap: (y, x) => sessionVwap(y, x),
  rollingOls: (y, x) => {
    const { slope, intercept } = rollingOls(y, x, { window });
    return { slope, intercept };
  },
  expandingOls: (y, x) => rollingOls(y, x, { window, expanding: true }).slope,
  rollingCorrelation: (y, x) => ({ ...rollingCorrelation(y, x, { window }) }),
  rollingSpearman: (y, x) => rollingSpearman(y, x, { window }),
  zScores: (y) => ({ ...zScores(y, { window }) }),
  zScoresNow: (y) => ({ ...zScores(y, { window, lag: 0 }) }),
  ewmaScores: (y) => ({ ...ewmaScores(y, { alpha: 0.2 }) }),
  bollingerBands: (y) => ({ ...bollingerBands(y, { window }) }),
  kalmanRegression: (y, x) => {
    const { slope, intercept, zScore } = kalmanRegression(y, x, kalman);
    return { slope, intercept, zScore };
  },
  rangeVolatility: (y, x) =>
    rangeVolatility({
      open: y,
      high: y.map((value, t) => Math.max(value, x[t]!)),
      low: y.map((value, t) => Math.min(value, x[t]!)),
      close: x,
    }, { estimator: "yang-zhang", ...year }),
};

/** The columns of a result, cut to the first rows. */
function cut(result: unknown, length: number): unknown {
  if (Array.isArray(result) || ArrayBuffer.isView(result)) {
    return Array.prototype.slice.call(result, 0, length);
  }
  return Object.fromEntries(
    Object.entries(result as object).map(([name, column]) => [name, cut(column, length)]),
  );
}

for (const [name, compute] of Object.entries(causal)) {
  Deno.test(`${name}() of a prefix is the prefix, bit for bit: no row sees a later one`, () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 0, max: 60 }), (seed, length) => {
        const { y, x } = series(seed, 60);
        const whole = compute(y, x);
        deepStrictEqual(
          cut(compute(y.slice(0, length), x.slice(0, length)), length),
          cut(whole, length),
        );
      }),
      { numRuns: 40 },
    );
  });
}
