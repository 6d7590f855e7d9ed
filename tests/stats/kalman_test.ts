import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  fitKalman,
  kalmanEm,
  kalmanLogLikelihood,
  type KalmanOptions,
  KalmanRegression,
  kalmanRegression,
  kalmanSmoother,
  randomWalkCovariance,
  type StateCovariance,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const STILL: StateCovariance = { slope: 0, intercept: 0 };

/** A pair of log prices whose slope wanders, or whose spread reverts. */
function pair(seed: number, nobs: number, { slopeStep = 0, memory = 0, noise = 0.01 } = {}) {
  const next = normal(seed);
  let level = 11;
  let slope = 1.2;
  let spread = 0;
  const x: number[] = [];
  const y: number[] = [];
  for (let t = 0; t < nobs; t++) {
    level += 0.01 * next();
    slope += slopeStep * next();
    spread = memory * spread + noise * next();
    x.push(level);
    y.push(0.3 + slope * level + spread);
  }
  return { y, x };
}

/** The recursion with full matrices, plain update, uncentred. */
function plainFilter(y: readonly number[], x: readonly number[], options: KalmanOptions) {
  const { observationVariance: r, stateCovariance: w } = options;
  const p0 = options.initialCovariance ?? STILL;
  let [b, a] = [options.initialState?.slope ?? 0, options.initialState?.intercept ?? 0];
  let p = [[p0.slope, p0.cross ?? 0], [p0.cross ?? 0, p0.intercept]];
  let likelihood = 0;
  const slopes: number[] = [];
  y.forEach((value, t) => {
    if (t > 0) {
      p = [
        [p[0]![0]! + w.slope, p[0]![1]! + (w.cross ?? 0)],
        [p[1]![0]! + (w.cross ?? 0), p[1]![1]! + w.intercept],
      ];
    }
    const f = [x[t]!, 1];
    if (Number.isFinite(value) && Number.isFinite(x[t])) {
      const h = p.map((row) => row[0]! * f[0]! + row[1]! * f[1]!);
      const s = h[0]! * f[0]! + h[1]! + r;
      const e = value - b * f[0]! - a;
      b += h[0]! / s * e;
      a += h[1]! / s * e;
      p = p.map((row, i) => row.map((cell, j) => cell - h[i]! * h[j]! / s));
      likelihood -= 0.5 * (Math.log(2 * Math.PI * s) + e * e / s);
    }
    slopes.push(b);
  });
  return { slopes, likelihood };
}

const MODEL: KalmanOptions = {
  observationVariance: 1e-3,
  stateCovariance: { slope: 2e-5, cross: -1e-6, intercept: 5e-5 },
  initialState: { slope: 1, intercept: 0 },
  initialCovariance: { slope: 1, cross: 0.2, intercept: 1 },
};

Deno.test("kalmanRegression() equals the plain matrix recursion, centred or not", () => {
  fc.assert(fc.property(fc.nat(1e6), fc.boolean(), (seed, centre) => {
    const { y, x } = pair(seed, 60);
    y[0] = seed % 3 === 0 ? NaN : y[0]!;
    x[7] = NaN;
    const plain = plainFilter(y, x, MODEL);
    const filtered = kalmanRegression(y, x, { ...MODEL, centre });
    filtered.slope.forEach((slope, t) => close(slope, plain.slopes[t]!, 1e-8));
    close(filtered.logLikelihood, plain.likelihood, 1e-8);
  }));
});

Deno.test("kalmanRegression() with an uncertain start equals expanding least squares", () => {
  const { y, x } = pair(3, 120, { noise: 0.01 });
  const filtered = kalmanRegression(y, x, {
    observationVariance: 1e-4,
    stateCovariance: STILL,
    initialCovariance: { slope: 1e9, intercept: 1e9 },
  });
  for (const t of [20, 60, 119]) {
    const [my, mx] = [y, x].map((v) => v.slice(0, t + 1).reduce((a, b) => a + b) / (t + 1));
    let [sxx, sxy] = [0, 0];
    for (let i = 0; i <= t; i++) {
      sxx += (x[i]! - mx!) ** 2;
      sxy += (x[i]! - mx!) * (y[i]! - my!);
    }
    close(filtered.slope[t], sxy / sxx, 1e-8);
    close(filtered.intercept[t], my! - sxy / sxx * mx!, 1e-7);
  }
});

