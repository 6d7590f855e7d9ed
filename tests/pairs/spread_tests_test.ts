import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { spreadTests } from "../../lib/pairs/mod.ts";
import { adf, halfLife, kpss, Random } from "../../lib/stats/mod.ts";

function series(memory: number, count = 1_000): number[] {
  const random = new Random("spread");
  let value = 0;
  return Array.from({ length: count }, () => value = memory * value + random.normal());
}

const byName = (spread: number[]) =>
  Object.fromEntries(spreadTests(spread).map((test) => [test.test, test]));

Deno.test("spreadTests() tells a spread that reverts from one that wanders", () => {
  const reverting = byName(series(0.9));
  match(reverting["ADF"]!.says, /^reverts/);
  match(reverting["Phillips-Perron"]!.says, /^reverts/);
  match(reverting["KPSS"]!.says, /stationary/);
  match(reverting["Ljung-Box, 10 lags"]!.says, /remembers/);
  match(reverting["variance ratio, 10 bars"]!.says, /differ/);
  ok(reverting["variance ratio, 10 bars"]!.statistic! < 0.8);
  ok(Math.abs(reverting["half-life"]!.statistic! - 6.58) < 2.5);
  const wandering = byName(series(1));
  match(wandering["ADF"]!.says, /cannot be ruled out/);
  match(wandering["KPSS"]!.says, /wanders/);
  ok(Math.abs(wandering["Hurst exponent"]!.statistic! - 0.5) < 0.1);
  const noise = byName(series(0));
  match(noise["Ljung-Box, 10 lags"]!.says, /no memory/);
  match(noise["Jarque-Bera"]!.says, /may well be normal/);
});

Deno.test("spreadTests() gives the numbers of the tests it names", () => {
  const spread = series(0.9);
  const tests = byName(spread);
  strictEqual(tests["ADF"]!.pValue, adf(spread).pValue);
  strictEqual(tests["KPSS"]!.statistic, kpss(spread).statistic);
  strictEqual(tests["half-life"]!.statistic, halfLife(spread).bars);
});

Deno.test("spreadTests() says why there is no number", () => {
  for (const spread of [[], [1], [1, 2], Array(100).fill(3), [1, NaN, ...series(0.5, 50)]]) {
    for (const { test, statistic, pValue, says } of spreadTests(spread)) {
      deepStrictEqual([statistic, pValue], [null, null], test);
      ok(says.length > 5, test);
    }
  }
  match(spreadTests([1, 2])[0]!.says, /too few values: 2 of 20/);
  throws(() => spreadTests(series(0), { significance: 0 }), RangeError);
});
