import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  alignCloses,
  type AlignedRow,
  CloseAligner,
  PairMonitor,
  type PairOptions,
  type PairReading,
  pairReadings,
} from "../../lib/pairs/mod.ts";
import { moments, RollingPair } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { uniform } from "../support/random.ts";
import { barsOf, pairCloses, pairRows } from "./bars.ts";

const anyOptions: fc.Arbitrary<PairOptions> = fc.record({
  windowBars: fc.integer({ min: 3, max: 12 }),
  method: fc.constantFrom("rolling-ols" as const, "ols" as const, "kalman" as const),
  scale: fc.constantFrom("log" as const, "level" as const),
  estimationBars: fc.integer({ min: 3, max: 30 }),
});

/** Everything but the number of the row. */
function values(reading: PairReading): Omit<PairReading, "row"> {
  const { row: _, ...rest } = reading;
  return rest;
}

Deno.test("pairReadings() follow the definitions, written out over every window", () => {
  const rows = pairRows(3, 200, 1_000);
  const w = 20;
  const readings = pairReadings(rows, { windowBars: w });
  const spreads: number[] = [];
  rows.forEach((row, i) => {
    const reading = readings[i]!;
    if (i < w) return strictEqual(reading.hedgeRatio, null);
    const fit = new RollingPair(w);
    for (const past of rows.slice(i - w, i)) fit.push(Math.log(past.x), Math.log(past.y));
    close(reading.hedgeRatio, fit.slope!, 1e-9);
    const spread = Math.log(row.y) - reading.intercept! - reading.hedgeRatio! * Math.log(row.x);
    close(reading.spread, spread, 0, 1e-14);
    if (i >= 2 * w) {
      const past = moments(spreads.slice(-w));
      close(reading.zScore, (spread - past.mean!) / past.deviation()!, 1e-9);
    } else strictEqual(reading.zScore, null);
    spreads.push(spread);
    const returns = new RollingPair(w);
    for (let k = i - w + 1; k <= i; k++) {
      returns.push(Math.log(rows[k]!.x / rows[k - 1]!.x), Math.log(rows[k]!.y / rows[k - 1]!.y));
    }
    close(reading.correlation, returns.correlation!, 1e-9);
    if (reading.halfLifeBars === null) return;
    const changes = new RollingPair(w);
    for (let k = spreads.length - w; k < spreads.length; k++) {
      changes.push(spreads[k - 1]!, spreads[k]! - spreads[k - 1]!);
    }
    close(reading.halfLifeBars, -Math.LN2 / Math.log(1 + changes.slope!), 1e-9);
  });
  ok(readings.some((r) => r.halfLifeBars !== null));
});

Deno.test("pairReadings() of a prefix are the prefix of the readings, bit for bit", () => {
  fc.assert(fc.property(fc.nat(1_000), anyOptions, fc.nat(80), (seed, options, length) => {
    const rows = pairRows(seed, 80);
    deepStrictEqual(
      pairReadings(rows.slice(0, length), options),
      pairReadings(rows, options).slice(0, length),
    );
  }));
});

Deno.test("pairReadings() that begin later agree bit for bit once their windows are full", () => {
  const window = fc.integer({ min: 3, max: 12 });
  fc.assert(fc.property(fc.nat(1_000), window, fc.nat(30), (seed, windowBars, skip) => {
    const rows = pairRows(seed, 80, 777);
    const whole = pairReadings(rows, { windowBars });
    const late = pairReadings(rows.slice(skip), { windowBars });
    const full = 2 * windowBars + 1;
    deepStrictEqual(late.slice(full), whole.slice(skip + full));
  }));
});

Deno.test("pairReadings() never see the future: changing a row changes no reading before it", () => {
  fc.assert(fc.property(fc.nat(1_000), anyOptions, fc.nat(79), (seed, options, at) => {
    const rows = pairRows(seed, 80);
    const changed = rows.map((row, i) =>
      i >= at ? { ...row, y: row.y * 1.5, x: row.x * 0.7 } : row
    );
    deepStrictEqual(
      pairReadings(changed, options).slice(0, at),
      pairReadings(rows, options).slice(0, at),
    );
    const before = pairReadings(rows, options)[at]!;
    const after = pairReadings(changed, options)[at]!;
    deepStrictEqual([after.hedgeRatio, after.intercept], [before.hedgeRatio, before.intercept]);
  }));
});

