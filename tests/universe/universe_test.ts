import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  correctPValues,
  crossCorrelation,
  engleGranger,
  halfLife,
  ols,
  pearson,
} from "../../lib/stats/mod.ts";
import { Universe } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";
import { barsOf, type LogRows, logRows, nameOf, pushAll, series } from "./support.ts";

const direct = (rows: LogRows, y: number, x: number, lag: number) =>
  engleGranger(series(rows, y), series(rows, x), { lagChoice: "fixed", maxLag: lag });

/** Fails unless every ordered pair agrees with the regression itself. */
function checkAllPairs(universe: Universe, window: LogRows, lag: number, absolute = 1e-8): void {
  const symbols = window[0]!.length;
  for (let y = 0; y < symbols; y++) {
    for (let x = 0; x < symbols; x++) {
      if (x === y) continue;
      const { statistic } = universe.pair(nameOf(y), nameOf(x), { lag });
      close(statistic, direct(window, y, x, lag).statistic!, 0, absolute);
    }
  }
}

Deno.test("Universe.pair() equals engleGranger() for every lag", () => {
  const rows = logRows({ seed: 1, symbols: 6, bars: 200 });
  const universe = new Universe({ intervalMs: 1_000, windowBars: 200, maxLag: 10 });
  pushAll(universe, rows);
  for (const lag of [0, 1, 2, 5, 8, 10]) checkAllPairs(universe, rows, lag);
});

Deno.test("Universe.pair() chooses the lags that engleGranger() chooses", () => {
  const rows = logRows({ seed: 6, symbols: 9, bars: 300 });
  const universe = new Universe({ intervalMs: 1, windowBars: 250, maxLag: 12 });
  pushAll(universe, rows);
  const window = rows.slice(-250);
  const lags = new Set<number>();
  for (let y = 0; y < 9; y++) {
    for (let x = 0; x < 9; x++) {
      if (x === y) continue;
      const options = { lagChoice: "aic", maxLag: 12 } as const;
      const expected = engleGranger(series(window, y), series(window, x), options);
      const { statistic, lag } = universe.pair(nameOf(y), nameOf(x), { lag: "aic" });
      strictEqual(lag, expected.lag);
      close(statistic, expected.statistic!, 0, 1e-8);
      lags.add(lag!);
    }
  }
  ok(lags.size > 2);
  for (const row of universe.screen({ lag: "aic" }).rows) {
    const [one, other] = [universe.pair(row.y, row.x, { lag: "aic" }), row];
    deepStrictEqual([one.lag, one.reverseLag], [other.lag, other.reverseLag]);
    close(one.reverseStatistic, other.reverseStatistic!, 0, 1e-9);
  }
});

Deno.test("Universe.pair() after slides equals the regression over the window", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 21, max: 60 }),
      fc.integer({ min: 0, max: 150 }),
      fc.constantFrom(0, 1, 3, 8),
      (seed, symbols, windowBars, slides, lag) => {
        const rows = logRows({ seed, symbols, bars: windowBars + slides });
        const universe = new Universe({ intervalMs: 1, windowBars });
        pushAll(universe, rows);
        checkAllPairs(universe, rows.slice(-windowBars), lag, 1e-7);
      },
    ),
    { numRuns: 40, seed: 7 },
  );
});

Deno.test("Universe.screen() after slides equals a universe that begins with the window", () => {
  const rows = logRows({ seed: 5, symbols: 20, bars: 400 });
  const rolled = new Universe({ intervalMs: 1, windowBars: 130 });
  const fresh = new Universe({ intervalMs: 1, windowBars: 130 });
  pushAll(rolled, rows);
  pushAll(fresh, rows.slice(-130), 270);
  for (const lag of [1, 8]) {
    const [a, b] = [rolled, fresh].map((u) => u.screen({ lag, rows: "all" }));
    const bRows = new Map(b!.rows.map((row) => [`${row.y} ${row.x}`, row]));
    strictEqual(a!.rows.length, 190);
    deepStrictEqual([a!.tested, a!.candidates], [b!.tested, b!.candidates]);
    ok(a!.candidates > 5);
    for (const row of a!.rows) {
      const other = bRows.get(`${row.y} ${row.x}`)!;
      strictEqual(row.lag, other.lag);
      close(row.statistic, other.statistic!, 0, 1e-8);
      close(row.reverseStatistic, other.reverseStatistic!, 0, 1e-8);
      close(row.hedgeRatio, other.hedgeRatio!, 1e-8);
    }
  }
});

