// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * A dashboard refresh on 5,000 bars, beside pandas and statsmodels on the same arrays.
 *
 *     deno run -A benches/python_refresh.ts [BARS]
 *
 * Least squares, a rolling z-score and a rolling correlation of 60 bars, an augmented Dickey-Fuller
 * test (AIC), and a Kalman filter. Python runs once, in a process of its own, and times only the
 * computation; both sides report medians and must agree in the numbers. Where pykalman is not
 * installed, Python's filter is a plain loop over floats, which is far faster than pykalman.
 *
 * @module
 */
import { run } from "../tools/support/process.ts";
import { formatTable } from "../tools/support/format.ts";
import {
  adf,
  kalmanRegression,
  logReturns,
  ols,
  rollingCorrelation,
  RollingMoments,
  RollingPair,
  zScores,
} from "tandem/stats";
import { seededPair } from "./support/seeded_pair.ts";

const WINDOW = 60;
const KALMAN = { observationVariance: 1e-9, variance: 1e-10 };

/** What one side answers for one piece of work. */
interface Measured {
  /** Median time, in ms. */
  readonly ms: number;
  /** A number to compare. */
  readonly value: number;
}

/** What Python prints. */
interface PythonReport {
  readonly versions: string;
  readonly kalman: string;
  readonly work: Readonly<Record<string, Measured>>;
}

const PYTHON = `
import json, sys, time
import numpy, pandas
import statsmodels
import statsmodels.api as sm
from statsmodels.tsa.stattools import adfuller
from statsmodels.regression.rolling import RollingOLS

given = json.load(open(sys.argv[1]))
y, x = numpy.array(given["y"]), numpy.array(given["x"])
window, r, q = given["window"], given["observationVariance"], given["variance"]

def least_squares():
    return sm.OLS(y, sm.add_constant(x)).fit()

residuals = least_squares().resid
spread = pandas.Series(residuals)
returns = pandas.DataFrame({"y": y, "x": x}).diff()

def z_score():
    rolling = spread.rolling(window)
    return ((spread - rolling.mean()) / rolling.std()).iloc[-1]

def correlation():
    return returns["y"].rolling(window).corr(returns["x"]).iloc[-1]

def rolling_ols():
    return RollingOLS(y, sm.add_constant(x), window).fit().params[-1, 1]

def dickey_fuller():
    return adfuller(residuals, autolag="AIC")[0]

def plain_kalman():
    b = a = 0.0
    p, c, s = 1.0, 0.0, 1.0
    for t, (yt, xt) in enumerate(zip(ys, xs)):
        if t > 0:
            p += q
            s += q
        hb, ha = p * xt + c, c * xt + s
        v = hb * xt + ha + r
        e = yt - b * xt - a
        kb, ka = hb / v, ha / v
        b += kb * e
        a += ka * e
        p, c, s = p - kb * hb, c - kb * ha, s - ka * ha
    return b

ys, xs = y.tolist(), x.tolist()
try:
    import pykalman
    def kalman():
        matrices = numpy.stack([x, numpy.ones_like(x)], 1)[:, None, :]
        model = pykalman.KalmanFilter(
            transition_matrices=numpy.eye(2), observation_matrices=matrices,
            transition_covariance=q * numpy.eye(2), observation_covariance=r,
            initial_state_mean=numpy.zeros(2), initial_state_covariance=numpy.eye(2))
        return model.filter(y)[0][-1, 0]
    name = "pykalman " + pykalman.__version__
except ImportError:
    kalman, name = plain_kalman, "a plain loop, as pykalman is not installed"

def measure(work, runs):
    value, times = work(), []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return {"ms": sorted(times)[len(times) // 2], "value": float(value)}

work = {
    "least squares": measure(lambda: least_squares().params[1], 15),
    "rolling z-score": measure(z_score, 15),
    "rolling correlation": measure(correlation, 15),
    "ADF, lags by AIC": measure(dickey_fuller, 5),
    "Kalman filter": measure(kalman, 5),
    "rolling least squares": measure(rolling_ols, 3),
}
versions = f"Python {sys.version.split()[0]}, numpy {numpy.__version__}, pandas {pandas.__version__}, statsmodels {statsmodels.__version__}"
print("REPORT" + json.dumps({"versions": versions, "kalman": name, "work": work}))
`;

