import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  johansen,
  type JohansenModel,
  phillipsOuliaris,
  phillipsOuliarisZ,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";
import { dataTest } from "../support/shared.ts";

function walk(seed: number, nobs: number): number[] {
  const next = normal(seed);
  let level = 0;
  return Array.from({ length: nobs }, () => level += next());
}

/** Log prices held together by y = 0.3 + 1.4 x. */
function pair(seed: number, nobs = 300) {
  const next = normal(seed + 1e7);
  const x = walk(seed, nobs).map((level) => 11 + 0.01 * level);
  let spread = 0;
  const y = x.map((value) => 0.3 + 1.4 * value + (spread = 0.7 * spread + 0.005 * next()));
  return { y, x };
}

const MODELS: readonly JohansenModel[] = [
  "restricted-constant",
  "unrestricted-constant",
  "none",
  "detrended",
];

Deno.test("johansen() finds one relation, its hedge ratio and intercept", () => {
  const { y, x } = pair(1);
  const test = johansen([y, x]);
  strictEqual(test.rank, 1);
  close(test.hedgeRatios![0], 1.4, 0.02);
  close(test.intercept, 0.3, 0.7);
  const spread = y.map((value, t) => value - test.hedgeRatios![0]! * x[t]! - test.intercept!);
  ok(Math.abs(spread.reduce((a, b) => a + b) / 300) < 2e-3, "the intercept centres the spread");
});