Deno.test("Universe.screen() at lag 1 tests both directions of every pair as engleGranger()", () => {
  const rows = logRows({ seed: 2, symbols: 9, bars: 150 });
  const universe = new Universe({ intervalMs: 1, windowBars: 150, maxLag: 1 });
  pushAll(universe, rows);
  const screen = universe.screen({ lag: 1, retest: "every", rows: "all" });
  strictEqual(screen.tested, 36);
  strictEqual(screen.rows.length, 36);
  for (const row of screen.rows) {
    const [y, x] = [row.y, row.x].map((name) => Number(name.slice(1)));
    const forward = direct(rows, y!, x!, 1);
    const backward = direct(rows, x!, y!, 1);
    close(row.statistic, forward.statistic!, 0, 1e-8);
    close(row.reverseStatistic, backward.statistic!, 0, 1e-8);
    ok(row.statistic! <= row.reverseStatistic!);
    close(row.pValue, Math.min(1, 2 * Math.min(forward.pValue!, backward.pValue!)), 1e-7);
  }
});

Deno.test("Universe.screen() corrects for all pairs, and tests candidates again at the lag", () => {
  const rows = logRows({ seed: 8, symbols: 24, bars: 300 });
  const universe = new Universe({ intervalMs: 1, windowBars: 300 });
  pushAll(universe, rows);
  const screen = universe.screen();
  const m = 24 * 23 / 2;
  deepStrictEqual([screen.tested, screen.rows.length], [m, screen.candidates]);
  ok(screen.candidates > 10 && screen.candidates < m);
  const pValues = [...screen.rows.map((row) => row.pValue!), ...Array(m).fill(1)].slice(0, m);
  for (
    const [method, counted, adjusted] of [
      ["benjamini-hochberg", screen.benjaminiHochberg, "benjaminiHochberg"],
      ["benjamini-yekutieli", screen.benjaminiYekutieli, "benjaminiYekutieli"],
    ] as const
  ) {
    const corrected = correctPValues(pValues, { method, alpha: 0.05 });
    strictEqual(counted.count, corrected.discoveries);
    close(counted.expectedFalse, 0.05 * corrected.discoveries);
    screen.rows.forEach((row, k) => close(row[adjusted], corrected.adjusted[k]!, 1e-12));
  }
  ok(screen.benjaminiYekutieli.count > 0);
  const lag1 = new Map(
    universe.screen({ lag: 1, rows: "all" }).rows.map((r) => [[r.y, r.x].sort().join(), r]),
  );
  for (const row of screen.rows) {
    strictEqual(row.lag, 8);
    ok(lag1.get([row.y, row.x].sort().join())!.pValue! <= 0.05);
    const [y, x] = [row.y, row.x].map((name) => Number(name.slice(1)));
    close(row.statistic, direct(rows, y!, x!, 8).statistic!, 0, 1e-8);
  }
  const [discoveries, every, all] = [
    universe.screen({ rows: "discoveries" }),
    universe.screen({ retest: "every" }),
    universe.screen({ rows: "all" }),
  ];
  deepStrictEqual(discoveries.rows, screen.rows.filter((row) => row.isDiscovery));
  deepStrictEqual([every.candidates, every.rows.length], [m, m]);
  deepStrictEqual(all.rows.filter((row) => row.lag === 8), screen.rows);
  strictEqual(all.rows.length, m);
});

