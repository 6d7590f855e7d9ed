// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * A dashboard refresh on 5,000 bars, beside pandas and statsmodels on the same database.
 *
 *     deno run -A benches/python_refresh.ts [BARS]
 *
 * Reading two series of bars, least squares, a rolling z-score and a rolling correlation of 60 bars,
 * an augmented Dickey-Fuller test (AIC), and a Kalman filter. Python (`support/refresh.py`) runs
 * once, in a process of its own, and times only the work; both sides report medians and must agree
 * in the numbers. pykalman is not in Debian: where it is absent, a stand-in in numpy does the same
 * matrix work per step, and the report says so. The filter as a loop over floats, which no library
 * offers, is reported beside it, and the refresh with either.
 *
 * @module
 */
import { getHeapStatistics } from "node:v8";
import { run } from "../tools/support/process.ts";
import { formatTable } from "../tools/support/format.ts";
import type { Bar } from "tandem/market";
import { openReader, openWriter } from "tandem/store";
import {
  adf,
  KalmanRegression,
  kalmanRegression,
  logReturns,
  ols,
  rollingCorrelation,
  RollingPair,
  RollingZScore,
  zScores,
} from "tandem/stats";
import { seededPair } from "./support/seeded_pair.ts";

const WINDOW = 60;
const KALMAN = { observationVariance: 1e-9, variance: 1e-10 };
const FILTER = "Kalman filter";
const LOOP = "Kalman filter as a loop over floats";
const REFRESH = [
  "read",
  "least squares",
  "rolling z-score",
  "rolling correlation",
  "ADF, lags by AIC",
];

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

/** Stores the closes of two symbols as one-second bars. */
function store(path: string, closes: Readonly<Record<string, readonly number[]>>): void {
  using writer = openWriter(path, {
    identity: { pid: 1, host: "bench", startedAtMs: 0, simulated: true },
  });
  for (const [symbol, column] of Object.entries(closes)) {
    writer.register("binance-usdm", symbol, "aggTrade");
    const bars = column.map((close, t): Bar => ({
      venue: "binance-usdm",
      symbol,
      intervalMs: 1_000,
      openTimeMs: t * 1_000,
      ...{ open: close, high: close, low: close, close },
      ...{ volume: 1, quoteVolume: close, tradeCount: 1, takerBuyVolume: 0 },
      ...{ firstTradeId: t, lastTradeId: t, complete: true, revision: 0 },
    }));
    writer.write({ trades: [], bars });
  }
}

async function python(folder: string): Promise<PythonReport | null> {
  await Deno.writeTextFile(`${folder}/input.json`, JSON.stringify({ window: WINDOW, ...KALMAN }));
  const { output } = await run("/usr/bin/python3", [
    new URL("./support/refresh.py", import.meta.url).pathname,
    `${folder}/input.json`,
    `${folder}/tandem.db`,
  ]);
  const report = output.split("\n").find((line) => line.startsWith("REPORT"));
  if (report !== undefined) return JSON.parse(report.slice("REPORT".length));
  console.error("Skipped: no pandas and statsmodels here (Debian package python3-statsmodels)");
  console.error(output.split("\n").slice(-3).join("\n"));
  return null;
}

function measure(work: () => number | null | undefined, runs: number): Measured {
  let value: number | null | undefined = null;
  for (let i = 0; i < 20; i++) value = work();
  if (typeof value !== "number") throw new Error("There is no number to compare");
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return { ms: times.toSorted((a, b) => a - b)[runs >> 1]!, value };
}

/** The closes of both legs, as a reader gives them. */
function read(path: string): Record<"y" | "x", Float64Array> {
  using reader = openReader(path);
  const closes = (symbol: string) => reader.closeColumns({ symbol, intervalMs: 1_000 }).close;
  return { y: closes("YUSDT"), x: closes("XUSDT") };
}

