/**
 * Functions over a day of one-minute bars, and updates bar by bar, beside what npm offers for them.
 *
 * npm has no unit-root or cointegration test to compare with: `adf()` stands beside the regression
 * that a user would write for it with ml-matrix. What Python takes is in `python_refresh.ts`.
 *
 * @module
 */
import { default as kalmanFilter } from "npm:kalman-filter@2.3.0";
import { Matrix, solve } from "npm:ml-matrix@6.15.1";
import {
  cumulativeStdNormalProbability,
  linearRegression,
  medianAbsoluteDeviation as simpleDeviation,
  rSquared,
  sampleCorrelation,
  sampleRankCorrelation,
} from "npm:simple-statistics@7.12.1";
import {
  adf,
  bollingerBands,
  halfLife,
  huber,
  KalmanRegression,
  medianAbsoluteDeviation,
  normalCdf,
  ols,
  pearson,
  RollingMoments,
  RollingPair,
  spearman,
  theilSen,
  totalLeastSquares,
} from "tandem/stats";
import { seededPair } from "./support/seeded_pair.ts";

/** What is used of technicalindicators; see `TECHNICAL_INDICATORS`. */
interface TechnicalIndicators {
  readonly BollingerBands: {
    calculate(options: { period: number; stdDev: number; values: number[] }): { upper: number }[];
  };
  readonly SMA: new (options: { period: number; values: number[] }) => Stream;
  readonly SD: new (options: { period: number; values: number[] }) => Stream;
}

interface Stream {
  nextValue(value: number): number | undefined;
}

/**
 * Hidden from the module graph: the package depends on the declarations of Node 6, which would
 * replace those of this runtime in every type check of the project.
 */
const TECHNICAL_INDICATORS = ["npm:technicalindicators", "3.1.0"].join("@");
const { BollingerBands, SD, SMA }: TechnicalIndicators = await import(TECHNICAL_INDICATORS);

const DAY = 1_440;
const BARS = 5_000;
const WINDOW = 60;
const day = seededPair(DAY);
const long = seededPair(BARS);
const points = day.x.map((x, i) => [x, day.y[i]!]);
const spread = Array.from(ols(day.y, day.x).residuals);

/** Fails where a result is no number, and keeps it from being optimized away. */
function use(value: number | null | undefined): void {
  if (!Number.isFinite(value)) throw new Error(`Not a number: ${value}`);
}

/** A group: the reference first. */
function group(name: string, reference: [string, () => void], ...ours: [string, () => void][]) {
  Deno.bench({ name: reference[0], group: name, baseline: true, fn: reference[1] });
  for (const [title, fn] of ours) Deno.bench({ name: title, group: name, fn });
}

/** Coefficients, residual variance and standard errors, as one writes them with matrices. */
function matrixOls(columns: readonly ArrayLike<number>[], y: readonly number[]): number[] {
  const design = Matrix.columnVector(Array.from(columns[0]!));
  for (const column of columns.slice(1)) design.addColumn(Array.from(column));
  const target = Matrix.columnVector(y as number[]);
  const transposed = design.transpose();
  const inverse = solve(transposed.mmul(design), Matrix.eye(columns.length));
  const coefficients = inverse.mmul(transposed.mmul(target));
  const residuals = Matrix.sub(target, design.mmul(coefficients));
  const variance = residuals.dot(residuals) / (y.length - columns.length);
  return coefficients.to1DArray()
    .map((value, i) => value / Math.sqrt(variance * inverse.get(i, i)));
}

const ones = new Float64Array(DAY).fill(1);

group(
  "least squares with t-ratios, 1,440 rows",
  ["ml-matrix", () => use(matrixOls([day.x, ones], day.y)[0])],
  ["ols(), with Newey-West errors", () => use(ols(day.y, day.x).slopeStatistics!.t)],
);

group(
  "a line, 1,440 rows",
  ["simple-statistics", () => {
    const { m, b } = linearRegression(points);
    use(m + rSquared(points, (x) => m * x + b));
  }],
  ["totalLeastSquares()", () => use(totalLeastSquares(day.y, day.x).slope)],
  ["huber()", () => use(huber(day.y, day.x).slope)],
  ["theilSen()", () => use(theilSen(day.y, day.x).slope)],
);

group(
  "correlation, 1,440 rows",
  ["simple-statistics", () => use(sampleCorrelation(day.x, day.y))],
  ["pearson(), with its p-value", () => use(pearson(day.y, day.x).coefficient)],
);

group(
  "rank correlation, 1,440 rows",
  ["simple-statistics", () => use(sampleRankCorrelation(day.x, day.y))],
  ["spearman()", () => use(spearman(day.y, day.x).coefficient)],
);

group(
  "median absolute deviation, 1,440 values",
  ["simple-statistics", () => use(simpleDeviation(spread))],
  ["medianAbsoluteDeviation()", () => use(medianAbsoluteDeviation(spread))],
);

group(
  "half-life, 1,440 values",
  ["simple-statistics, the slope alone", () => {
    const { m } = linearRegression(spread.slice(1).map((v, t) => [spread[t]!, v - spread[t]!]));
    use(-Math.LN2 / Math.log1p(m));
  }],
  ["halfLife(), with its error", () => use(halfLife(spread).barsError)],
);