Deno.test("Universe.pair() tells the by-products that the series themselves give", () => {
  const rows = logRows({ seed: 4, symbols: 6, bars: 260 });
  const universe = new Universe({ intervalMs: 1, windowBars: 180 });
  pushAll(universe, rows);
  const window = rows.slice(-180);
  for (let y = 0; y < 6; y++) {
    for (let x = 0; x < 6; x++) {
      if (x === y) continue;
      const pair = universe.pair(nameOf(y), nameOf(x));
      const [ys, xs] = [series(window, y), series(window, x)];
      const fit = ols(ys, xs);
      close(pair.hedgeRatio, fit.slope!, 1e-9);
      close(pair.intercept, fit.intercept!, 1e-9, 1e-10);
      close(pair.rSquared, fit.rSquared!, 1e-9);
      const bars = halfLife(ys.map((v, t) => v - fit.slope! * xs[t]!)).bars!;
      if (bars === Infinity) strictEqual(pair.halfLifeBars, null);
      else close(pair.halfLifeBars, bars, 1e-7);
      const changes = (v: number[]) => v.slice(1).map((value, t) => value - v[t]!);
      close(pair.returnCorrelation, pearson(changes(ys), changes(xs)).coefficient!, 1e-9);
      const { correlations } = crossCorrelation(changes(ys), changes(xs), { maxLag: 1 });
      close(pair.lagOneCorrelation, (correlations![0]! + correlations![2]!) / 2, 1e-8, 1e-10);
    }
  }
});

Deno.test("Universe.push() drifts by less than 1e-8 in 200,000 slides of a steep trend", () => {
  const windowBars = 1_440;
  const slides = 200_000;
  const universe = new Universe({ intervalMs: 1, windowBars, maxLag: 2 });
  const next = normal(9);
  const levels = [0, 2, 4, 6];
  const last: number[][] = [];
  for (let t = 0; t < windowBars + slides; t++) {
    const factor = 1e-4 * next();
    levels.forEach((_, i) => levels[i]! += factor + 1e-4 * next() + (i + 1) * 1e-5);
    universe.push(t, barsOf(levels));
    if (t >= slides) last.push([...levels]);
  }
  for (const lag of [1, 2]) checkAllPairs(universe, last, lag);
});

Deno.test("Universe.screen() is right again as soon as a bad tick has left the window", () => {
  const rows = logRows({ seed: 10, symbols: 4, bars: 400, deviation: 1e-4 });
  rows[150] = rows[150]!.map((log, i) => i === 1 ? log + Math.log(1000) : log);
  const universe = new Universe({ intervalMs: 1, windowBars: 100 });
  pushAll(universe, rows.slice(0, 200));
  checkAllPairs(universe, rows.slice(100, 200), 1);
  for (const end of [250, 251, 252, 260, 300, 400]) {
    const from = universe.openTimeMs! + 1;
    pushAll(universe, rows.slice(from, end), from);
    checkAllPairs(universe, rows.slice(end - 100, end), 8, 2e-8);
  }
});

Deno.test("Universe refuses options, times and levels out of range", () => {
  const make = (options: object) => () =>
    new Universe({ intervalMs: 1_000, windowBars: 60, ...options });
  for (const bad of [NaN, Infinity, -1, 0, 1.5]) {
    throws(make({ intervalMs: bad }), RangeError);
    throws(make({ windowBars: bad }), RangeError);
    throws(make({ maxLag: bad }), RangeError);
  }
  throws(make({ windowBars: 20 }), RangeError);
  for (const bad of [NaN, -0.1, 1.1]) throws(make({ maxStaleShare: bad }), RangeError);
  const universe = make({})();
  universe.push(5_000, []);
  for (const bad of [NaN, 5_000, 4_000, 6_500]) throws(() => universe.push(bad, []), RangeError);
  for (const bad of [NaN, 0, 1]) throws(() => universe.screen({ alpha: bad }), RangeError);
  for (const bad of [NaN, -1, 1.5, 9]) throws(() => universe.screen({ lag: bad }), RangeError);
});

Deno.test("Universe.screen() says what makes its p-values doubtful", () => {
  const short = new Universe({ intervalMs: 1, windowBars: 60 });
  strictEqual(short.screen().caveats.length, 1);
  strictEqual(short.screen({ lag: 1 }).caveats.length, 2);
  const long = new Universe({ intervalMs: 1, windowBars: 120 });
  deepStrictEqual(long.screen().caveats, []);
});

Deno.test("Universe.screen() does not change with later bars", () => {
  const rows = logRows({ seed: 12, symbols: 5, bars: 100 });
  const universe = new Universe({ intervalMs: 1, windowBars: 80 });
  pushAll(universe, rows.slice(0, 90));
  const before = universe.screen({ rows: "all" });
  const copy = structuredClone(before);
  pushAll(universe, rows.slice(90), 90);
  deepStrictEqual(before, copy);
  deepStrictEqual(JSON.parse(JSON.stringify(before)), copy);
  strictEqual(before.openTimeMs, 89);
});