Deno.test("johansen() does not depend on the order of the series", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(3), (seed, lags) => {
      const { y, x } = pair(seed, 80);
      for (const model of MODELS) {
        const there = johansen([y, x], { model, lags });
        const back = johansen([x, y], { model, lags });
        there.trace!.forEach((value, r) => close(back.trace![r], value, 1e-7, 1e-9));
        close(there.hedgeRatios![0]! * back.hedgeRatios![0]!, 1, 1e-6);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("johansen() ignores units, and levels too where there is a constant", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const { y, x } = pair(seed, 80);
      for (const model of MODELS) {
        const level = model === "none" ? 0 : 1e3;
        const plain = johansen([y, x], { model });
        const moved = johansen([y.map((v) => 3 * v + level), x.map((v) => v / 7 - level)], {
          model,
        });
        plain.trace!.forEach((value, r) => close(moved.trace![r], value, 1e-5, 1e-6));
        close(moved.hedgeRatios![0], plain.hedgeRatios![0]! * 21, 1e-5);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("johansen() by moments and the quadratic equation of two series agrees", () => {
  const { y, x } = pair(2, 60);
  const rows = 59;
  const d = (s: readonly number[]) => s.slice(1).map((value, t) => value - s[t]!);
  const sum = (a: readonly number[], b: readonly number[]) =>
    a.slice(0, rows).reduce((total, value, t) => total + value * b[t]!, 0);
  const [dy, dx] = [d(y), d(x)];
  const inverse = (a: number, b: number, c: number) => {
    const det = a * c - b * b;
    return [[c / det, -b / det], [-b / det, a / det]];
  };
  const skk = inverse(sum(y, y), sum(y, x), sum(x, x));
  const s00 = inverse(sum(dy, dy), sum(dy, dx), sum(dx, dx));
  const sk0 = [[sum(y, dy), sum(y, dx)], [sum(x, dy), sum(x, dx)]];
  const times = (a: number[][], b: number[][]) =>
    a.map((row) => [0, 1].map((j) => row[0]! * b[0]![j]! + row[1]! * b[1]![j]!));
  const transposed = [[sk0[0]![0]!, sk0[1]![0]!], [sk0[0]![1]!, sk0[1]![1]!]];
  const m = times(skk, times(sk0, times(s00, transposed)));
  const trace = m[0]![0]! + m[1]![1]!;
  const det = m[0]![0]! * m[1]![1]! - m[0]![1]! * m[1]![0]!;
  const largest = trace / 2 + Math.sqrt(trace * trace / 4 - det);
  const { eigenvalues } = johansen([y, x], { model: "none", lags: 0 });
  close(eigenvalues![0], largest, 1e-5);
  close(eigenvalues![1], det / largest, 1e-4, 1e-9);
});

Deno.test("johansen() by default rejects about 6 % of unrelated walks without drift at 5 %", () => {
  const rejections = (model: JohansenModel) => {
    let rejected = 0;
    for (let seed = 0; seed < 400; seed++) {
      const test = johansen([walk(2 * seed, 200), walk(2 * seed + 1, 200)], { model });
      if (test.rank! > 0) rejected++;
    }
    return rejected / 400;
  };
  const [byDefault, drift] = [
    rejections("restricted-constant"),
    rejections("unrestricted-constant"),
  ];
  ok(byDefault > 0.03 && byDefault < 0.1, `${byDefault}`);
  ok(drift > 0.08, "the table for drift rejects too often");
});

Deno.test("johansen() takes three series", () => {
  const { y, x } = pair(3);
  const third = walk(99, 300).map((value) => 5 + 0.01 * value);
  const test = johansen([y, x, third]);
  strictEqual(test.rank, 1);
  deepStrictEqual([test.trace!.length, test.vector!.length, test.hedgeRatios!.length], [3, 3, 2]);
  close(test.hedgeRatios![0], 1.4, 0.05);
  close(test.hedgeRatios![1], 0, 0, 0.1);
});

Deno.test("johansen() is absent, with a reason, where nothing can be tested", () => {
  const { y, x } = pair(4, 60);
  const line = x.map((_, t) => 118_000 + 0.01 * t);
  const absent = [
    [y, x.map((value, t) => t === 3 ? NaN : value)],
    [y.slice(0, 7), x.slice(0, 7)],
    [y, y.map((value) => 1 + 2 * value)],
    [y, Array<number>(60).fill(5)],
    [y, y],
  ];
  for (const series of absent) {
    for (const model of MODELS) {
      const { trace, reason } = johansen(series, { model });
      strictEqual(trace, null, `${model} ${reason}`);
      ok(reason !== null && reason.length > 0);
    }
  }
  strictEqual(johansen([y, line], { model: "unrestricted-constant" }).trace, null);
});

Deno.test("johansen() refuses one series, twelve, unequal lengths and bad lags", () => {
  const x = walk(5, 30);
  throws(() => johansen([x]), RangeError);
  throws(() => johansen(Array.from({ length: 12 }, (_, i) => walk(i, 30))), RangeError);
  throws(() => johansen([x, [1]]), RangeError);
  for (const lags of [-1, 0.5, NaN]) throws(() => johansen([x, x], { lags }), RangeError);
});

Deno.test("phillipsOuliaris() finds a pair and accepts unrelated walks", () => {
  const { y, x } = pair(6);
  const test = phillipsOuliaris(y, x);
  ok(test.pu! > test.puCritical[2]);
  const z = phillipsOuliarisZ(y, x);
  deepStrictEqual([z.pValue, z.pValueBound], [0.01, "at most"]);
  let rejected = 0;
  for (let seed = 0; seed < 200; seed++) {
    if (phillipsOuliarisZ(walk(2 * seed, 200), walk(2 * seed + 1, 200)).pValue! < 0.05) rejected++;
  }
  ok(rejected < 24, `${rejected} of 200`);
});

Deno.test("phillipsOuliaris() Pz does not depend on which series is y, and ignores units", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const { y, x } = pair(seed, 60);
      for (const trend of ["n", "c", "ct"] as const) {
        const { pu, pz } = phillipsOuliaris(y, x, { trend });
        close(phillipsOuliaris(x, y, { trend }).pz, pz!, 1e-6);
        const moved = phillipsOuliaris(y.map((v) => 3 * v), x.map((v) => v / 7), { trend });
        close(moved.pz, pz!, 1e-6);
        close(moved.pu, pu!, 1e-6);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("phillipsOuliaris() is absent, with a reason, where nothing can be tested", () => {
  const { y, x } = pair(7, 60);
  const broken = x.map((value, t) => t === 3 ? NaN : value);
  for (const other of [broken, y, Array<number>(60).fill(5), y.map((value) => 1 + 2 * value)]) {
    ok(phillipsOuliaris(y, other).reason !== null);
    ok(phillipsOuliarisZ(y, other).reason !== null);
  }
  ok(phillipsOuliaris([1, 2], [2, 1]).reason!.startsWith("too few rows"));
  throws(() => phillipsOuliaris(y, [1]), RangeError);
  throws(() => phillipsOuliarisZ(y, [1]), RangeError);
  for (const lags of [-1, 59, 0.5, NaN]) {
    throws(() => phillipsOuliaris(y, x, { lags }), RangeError);
    throws(() => phillipsOuliarisZ(y, x, { lags }), RangeError);
  }
});

dataTest("johansen() finds the published hedge ratio of ANZ and ADB", (folder) => {
  const rows = Deno.readTextFileSync(`${folder}/textbook/ANZ-ADB.csv`).trim().split("\n").slice(1)
    .map((line) => line.split(","))
    .filter(([date]) => Number(date!.split("/")[2]) < 2002);
  strictEqual(rows.length, 253);
  const series = [1, 2].map((column) => rows.map((row) => Number(row[column])));
  const test = johansen(series, { model: "unrestricted-constant", lags: 1 });
  close(test.hedgeRatios![0], 1.8647763422880634, 1e-8);
});