Deno.test("kalmanRegression.push() predicts only while a value is missing", () => {
  const filter = new KalmanRegression(MODEL);
  filter.push(1.1, 1);
  const { slope, intercept, slopeVariance } = filter;
  for (const [y, x] of [[NaN, 1], [1, NaN], [Infinity, 1], [1, -Infinity]]) filter.push(y!, x!);
  deepStrictEqual([filter.slope, filter.intercept], [slope, intercept]);
  close(filter.slopeVariance, slopeVariance + 4 * 2e-5, 1e-12);
  deepStrictEqual([filter.innovation, filter.innovationVariance, filter.zScore], [
    null,
    null,
    null,
  ]);
  strictEqual(filter.nobs, 1);
});

Deno.test("kalmanRegression.restore() goes on bit for bit, also through JSON", () => {
  fc.assert(fc.property(fc.nat(1e6), fc.nat(50), (seed, cut) => {
    const { y, x } = pair(seed, 50);
    const whole = new KalmanRegression({ ...MODEL, healthWindow: 10 });
    let filter = new KalmanRegression({ ...MODEL, healthWindow: 10 });
    y.forEach((value, t) => {
      if (t === cut) {
        filter = KalmanRegression.restore(JSON.parse(JSON.stringify(filter.state())));
      }
      filter.push(value, x[t]!);
      whole.push(value, x[t]!);
      deepStrictEqual(
        [filter.slope, filter.interceptVariance, filter.zScore, filter.zDeviation],
        [whole.slope, whole.interceptVariance, whole.zScore, whole.zDeviation],
      );
    });
  }));
});

Deno.test("kalmanRegression() of a row depends on no later row", () => {
  fc.assert(fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 40 }), (seed, cut) => {
    const { y, x } = pair(seed, 40);
    const whole = kalmanRegression(y, x, MODEL);
    const part = kalmanRegression(y.slice(0, cut), x.slice(0, cut), MODEL);
    deepStrictEqual(part.zScore, whole.zScore.slice(0, cut));
  }));
});

Deno.test("kalmanRegression.zDeviation is near 1 for the true model and tells a wrong one", () => {
  const { y, x } = pair(5, 600, { slopeStep: 1e-3 });
  const model = {
    observationVariance: 1e-4,
    initialState: { slope: 1.2, intercept: 0.3 },
    healthWindow: 500,
  };
  const health = (slope: number) =>
    kalmanRegression(y, x, { ...model, stateCovariance: { slope, intercept: 0 } }).zDeviation!;
  ok(Math.abs(health(1e-6) - 1) < 0.1, `${health(1e-6)}`);
  ok(health(1e-2) < 0.05, "a slope that may do anything explains everything");
  ok(health(1e-10) > 3, "a slope that may do nothing explains nothing");
  strictEqual(new KalmanRegression({ ...model, stateCovariance: STILL }).zDeviation, null);
});

Deno.test("kalmanSmoother() of the last row is the filter, and no row is less certain", () => {
  fc.assert(fc.property(fc.nat(1e6), (seed) => {
    const { y, x } = pair(seed, 40);
    x[seed % 40] = NaN;
    const filtered = kalmanRegression(y, x, MODEL);
    const smoothed = kalmanSmoother(y, x, MODEL);
    close(smoothed.slope.at(-1), filtered.slope.at(-1)!, 1e-9);
    close(smoothed.logLikelihood, filtered.logLikelihood, 1e-9);
    smoothed.slopeVariance.forEach((variance, t) =>
      ok(variance <= filtered.slopeVariance[t]! * (1 + 1e-7))
    );
  }));
});

Deno.test("kalmanSmoother() of a line that cannot move is one line", () => {
  const { y, x } = pair(6, 60);
  const { slope } = kalmanSmoother(y, x, { ...MODEL, stateCovariance: STILL });
  for (const value of slope) close(value, slope[0]!, 1e-7);
});

Deno.test("kalmanSmoother() follows a constant intercept exactly", () => {
  const { y, x } = pair(7, 60, { slopeStep: 1e-3 });
  const { intercept } = kalmanSmoother(y, x, {
    ...MODEL,
    stateCovariance: { slope: 1e-6, intercept: 0 },
  });
  for (const value of intercept) close(value, intercept[0]!, 0, 1e-7);
});