group(
  "ADF with 4 lags, 1,440 values",
  ["ml-matrix, the t-ratio alone", () => {
    const changes = spread.slice(1).map((value, t) => value - spread[t]!);
    const rows = changes.length - 4;
    const past = [1, 2, 3, 4].map((lag) => changes.slice(4 - lag, 4 - lag + rows));
    use(matrixOls([spread.slice(4, 4 + rows), ones.slice(0, rows), ...past], changes.slice(4))[0]);
  }],
  ["adf()", () => use(adf(spread, { lagChoice: "fixed", maxLag: 4 }).pValue)],
);

group(
  "1,000 normal probabilities",
  ["simple-statistics, by table", () => {
    let sum = 0;
    for (let i = 0; i < 1_000; i++) sum += cumulativeStdNormalProbability(i / 125 - 4);
    use(sum);
  }],
  ["normalCdf(), 1e-15 relative", () => {
    let sum = 0;
    for (let i = 0; i < 1_000; i++) sum += normalCdf(i / 125 - 4);
    use(sum);
  }],
);

group(
  "Bollinger bands, 1,440 bars",
  ["technicalindicators", () => {
    const options = { period: 20, values: spread, stdDev: 2 };
    use(BollingerBands.calculate(options).at(-1)!.upper);
  }],
  ["bollingerBands()", () => use(bollingerBands(spread, { window: 20 }).upper.at(-1))],
);

/** What one pair needs at every bar, from npm. */
function peers() {
  const kalman = new kalmanFilter.KalmanFilter({
    observation: {
      dimension: 1,
      stateProjection: ({ index }: { index: number }) => [[long.x[index]!, 1]],
      covariance: [[1e-9]],
    },
    dynamic: {
      dimension: 2,
      transition: [[1, 0], [0, 1]],
      covariance: [[1e-10, 0], [0, 1e-10]],
      init: { mean: [[0], [0]], covariance: [[1, 0], [0, 1]], index: -1 },
    },
  });
  return {
    kalman,
    mean: new SMA({ period: WINDOW, values: [] }),
    sd: new SD({ period: WINDOW, values: [] }),
  };
}

function zByIndicators(): void {
  const { mean, sd } = peers();
  let sum = 0;
  for (const value of long.y) {
    const centre: number | undefined = mean.nextValue(value);
    const deviation: number | undefined = sd.nextValue(value);
    if (centre !== undefined && deviation !== undefined) sum += (value - centre) / deviation;
  }
  use(sum);
}

function zByMoments(): void {
  const moments = new RollingMoments(WINDOW);
  let sum = 0;
  for (const value of long.y) {
    moments.push(value);
    if (moments.count === WINDOW) sum += (value - moments.mean!) / moments.deviation()!;
  }
  use(sum);
}

function lineByLibrary(): void {
  let sum = 0;
  for (let t = WINDOW; t <= BARS; t++) {
    const xs = long.x.slice(t - WINDOW, t);
    const ys = long.y.slice(t - WINDOW, t);
    sum += linearRegression(xs.map((v, k) => [v, ys[k]!])).m + sampleCorrelation(xs, ys);
  }
  use(sum);
}

function lineByPair(): void {
  const pair = new RollingPair(WINDOW);
  let sum = 0;
  for (let t = 0; t < BARS; t++) {
    pair.push(long.x[t]!, long.y[t]!);
    if (t >= WINDOW - 1) sum += pair.slope! + pair.correlation!;
  }
  use(sum);
}

function kalmanByLibrary(): void {
  const { kalman } = peers();
  let state: ReturnType<typeof kalman.filter> | null = null;
  for (const value of long.y) {
    state = kalman.filter({ previousCorrected: state ?? undefined, observation: [[value]] });
  }
  use(state!.mean[0]![0]);
}

function kalmanByRegression(): void {
  const line = new KalmanRegression({
    observationVariance: 1e-9,
    stateCovariance: { slope: 1e-10, intercept: 1e-10 },
    initialCovariance: { slope: 1, intercept: 1 },
  });
  let sum = 0;
  for (let t = 0; t < BARS; t++) {
    line.push(long.y[t]!, long.x[t]!);
    sum += line.zScore! + line.slope;
  }
  use(sum);
}

group(
  "5,000 updates: z-score, window 60",
  ["technicalindicators", zByIndicators],
  ["RollingMoments", zByMoments],
);

group(
  "5,000 updates: line and correlation, window 60",
  ["simple-statistics, the window anew", lineByLibrary],
  ["RollingPair", lineByPair],
);

group(
  "5,000 updates: Kalman filter",
  ["kalman-filter", kalmanByLibrary],
  ["KalmanRegression", kalmanByRegression],
);

group(
  "5,000 updates: all of these for one pair",
  ["npm", () => {
    zByIndicators();
    lineByLibrary();
    kalmanByLibrary();
  }],
  ["tandem", () => {
    zByMoments();
    lineByPair();
    kalmanByRegression();
  }],
);
