import { ok } from "node:assert/strict";
import * as stats from "../../lib/stats/mod.ts";
import { pairStability, symmetricRatios } from "../../lib/pairs/mod.ts";
import { normal } from "../support/random.ts";

type Series = readonly number[];

const noise = (seed: number, count = 60) => Array.from({ length: count }, normal(seed));
const walk = (seed: number, count = 60) => {
  let level = 0;
  return noise(seed, count).map((step) => level += step);
};

/** What goes wrong in the field: y and x. */
const NASTY: Readonly<Record<string, readonly [Series, Series]>> = {
  nothing: [[], []],
  "one row": [[1], [2]],
  "two points": [[1, 2], [3, 5]],
  "three points": [[1, 2, 4], [3, 5, 4]],
  "both constant": [Array(60).fill(0.1), Array(60).fill(3.3)],
  "constant x": [walk(1), Array(60).fill(0.1)],
  "constant y": [Array(60).fill(1e5), walk(2)],
  "the same twice": [walk(3), walk(3)],
  "one instrument": [walk(4).map((v) => 2 * v + 1), walk(4)],
  "all missing": [Array(60).fill(NaN), walk(5)],
  "one missing": [walk(6).map((v, t) => t === 30 ? NaN : v), walk(7)],
  "an infinite price": [walk(8).map((v, t) => t === 30 ? Infinity : v), walk(9)],
  "a cent apart at 118,000": [
    walk(10).map((v) => 118_000 + 0.01 * v),
    walk(11).map((v) => 118_000 + 0.01 * v),
  ],
  "a straight line": [Array.from({ length: 60 }, (_, t) => t), walk(12)],
  "one outlier of 1e12": [walk(13).map((v, t) => t === 40 ? 1e12 : v), walk(14)],
  "too small to square": [walk(15).map((v) => 1e-170 * v), walk(16)],
  "too large to square": [walk(17).map((v) => 1e200 * v), walk(18)],
  "up and down": [Array.from({ length: 60 }, (_, t) => (-1) ** t), walk(19)],
  "only zeros and ones": [noise(20).map((v) => v > 0 ? 1 : 0), noise(21).map((v) => v > 0 ? 1 : 0)],
  "mostly stale": [walk(22).map((v, t) => t < 55 ? 7 : v), walk(23)],
};

const year = 252;
const kalman = { observationVariance: 1, stateCovariance: { slope: 1e-4, intercept: 1e-4 } };
const wide = { window: 1_000_000 };

/** Every function of one or two series, with windows usual and huge. */
const FUNCTIONS: Readonly<Record<string, (y: Series, x: Series) => unknown>> = {
  adf: (y) => stats.adf(y),
  "adf of t-stat": (y) => stats.adf(y, { trend: "ctt", lagChoice: "t-stat" }),
  autocorrelations: (y) => stats.autocorrelations(y, 5),
  bipowerVariation: (y) => stats.bipowerVariation(y),
  bollingerBands: (y) => stats.bollingerBands(y, { window: 5 }),
  chow: (y, x) => stats.chow(y, x, { at: y.length >> 1 }),
  crossCorrelation: (y, x) => stats.crossCorrelation(y, x, { maxLag: 3 }),
  engleGranger: (y, x) => stats.engleGranger(y, x),
  ewmaScores: (y) => stats.ewmaScores(y, { alpha: 0.1 }),
  ewmaVariance: (y) => stats.ewmaVariance(y),
  granger: (y, x) => stats.granger(y, x, { lags: 2 }),
  halfLife: (y) => stats.halfLife(y),
  huber: (y, x) => stats.huber(y, x),
  hurst: (y) => stats.hurst(y),
  jarqueBera: (y) => stats.jarqueBera(y),
  johansen: (y, x) => stats.johansen([y, x]),
  "johansen with drift": (y, x) => stats.johansen([y, x], { model: "unrestricted-constant" }),
  kalmanRegression: (y, x) => stats.kalmanRegression(y, x, kalman),
  kalmanSmoother: (y, x) => stats.kalmanSmoother(y, x, kalman),
  kendall: (y, x) => stats.kendall(y, x),
  kpss: (y) => stats.kpss(y),
  ljungBox: (y) => stats.ljungBox(y, { lags: 3 }),
  logReturns: (y) => stats.logReturns(y),
  median: (y) => stats.median(y),
  ols: (y, x) => stats.ols(y, x),
  "ols through the origin": (y, x) => stats.ols(y, x, { intercept: false }),
  olsCusum: (y, x) => stats.olsCusum(y, x),
  pairStability: (y, x) => pairStability(y, x),
  partialAutocorrelations: (y) => stats.partialAutocorrelations(y, 3),
  pearson: (y, x) => stats.pearson(y, x),
  performanceMetrics: (y) => stats.performanceMetrics(y, { periodsPerYear: year }),
  phillipsOuliaris: (y, x) => stats.phillipsOuliaris(y, x),
  phillipsPerron: (y) => stats.phillipsPerron(y),
  recursiveCusum: (y, x) => stats.recursiveCusum(y, x),
  rollingCorrelation: (y, x) => stats.rollingCorrelation(y, x, { window: 5 }),
  "rollingCorrelation of a huge window": (y, x) =>
    stats.rollingCorrelation(y, x, { ...wide, minCount: 2 }),
  rollingOls: (y, x) => stats.rollingOls(y, x, { window: 5 }),
  rollingSpearman: (y, x) => stats.rollingSpearman(y, x, { window: 5 }),
  rollingRealisedVolatility: (y) =>
    stats.rollingRealisedVolatility(y, { window: 5, periodsPerYear: year }),
  sampleVolatility: (y) => stats.sampleVolatility(y, year),
  siegel: (y, x) => stats.siegel(y, x),
  simpleReturns: (y) => stats.simpleReturns(y),
  spearman: (y, x) => stats.spearman(y, x),
  symmetricRatios: (y, x) => symmetricRatios(y, x, { standardized: true }),
  theilSen: (y, x) => stats.theilSen(y, x),
  totalLeastSquares: (y, x) => stats.totalLeastSquares(y, x),
  varianceRatio: (y) => stats.varianceRatio(y, 2),
  zScores: (y) => stats.zScores(y, { window: 5 }),
  "zScores of a huge window": (y) => stats.zScores(y, { ...wide, minCount: 2 }),
  zivotAndrews: (y) => stats.zivotAndrews(y),
};

/** Fields that are infinite by definition. */
const INFINITE = new Set(["bars", "chanBars", "statistic", "criterion", "logLikelihood"]);

/** The names of numbers that are NaN, or infinite without being so by definition. */
function badNumbers(value: unknown, name: string): string[] {
  if (typeof value === "number") {
    const isFine = Number.isFinite(value) ||
      (Math.abs(value) === Infinity && INFINITE.has(name.split(".").at(-1)!));
    return isFine ? [] : [`${name} is ${value}`];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => badNumbers(part, `${name}.${key}`));
}

for (const [title, [y, x]] of Object.entries(NASTY)) {
  Deno.test(`every function answers numbers or null for ${title}`, () => {
    const bad: string[] = [];
    for (const [name, compute] of Object.entries(FUNCTIONS)) {
      try {
        bad.push(...badNumbers(compute(y, x), name).slice(0, 2));
      } catch (error) {
        // Options that a short series cannot have are refused by name.
        if (!(error instanceof RangeError && /^Cannot /.test(error.message))) {
          bad.push(`${name} fails: ${error}`);
        }
      }
    }
    ok(bad.length === 0, bad.join("\n"));
  });
}