Deno.test("pairMonitor.update() after revised rows stands where the batch stands", () => {
  fc.assert(
    fc.property(fc.nat(1_000), anyOptions, (seed, options) => {
      const chance = uniform(seed);
      const rows: AlignedRow[] = [];
      const monitor = new PairMonitor(options);
      let readings: PairReading[] = [];
      for (const row of pairRows(seed, 90, 40)) {
        const batch = [row];
        rows.push(row);
        if (chance() < 0.2) {
          const at = Math.floor(chance() * rows.length);
          for (let k = at; k < Math.min(at + 3, rows.length); k++) {
            rows[k] = { ...rows[k]!, y: rows[k]!.y + 0.25, revision: rows[k]!.revision + 1 };
          }
          batch.splice(0, 1, ...rows.slice(at, Math.max(at + 3, rows.length)));
        }
        const news = monitor.update(batch);
        const first = news[0]!.row - rows[0]!.row;
        readings = [...readings.slice(0, first), ...news];
        deepStrictEqual(readings, pairReadings(rows, options));
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("pairMonitor.update() with a short history agrees as far as the history reaches", () => {
  for (const method of ["rolling-ols", "ols", "kalman"] as const) {
    const options = { windowBars: 5, historyRows: 30, method };
    const monitor = new PairMonitor(options);
    const rows = pairRows(5, 400);
    for (const row of rows) monitor.push(row);
    const at = 390;
    rows[at] = { ...rows[at]!, x: rows[at]!.x + 1, revision: 1 };
    deepStrictEqual(monitor.update([rows[at]!]), pairReadings(rows, options).slice(at), method);
    deepStrictEqual(monitor.update([{ ...rows[3]!, x: 1 }]), []);
  }
});

Deno.test("a stream of bars with late and revised ones ends where the batch ends", () => {
  for (const fill of ["previous", "drop"] as const) {
    const closes = pairCloses(17, 150, 0.3);
    const bars = { y: barsOf(closes.y), x: barsOf(closes.x) };
    const aligner = new CloseAligner({ intervalMs: 1_000, fill });
    const monitor = new PairMonitor({ windowBars: 10 });
    let readings: PairReading[] = [];
    const late = bars.x.splice(40, 1)[0]!;
    const feed = (leg: "y" | "x", bar: typeof late) => {
      const news = monitor.update(aligner.push(leg, bar));
      const at = news.length === 0 ? -1 : readings.findIndex((r) => r.row === news[0]!.row);
      readings = at < 0 ? [...readings, ...news] : [...readings.slice(0, at), ...news];
    };
    for (let i = 0; i < 80; i++) {
      feed("x", bars.x[i]!);
      feed("y", bars.y[i]!);
    }
    feed("x", late);
    bars.y[60] = { ...bars.y[60]!, close: bars.y[60]!.close + 1, revision: 1 };
    feed("y", bars.y[60]!);
    const batch = alignCloses(bars.y.slice(0, 80), [...bars.x.slice(0, 80), late], {
      intervalMs: 1_000,
      fill,
    });
    deepStrictEqual(readings, pairReadings(batch, { windowBars: 10 }));
  }
});

Deno.test("pairReadings() give a reason for every absent number, and only then", () => {
  fc.assert(fc.property(fc.nat(1_000), anyOptions, fc.boolean(), (seed, options, flat) => {
    const rows = pairRows(seed, 90).map((row, i) =>
      flat && i > 30 && i < 60 ? { ...row, x: 3 } : row
    );
    for (const reading of pairReadings(rows, options)) {
      const { reason, ...numbers } = reading;
      strictEqual(reason !== null, Object.values(numbers).includes(null));
      for (const value of Object.values(reading)) {
        if (typeof value === "number") ok(Number.isFinite(value));
      }
    }
  }));
});

Deno.test("pairReadings() warm up bar by bar", () => {
  const readings = pairReadings(pairRows(1, 8), { windowBars: 3 });
  deepStrictEqual(readings.map((r) => r.reason?.split("; ")[0] ?? null).slice(0, 7), [
    "warming up: 0 of 3 bars",
    "warming up: 1 of 3 bars",
    "warming up: 2 of 3 bars",
    "z-score: warming up: 0 of 3 spreads",
    "z-score: warming up: 1 of 3 spreads",
    "z-score: warming up: 2 of 3 spreads",
    readings[6]!.reason?.split("; ")[0] ?? null,
  ]);
  ok(readings[6]!.zScore !== null);
});

Deno.test("pairReadings() of one instrument against itself have no z-score", () => {
  const rows = pairRows(9, 60).map((row) => ({ ...row, y: row.x }));
  const last = pairReadings(rows, { windowBars: 10 }).at(-1)!;
  close(last.hedgeRatio, 1, 1e-9);
  strictEqual(last.zScore, null);
  ok(last.reason!.startsWith("z-score: "));
});

Deno.test("pairReadings() carry stale and incomplete flags and the stale share", () => {
  const rows = pairRows(2, 20).map((row, i) => ({
    ...row,
    stale: i % 4 === 0,
    complete: i !== 7,
    revision: i === 7 ? 2 : 0,
  }));
  const readings = pairReadings(rows, { windowBars: 8 });
  deepStrictEqual(readings.map((r) => r.stale), rows.map((r) => r.stale));
  deepStrictEqual(readings.filter((r) => !r.complete).map((r) => [r.row, r.revision]), [[7, 2]]);
  deepStrictEqual(readings.slice(0, 3).map((r) => r.staleShare), [1, 1 / 2, 1 / 3]);
  ok(readings.slice(8).every((r) => r.staleShare === 1 / 4));
  const marked = readings.filter((r) => r.incompleteShare > 0).map((r) => r.row);
  deepStrictEqual(marked, [7, 8, 9, 10, 11, 12, 13, 14]);
  ok(readings.every((r) => [0, 1 / 8].includes(r.incompleteShare)));
});

Deno.test("pairReadings() scale with the unit of a leg", () => {
  const rows = pairRows(4, 80);
  const scaled = rows.map((row) => ({ ...row, x: row.x * 8 }));
  const logs = [rows, scaled].map((r) => pairReadings(r, { windowBars: 10 }).at(-1)!);
  close(logs[1]!.hedgeRatio, logs[0]!.hedgeRatio!, 1e-9);
  close(logs[1]!.zScore, logs[0]!.zScore!, 1e-6);
  const levels = [rows, scaled].map((r) =>
    pairReadings(r, { windowBars: 10, scale: "level" }).at(-1)!
  );
  strictEqual(levels[1]!.hedgeRatio, levels[0]!.hedgeRatio! / 8);
  strictEqual(levels[1]!.zScore, levels[0]!.zScore);
});

Deno.test("pairReadings() with ols keep the ratio of the first rows", () => {
  const rows = pairRows(6, 100);
  const readings = pairReadings(rows, { windowBars: 10, method: "ols", estimationBars: 40 });
  const fit = new RollingPair(40);
  for (const row of rows.slice(0, 40)) fit.push(Math.log(row.x), Math.log(row.y));
  strictEqual(readings[39]!.hedgeRatio, null);
  for (const reading of readings.slice(40)) strictEqual(reading.hedgeRatio, fit.slope);
  strictEqual(readings[49]!.zScore, null);
  ok(readings[50]!.zScore !== null);
});

Deno.test("new PairMonitor() and push() refuse what cannot be", () => {
  for (const windowBars of [NaN, 0, 2, 2.5]) {
    throws(() => new PairMonitor({ windowBars }), RangeError);
  }
  throws(() => new PairMonitor({ windowBars: 5, estimationBars: 1 }), RangeError);
  throws(() => new PairMonitor({ windowBars: 5, method: "magic" as "ols" }), RangeError);
  throws(() => new PairMonitor({ windowBars: 5, scale: "raw" as "log" }), RangeError);
  const monitor = new PairMonitor({ windowBars: 5 });
  const rows = pairRows(1, 3);
  monitor.push(rows[0]!);
  throws(() => monitor.push(rows[2]!), RangeError);
  throws(() => monitor.push(rows[0]!), RangeError);
});

Deno.test("pairReadings() of rows with an impossible close are absent, not NaN", () => {
  const rows = pairRows(1, 40).map((row, i) => i === 25 ? { ...row, y: -1 } : row);
  const readings = pairReadings(rows, { windowBars: 5 });
  strictEqual(readings[25]!.spread, null);
  strictEqual(readings[25]!.reason!.split("; ")[0], "a close is not a positive number");
  strictEqual(readings[26]!.reason!.split("; ")[0], "warming up: 4 of 5 bars");
  ok(readings.every((r) => Object.values(r).every((v) => !Number.isNaN(v))));
  deepStrictEqual(
    values(readings[39]!),
    values(pairReadings(rows.slice(27), { windowBars: 5 })[12]!),
  );
});

Deno.test("pairReadings() by Kalman filter begin at the first fit and follow a ratio that moves", () => {
  const wave = uniform(4);
  let [x, noise] = [4, 0];
  const rows: AlignedRow[] = Array.from({ length: 2_000 }, (_, row) => {
    x += (wave() - 0.5) / 50;
    noise = 0.8 * noise + (wave() - 0.5) / 200;
    const flags = { stale: false, complete: true, revision: 0 };
    const hedgeRatio = 1 + row / 4_000;
    return {
      row,
      openTimeMs: row * 1_000,
      y: Math.exp(hedgeRatio * (x - 4) + noise),
      x: Math.exp(x),
      ...flags,
    };
  });
  const window = { windowBars: 100 };
  const kalman = pairReadings(rows, { ...window, method: "kalman" });
  const once = pairReadings(rows, { ...window, method: "ols" });
  strictEqual(kalman[99]!.hedgeRatio, null);
  close(kalman[100]!.hedgeRatio, once[100]!.hedgeRatio!, 1e-9);
  close(kalman[100]!.hedgeRatioError, once[100]!.hedgeRatioError!, 1e-9);
  const away = (readings: PairReading[]) =>
    Math.abs(readings.at(-1)!.hedgeRatio! - (1 + 1_999 / 4_000));
  ok(away(kalman) < away(once) / 4, `${away(kalman)} against ${away(once)}`);
});

Deno.test("pairReadings() carry the standard error of least squares", () => {
  const rows = pairRows(3, 60, 1_000);
  const last = pairReadings(rows, { windowBars: 20 }).at(-1)!;
  const past = rows.slice(-21, -1);
  const x = moments(past.map((row) => Math.log(row.x)));
  const residuals = past.map((row) =>
    Math.log(row.y) - last.intercept! - last.hedgeRatio! * Math.log(row.x)
  );
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  close(last.hedgeRatioError, Math.sqrt(squares / 18 / (19 * x.deviation()! ** 2)), 1e-8);
});