async function python(input: unknown): Promise<PythonReport | null> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/input.json`, JSON.stringify(input));
    await Deno.writeTextFile(`${folder}/refresh.py`, PYTHON);
    const { output } = await run("/usr/bin/python3", [
      `${folder}/refresh.py`,
      `${folder}/input.json`,
    ]);
    const report = output.split("\n").find((line) => line.startsWith("REPORT"));
    if (report !== undefined) return JSON.parse(report.slice("REPORT".length));
    console.error(`Skipped: no pandas and statsmodels here (Debian package python3-statsmodels)`);
    console.error(output.split("\n").slice(-3).join("\n"));
    return null;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function measure(work: () => number | null | undefined, runs: number): Measured {
  let value: number | null | undefined = null;
  for (let i = 0; i < 5; i++) value = work();
  if (typeof value !== "number") throw new Error("There is no number to compare");
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return { ms: times.toSorted((a, b) => a - b)[runs >> 1]!, value };
}

/** The same work here. */
function tandem(y: readonly number[], x: readonly number[]): Record<string, Measured> {
  const { residuals } = ols(y, x);
  const returns = [y, x].map((log) => logReturns(log.map(Math.exp)).map((r) => r ?? NaN));
  return {
    "least squares": measure(() => ols(y, x).slope, 51),
    "rolling z-score": measure(
      () => zScores(residuals, { window: WINDOW, lag: 0 }).z.at(-1),
      51,
    ),
    "rolling correlation": measure(
      () => rollingCorrelation(returns[0]!, returns[1]!, { window: WINDOW }).correlation.at(-1),
      51,
    ),
    "ADF, lags by AIC": measure(() => adf(residuals).statistic, 11),
    "Kalman filter": measure(
      () =>
        kalmanRegression(y, x, {
          observationVariance: KALMAN.observationVariance,
          stateCovariance: { slope: KALMAN.variance, intercept: KALMAN.variance },
          initialCovariance: { slope: 1, intercept: 1 },
          centre: false,
        }).slope.at(-1),
      51,
    ),
    "rolling least squares": measure(() => {
      const pair = new RollingPair(WINDOW);
      let slope: number | null = null;
      for (let t = 0; t < y.length; t++) {
        pair.push(x[t]!, y[t]!);
        slope = pair.slope;
      }
      return slope;
    }, 51),
  };
}

/** One bar more for one pair, everything live, in ns. */
function updateNs(y: readonly number[], x: readonly number[]): number {
  const { ms } = measure(() => {
    const pair = new RollingPair(WINDOW);
    const moments = new RollingMoments(WINDOW);
    let sum = 0;
    for (let t = 0; t < y.length; t++) {
      pair.push(x[t]!, y[t]!);
      moments.push(y[t]!);
      if (t >= WINDOW) sum += pair.slope! + pair.correlation! + moments.deviation()!;
    }
    return sum;
  }, 51);
  return ms * 1e6 / y.length;
}

const REFRESH = [
  "least squares",
  "rolling z-score",
  "rolling correlation",
  "ADF, lags by AIC",
  "Kalman filter",
];

async function main(args: readonly string[]): Promise<number> {
  const bars = Number(args[0] ?? 5_000);
  const { y, x } = seededPair(bars);
  const report = await python({ y, x, window: WINDOW, ...KALMAN });
  if (report === null) return 0;
  const here = tandem(y, x);
  const line = (name: string, there: Measured, ours: Measured) => {
    const difference = Math.abs(there.value / ours.value - 1);
    if (!(difference < 1e-6)) {
      throw new Error(`The ${name} differs: ${there.value} there, ${ours.value} here`);
    }
    return [
      ...[name, `${there.ms.toFixed(2)} ms`, `${ours.ms.toFixed(3)} ms`],
      ...[(there.ms / ours.ms).toPrecision(2), difference.toExponential(0)],
    ];
  };
  const rows = Object.entries(report.work)
    .map(([name, there]) => line(name, there, here[name]!));
  const total = (side: Readonly<Record<string, Measured>>) =>
    REFRESH.reduce((sum, name) => sum + side[name]!.ms, 0);
  const [there, ours] = [total(report.work), total(here)];
  rows.splice(REFRESH.length, 0, [
    ...["the refresh, these together", `${there.toFixed(2)} ms`, `${ours.toFixed(3)} ms`],
    ...[(there / ours).toPrecision(2), ""],
  ]);
  console.log(`${bars} bars; ${report.versions}; Kalman filter: ${report.kalman}`);
  console.log(formatTable(["work", "Python", "Tandem", "ratio", "difference"], rows));
  console.log(`one more bar of line, correlation and deviation: ${updateNs(y, x).toFixed(0)} ns`);
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