Deno.test("kalmanEm() never lowers the likelihood and answers the likelihood of its model", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const { y, x } = pair(seed, 60, { slopeStep: 1e-3 });
      x[seed % 60] = NaN;
      const em = kalmanEm(y, x, { ...MODEL, observationVariance: 1e-2 }, { maxIterations: 8 });
      em.logLikelihoods.forEach((value, i) =>
        ok(i === 0 || value >= em.logLikelihoods[i - 1]! - 1e-9 * Math.abs(value))
      );
      const { observationVariance, stateCovariance } = em;
      const model = { ...MODEL, observationVariance, stateCovariance };
      close(em.logLikelihoods.at(-1), kalmanLogLikelihood(y, x, model), 1e-7);
    }),
    { numRuns: 20 },
  );
});

Deno.test("kalmanEm() explains a reverting spread as a moving intercept, unless that is constant", () => {
  const { y, x } = pair(8, 400, { memory: 0.9, noise: 0.01 });
  const from = (intercept: number) => ({
    ...MODEL,
    observationVariance: 1e-3,
    stateCovariance: { slope: 1e-6, intercept },
    initialCovariance: { slope: 1, intercept: 1 },
  });
  const free = kalmanEm(y, x, from(1e-4), { maxIterations: 30 });
  const held = kalmanEm(y, x, from(0), { maxIterations: 30 });
  ok(free.observationVariance < 0.05 * 5e-4, "the spread is gone");
  ok(Math.abs(held.stateCovariance.intercept) < 1e-12, "a constant intercept stays constant");
});

Deno.test("kalmanEm() stops at the tolerance, and says why it could not start", () => {
  const { y, x } = pair(9, 60);
  const early = kalmanEm(y, x, MODEL, { maxIterations: 100, tolerance: 1 });
  ok(early.converged && early.iterations < 100);
  strictEqual(kalmanEm([1], [1], MODEL).reason, "too few rows: 1 of 2");
  for (const maxIterations of [0, 1.5, NaN]) {
    throws(() => kalmanEm(y, x, MODEL, { maxIterations }), RangeError);
  }
});

Deno.test("fitKalman() is at least as likely as its neighbours and finds the true variances", () => {
  const { y, x } = pair(10, 800, { slopeStep: 2e-3, noise: 0.01 });
  const initial = {
    initialState: { slope: 1.2, intercept: 0.3 },
    initialCovariance: { slope: 0.1, intercept: 0.1 },
  };
  const fit = fitKalman(y, x, { ...initial, constantIntercept: true });
  ok(!fit.atEdge);
  close(Math.log10(fit.observationVariance!), -4, 0.05);
  close(Math.log10(fit.stateCovariance!.slope), Math.log10(4e-6), 0.05);
  for (const factor of [0.8, 1.25]) {
    const near = {
      ...initial,
      observationVariance: fit.observationVariance! * factor,
      stateCovariance: fit.stateCovariance!,
    };
    ok(kalmanLogLikelihood(y, x, near) < fit.logLikelihood!);
  }
});

Deno.test("fitKalman() is absent, with a reason, for few rows or a constant y", () => {
  strictEqual(fitKalman([1, 2], [1, 2]).reason, "too few rows: 2 of 10");
  const x = Array.from({ length: 20 }, (_, t) => t);
  strictEqual(fitKalman(x.map(() => 5), x).reason, "y is constant");
});

Deno.test("KalmanRegression refuses what is no model", () => {
  for (const observationVariance of [0, -1, NaN, Infinity]) {
    throws(() => new KalmanRegression({ ...MODEL, observationVariance }), RangeError);
  }
  for (
    const stateCovariance of [
      { slope: -1, intercept: 1 },
      { slope: 1, intercept: NaN },
      { slope: 1, cross: 2, intercept: 1 },
    ]
  ) throws(() => new KalmanRegression({ ...MODEL, stateCovariance }), RangeError);
  throws(() => new KalmanRegression({ ...MODEL, healthWindow: 1 }), RangeError);
  throws(() => kalmanRegression([1], [1, 2], MODEL), RangeError);
  throws(() => kalmanSmoother([1], [1, 2], MODEL), RangeError);
  throws(() => kalmanLogLikelihood([1], [1, 2], MODEL), RangeError);
  for (const delta of [-0.1, 1, NaN]) throws(() => randomWalkCovariance(delta), RangeError);
});
