import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { chow, olsCusum, PageCusum, recursiveCusum } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

/** A line with independent errors whose slope may change in the middle. */
function pair(seed: number, nobs: number, change = 0, level = 0) {
  const next = normal(seed);
  const x = Array.from({ length: nobs }, () => level + next());
  const y = x.map((value, t) => level + (1 + (2 * t < nobs ? 0 : change)) * value + 0.5 * next());
  return { y, x };
}

const TESTS = {
  chow: (y: readonly number[], x: readonly number[]) => chow(y, x, { at: y.length >> 1 }),
  olsCusum,
  recursiveCusum,
};

Deno.test("break tests reject about 5 % of lines that never change at 5 %", () => {
  for (const [name, test] of Object.entries(TESTS)) {
    let rejected = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { y, x } = pair(seed, 120);
      if (test(y, x).pValue! < 0.05) rejected++;
    }
    ok(rejected > 3 && rejected < 36, `${name} ${rejected} of 400`);
  }
});

Deno.test("break tests find a slope that changes", () => {
  const { y, x } = pair(1, 200, 2);
  ok(chow(y, x, { at: 100 }).pValue! < 1e-12);
  const shifted = pair(2, 200).y.map((value, t) => value + (t < 100 ? 0 : 1));
  ok(olsCusum(shifted, pair(2, 200).x).pValue! < 1e-4);
  ok(recursiveCusum(shifted, pair(2, 200).x).pValue! < 1e-4);
});

Deno.test("break tests ignore level and unit", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const { y, x } = pair(seed, 40);
      for (const [name, test] of Object.entries(TESTS)) {
        const plain = test(y, x).statistic!;
        const moved = test(y.map((v) => 118_000 + v / 100), x.map((v) => 90_000 - v / 100));
        ok(Math.abs(moved.statistic! - plain) < 1e-4 * (1 + plain), name);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("recursiveCusum() predicts each row by least squares on those before", () => {
  const { y, x } = pair(3, 12);
  const fit = (rows: number) => {
    const [my, mx] = [y, x].map((s) => s.slice(0, rows).reduce((a, b) => a + b) / rows);
    const [ys, xs] = [y.slice(0, rows), x.slice(0, rows)];
    const sxx = xs.reduce((sum, v) => sum + (v - mx!) ** 2, 0);
    const slope = xs.reduce((sum, v, t) => sum + (v - mx!) * (ys[t]! - my!), 0) / sxx;
    return { slope, mx: mx!, my: my!, sxx };
  };
  const errors = x.slice(2).map((value, i) => {
    const { slope, mx, my, sxx } = fit(i + 2);
    const spread = Math.sqrt(1 + 1 / (i + 2) + (value - mx) ** 2 / sxx);
    return (y[i + 2]! - my - slope * (value - mx)) / spread;
  });
  const mean = errors.reduce((a, b) => a + b) / 10;
  const deviation = Math.sqrt(errors.reduce((sum, e) => sum + (e - mean) ** 2, 0) / 9);
  const { process } = recursiveCusum(y, x);
  close(process.at(-1), errors.reduce((a, b) => a + b) / (deviation * Math.sqrt(10)), 1e-10);
  strictEqual(process.length, 11);
});

Deno.test("olsCusum() begins and ends at 0, with the known 5 % point", () => {
  const { y, x } = pair(4, 50);
  const { process, statistic } = olsCusum(y, x);
  strictEqual(process[0], 0);
  close(process.at(-1), 0, 0, 1e-12);
  strictEqual(statistic, Math.max(...process.map(Math.abs)));
});

Deno.test("break tests are absent, with a reason, where nothing can be tested", () => {
  const { y, x } = pair(5, 20);
  const perfect = x.map((value) => 1 + 2 * value);
  const cases: [number[], number[]][] = [
    [[], []],
    [[1, 2, 3], [1, 2, 4]],
    [y, x.map(() => 3)],
    [perfect, x],
  ];
  for (const [a, b] of cases) {
    for (const test of Object.values(TESTS)) {
      const { statistic, pValue, reason } = test(a, b);
      deepStrictEqual([statistic, pValue], [null, null]);
      ok(reason !== null && reason.length > 0);
    }
  }
  const late = recursiveCusum([1, 2, 1, 3, 2], [1, 1, 1, 1, 2]);
  strictEqual(late.reason, "x varies only at the end");
  ok(recursiveCusum([1, 2, 1, 3, 2, 5, 4], [1, 1, 1, 2, 3, 1, 2]).statistic !== null);
});

Deno.test("chow() counts its split before rows are dropped", () => {
  const { y, x } = pair(6, 30, 1);
  const expected = chow(y, x, { at: 15 });
  const withGap = chow([NaN, ...y], [0, ...x], { at: 16 });
  deepStrictEqual([withGap.statistic, withGap.at, withGap.nobs], [expected.statistic, 15, 30]);
  for (const at of [-1, 31, 1.5, NaN]) throws(() => chow(y, x, { at }), RangeError);
  throws(() => chow(y, [1], { at: 0 }), RangeError);
});

Deno.test("pageCusum.push() follows its recursion and starts again after an alarm", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true })), (series) => {
    const cusum = new PageCusum({ slack: 0.5, threshold: 2 });
    let [up, down] = [0, 0];
    for (const z of series) {
      up = Math.max(0, up + z - 0.5);
      down = Math.max(0, down - z - 0.5);
      const alarm = cusum.push(z);
      deepStrictEqual([cusum.up, cusum.down], [up, down]);
      strictEqual(alarm, up > 2 ? "up" : down > 2 ? "down" : null);
      if (alarm !== null) [up, down] = [0, 0];
    }
  }));
});

Deno.test("pageCusum.push() alarms falsely about once in 465 values, and soon after a shift", () => {
  const next = normal(7);
  const quiet = new PageCusum();
  let alarms = 0;
  for (let t = 0; t < 100_000; t++) if (quiet.push(next()) !== null) alarms++;
  ok(alarms > 150 && alarms < 290, `${alarms}`);
  let delay = 0;
  for (let run = 0; run < 200; run++) {
    const cusum = new PageCusum();
    do delay++; while (cusum.push(next() + 1) === null);
  }
  close(delay / 200, 10.4, 0.1);
});

Deno.test("pageCusum.restore() goes on, and a missing value changes nothing", () => {
  const cusum = new PageCusum();
  for (const z of [1, 2, NaN, Infinity]) cusum.push(z);
  strictEqual(cusum.up, 2);
  const other = PageCusum.restore(JSON.parse(JSON.stringify(cusum.state())));
  for (const z of [2, 3, -1]) strictEqual(other.push(z), cusum.push(z));
  deepStrictEqual(other.state(), cusum.state());
});

Deno.test("PageCusum refuses a slack or threshold out of range", () => {
  for (const slack of [-1, NaN]) throws(() => new PageCusum({ slack }), RangeError);
  for (const threshold of [0, -1, NaN]) throws(() => new PageCusum({ threshold }), RangeError);
});