/** The same work here. */
function tandem(path: string): Record<string, Measured> {
  const closes = read(path);
  const [y, x] = [closes.y.map(Math.log), closes.x.map(Math.log)];
  const { residuals } = ols(y, x);
  const returns = [closes.y, closes.x].map((leg) => logReturns(leg).map((r) => r ?? NaN));
  const filter = measure(
    () =>
      kalmanRegression(y, x, {
        observationVariance: KALMAN.observationVariance,
        stateCovariance: { slope: KALMAN.variance, intercept: KALMAN.variance },
        initialCovariance: { slope: 1, intercept: 1 },
        centre: false,
      }).slope.at(-1),
    51,
  );
  return {
    "read": measure(() => read(path).y.at(-1), 51),
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
    [FILTER]: filter,
    [LOOP]: filter,
    "rolling least squares": measure(() => {
      const pair = new RollingPair(WINDOW);
      const line = new Float64Array(6);
      for (let t = 0; t < y.length; t++) {
        pair.push(x[t]!, y[t]!);
        pair.read(line);
      }
      return line[0]!;
    }, 51),
  };
}

/** One bar more for one pair: line, correlation, z-score of the spread and filter. */
function update(y: readonly number[], x: readonly number[]): { ns: number; bytes: number } {
  const rows = Float64Array.from(y.flatMap((value, t) => [x[t]!, value]));
  const swapped = Float64Array.from(y.flatMap((value, t) => [value, x[t]!]));
  const pair = new RollingPair(WINDOW);
  const score = new RollingZScore({ window: WINDOW });
  const line = new KalmanRegression({
    observationVariance: KALMAN.observationVariance,
    stateCovariance: { slope: KALMAN.variance, intercept: KALMAN.variance },
  });
  const told = new Float64Array(14);
  const spread = new Float64Array(1);
  const work = () => {
    for (let t = 0; t < rows.length; t += 2) {
      pair.read(told);
      spread[0] = rows[t + 1]! - told[1]! - told[0]! * rows[t]!;
      score.take(spread);
      score.read(told, 6);
      pair.take(rows, t);
      line.take(swapped, t);
      line.read(told, 9);
    }
    return told[13]!;
  };
  const { ms } = measure(work, 51);
  const allocated = () =>
    (getHeapStatistics() as { total_allocated_bytes?: number }).total_allocated_bytes ?? NaN;
  const before = allocated();
  for (let i = 0; i < 200; i++) work();
  return { ns: ms * 1e6 / y.length, bytes: (allocated() - before) / 200 / y.length };
}

async function main(args: readonly string[]): Promise<number> {
  const { y, x } = seededPair(Number(args[0] ?? 5_000));
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/tandem.db`;
    store(path, { YUSDT: y.map(Math.exp), XUSDT: x.map(Math.exp) });
    const report = await python(folder);
    if (report === null) return 0;
    tell(report, tandem(path));
    const { ns, bytes } = update(y, x);
    console.log(
      `one more bar of line, correlation, z-score and filter: ${ns.toFixed(0)} ns, ` +
        `${bytes.toFixed(2)} bytes allocated`,
    );
    return 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function tell(report: PythonReport, here: Readonly<Record<string, Measured>>): void {
  const line = (name: string, there: number, ours: number, difference: number | null) => [
    ...[name, `${there.toFixed(2)} ms`, `${ours.toFixed(3)} ms`, (there / ours).toPrecision(3)],
    difference === null ? "" : difference.toExponential(0),
  ];
  const rows = Object.entries(report.work).map(([name, { ms, value }]) => {
    const difference = Math.abs(value / here[name]!.value - 1);
    if (!(difference < 1e-6)) {
      throw new Error(`The ${name} differs: ${value} there, ${here[name]!.value} here`);
    }
    return line(name, ms, here[name]!.ms, difference);
  });
  for (const filter of [FILTER, LOOP]) {
    const total = (side: Readonly<Record<string, Measured>>) =>
      [...REFRESH, filter].reduce((sum, name) => sum + side[name]!.ms, 0);
    rows.push(line(
      `the refresh, with the ${filter === FILTER ? FILTER : "loop"}`,
      total(report.work),
      total(here),
      null,
    ));
  }
  console.log(`${report.versions}; ${FILTER}: ${report.kalman}`);
  console.log(formatTable(["work", "Python", "Tandem", "ratio", "difference"], rows));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
