import {
  kalmanEm,
  kalmanLogLikelihood,
  type KalmanOptions,
  kalmanRegression,
  kalmanSmoother,
} from "../../../lib/stats/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

type Matrix = [[number, number], [number, number]];

export const kalman: Adapter = {
  ignores: ["delta", "init"],
  run(golden) {
    const y = golden.series("y");
    const x = golden.series("x");
    if (golden.has("grid")) {
      const grid = golden.param("grid") as [number, number][];
      return { loglik: grid.map(([q, r]) => kalmanLogLikelihood(y, x, model(golden, q, r))) };
    }
    const options = golden.has("W") ? model(golden) : DEFAULTS;
    if (golden.has("em_iter")) return emAnswer(golden, y, x, options);
    if (golden.has("smoother")) {
      if (golden.param("smoother") !== true) throw unknownCase(golden);
      const smoothed = kalmanSmoother(y, x, options);
      return {
        beta: smoothed.slope,
        alpha: smoothed.intercept,
        p00: smoothed.slopeVariance,
        p01: smoothed.covariance,
        p11: smoothed.interceptVariance,
      };
    }
    const first = golden.has("from_bar") ? golden.number("from_bar") : 0;
    const filtered = kalmanRegression(y, x, options);
    return {
      beta: filtered.slope.slice(first),
      alpha: filtered.intercept.slice(first),
      p00: filtered.slopeVariance,
      p01: filtered.covariance,
      p11: filtered.interceptVariance,
      e: filtered.innovation,
      s: filtered.innovationVariance,
      z: filtered.zScore,
      loglik: filtered.logLikelihood,
      beta_last: filtered.slope.at(-1),
      z_last: filtered.zScore.at(-1),
    };
  },
};

const DEFAULTS: KalmanOptions = {
  observationVariance: 1,
  stateCovariance: { slope: 0, intercept: 0 },
};

function model(golden: GoldenCase, q?: number, r?: number): KalmanOptions {
  const [slope, intercept] = golden.param("m0") as [number, number];
  return {
    observationVariance: r ?? golden.number("R"),
    stateCovariance: q === undefined
      ? covariance(golden.param("W"))
      : { slope: q, cross: 0, intercept: q },
    initialState: { slope, intercept },
    initialCovariance: covariance(golden.param("P0")),
  };
}

function covariance(matrix: unknown): { slope: number; cross: number; intercept: number } {
  const [[slope, cross], [, intercept]] = matrix as Matrix;
  return { slope, cross, intercept };
}

function emAnswer(golden: GoldenCase, y: number[], x: number[], options: KalmanOptions) {
  const estimated = [...golden.param("em_vars") as string[]].sort().join();
  if (estimated !== "R,W") throw unknownCase(golden);
  const { stateCovariance: w, observationVariance, logLikelihoods } = kalmanEm(y, x, options, {
    maxIterations: golden.number("em_iter"),
  });
  return {
    W: [[w.slope, w.cross], [w.cross, w.intercept]],
    R: observationVariance,
    loglik: logLikelihoods.at(-1),
  };
}
