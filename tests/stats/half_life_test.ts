import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { halfLife } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function reverting(seed: number, count: number, phi: number): number[] {
  const next = normal(seed);
  let level = 0;
  return Array.from({ length: count }, () => 10 + (level = phi * level + next()));
}

Deno.test("halfLife() of a pure decay is exact", () => {
  for (const phi of [0.1, 0.5, 0.9]) {
    const series = Array.from({ length: 12 }, (_, t) => 3 + phi ** t);
    const result = halfLife(series);
    close(result.bars, -Math.LN2 / Math.log(phi), 1e-9);
    close(result.chanBars, Math.LN2 / (1 - phi), 1e-9);
    close(result.mean, 3, 1e-9);
  }
});

Deno.test("halfLife() of a long simulated process is near the truth", () => {
  const result = halfLife(reverting(4, 20_000, 0.9));
  close(result.bars, -Math.LN2 / Math.log(0.9), 0.1);
  close(result.mean, 10, 0.02);
  close(result.deviation, 1 / Math.sqrt(1 - 0.81), 0.05);
  strictEqual(result.resolved, true);
  ok(Math.abs(result.bars! - 6.5788) < 4 * result.barsError!);
});

Deno.test("halfLife() does not change with unit and level", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const series = reverting(seed, 60, 0.7);
    const a = halfLife(series);
    const b = halfLife(series.map((value) => 5 - 3 * value));
    if (a.bars === null) return strictEqual(b.bars, null);
    close(b.bars, a.bars, 1e-9);
    close(b.barsError, a.barsError!, 1e-8);
    close(b.score, -a.score!, 1e-7, 1e-9);
  }));
});

Deno.test("halfLife() measures speed per unit of time", () => {
  const series = reverting(2, 200, 0.8);
  const a = halfLife(series);
  const b = halfLife(series, { step: 0.25 });
  close(b.speed, 4 * a.speed!);
  close(b.sigma, 2 * a.sigma!);
  strictEqual(b.bars, a.bars);
});

Deno.test("halfLife() is infinite for what does not revert and says what is unresolved", () => {
  const growing = halfLife([1, 2, 4, 8, 16, 32]);
  deepStrictEqual([growing.bars, growing.chanBars, growing.mean], [Infinity, Infinity, null]);
  strictEqual(growing.reason, "the series does not revert");
  const slow = halfLife(Array.from({ length: 30 }, (_, t) => 0.99 ** t));
  strictEqual(slow.resolved, false);
  strictEqual(slow.reason, null);
});

Deno.test("halfLife() of an overshooting series has only the approximation", () => {
  const result = halfLife([1, -1.1, 1.2, -0.9, 1.05, -1]);
  strictEqual(result.bars, null);
  ok(result.chanBars! > 0);
});

Deno.test("halfLife() is absent, with a reason, where it is not defined", () => {
  const cases: [number[], RegExp][] = [
    [[], /too few values: 0 of 4/],
    [[1, 2, 1], /too few values: 3 of 4/],
    [[3.3, 3.3, 3.3, 3.3, 3.3], /constant/],
    [[1, 2, NaN, 2, 1, 2], /1 of 6 values are missing/],
    [[1, 2, Infinity, 2, 1, 2], /missing/],
  ];
  for (const [series, reason] of cases) {
    const result = halfLife(series);
    deepStrictEqual([result.bars, result.chanBars, result.lambda], [null, null, null]);
    ok(reason.test(result.reason!), result.reason!);
  }
  for (const step of [0, -1, NaN]) throws(() => halfLife([1, 2, 1, 2], { step }), RangeError);
});
