import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  alphaFromHalfLife,
  alphaFromSpan,
  bollingerBands,
  EwmaPair,
  ewmaScores,
  moments,
  zScores,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const noise = (seed: number, count: number) => Array.from({ length: count }, normal(seed));

Deno.test("zScores() measure each value by the window before it", () => {
  const values = noise(1, 50);
  const { z, mean, deviation } = zScores(values, { window: 10 });
  values.forEach((value, t) => {
    if (t < 10) return strictEqual(z[t], null);
    const before = moments(values.slice(t - 10, t));
    close(mean[t], before.mean!, 1e-12, 1e-14);
    close(deviation[t], before.deviation()!, 1e-12);
    close(z[t], (value - before.mean!) / before.deviation()!, 1e-11);
  });
});

Deno.test("zScores() of a prefix are the prefix of the scores, bit for bit", () => {
  fc.assert(fc.property(fc.nat(), fc.nat(40), fc.constantFrom(0, 1), (seed, length, lag) => {
    const values = noise(seed, 40);
    const options = { window: 7, lag: lag as 0 | 1 };
    const whole = zScores(values, options);
    const prefix = zScores(values.slice(0, length), options);
    deepStrictEqual(prefix.z, whole.z.slice(0, length));
  }));
});

Deno.test("zScores() with lag 1 do not see their own row, with lag 0 they do", () => {
  const values = noise(2, 20);
  const jumped = values.with(15, 1_000);
  const at = (series: number[], lag: 0 | 1) => zScores(series, { window: 8, lag }).mean[15];
  strictEqual(at(jumped, 1), at(values, 1));
  ok(at(jumped, 0) !== at(values, 0));
});

Deno.test("zScores() of a flat window are absent, its deviation exactly 0", () => {
  const values = [...noise(3, 10).map((v) => 1e6 + v), ...new Array(10).fill(3.3), 9];
  const { z, deviation } = zScores(values, { window: 10 });
  deepStrictEqual([z[20], deviation[20]], [null, 0]);
});

Deno.test("zScores() need minCount values and skip missing rows", () => {
  const { z } = zScores([1, 2, NaN, 4, 7, 5], { window: 3, minCount: 2 });
  deepStrictEqual(z.map((value) => value === null), [true, true, true, false, false, false]);
  throws(() => zScores([1], { window: 0 }), RangeError);
});

Deno.test("EwmaPair follows the sums of its definition, missing rows and all", () => {
  fc.assert(fc.property(fc.nat(), fc.constantFrom(0.06, 0.3), (seed, alpha) => {
    const next = normal(seed);
    const rows = Array.from({ length: 40 }, (_, t): [number, number] => [
      t % 6 === 2 ? NaN : next(),
      next(),
    ]);
    const pair = new EwmaPair({ alpha });
    rows.forEach(([x, y], t) => {
      pair.push(x, y);
      const known = rows.slice(0, t + 1)
        .map(([x, y], k) => ({ x, y, w: (1 - alpha) ** (t - k) }))
        .filter((row) => Number.isFinite(row.x));
      const sum = (f: (row: typeof known[number]) => number) => known.reduce((s, r) => s + f(r), 0);
      const weight = sum((r) => r.w);
      const mx = sum((r) => r.w * r.x) / weight;
      const my = sum((r) => r.w * r.y) / weight;
      close(pair.meanX, mx, 1e-9, 1e-12);
      if (known.length < 2) return strictEqual(pair.covariance(), null);
      const plain = sum((r) => r.w * (r.x - mx) * (r.y - my)) / weight;
      close(pair.covariance(true), plain, 1e-9, 1e-12);
      const correction = weight ** 2 / (weight ** 2 - sum((r) => r.w ** 2));
      close(pair.covariance(), plain * correction, 1e-9, 1e-12);
    });
  }));
});

Deno.test("ewmaScores() without adjustment follow the recursion", () => {
  const { mean } = ewmaScores([1, 2, 4], { alpha: 0.5, adjust: false, lag: 0 });
  deepStrictEqual(mean, [1, 1.5, 2.75]);
});

Deno.test("ewmaScores() of flat values are absent", () => {
  deepStrictEqual(ewmaScores([3.3, 3.3, 3.3], { alpha: 0.1 }).z, [null, null, null]);
  for (const alpha of [0, 1.1, NaN]) throws(() => ewmaScores([1], { alpha }), RangeError);
});

Deno.test("alphaFromHalfLife() halves a weight, alphaFromSpan() centres it", () => {
  close((1 - alphaFromHalfLife(13)) ** 13, 0.5, 1e-12);
  strictEqual(alphaFromSpan(1), 1);
  for (const value of [0, -1, NaN]) {
    throws(() => alphaFromHalfLife(value), RangeError);
    throws(() => alphaFromSpan(value), RangeError);
  }
});

Deno.test("bollingerBands() lie evenly about the mean", () => {
  const { middle, upper, lower } = bollingerBands(noise(4, 30), { window: 6, width: 3 });
  middle.forEach((m, t) => {
    if (m === null) return deepStrictEqual([upper[t], lower[t]], [null, null]);
    close((upper[t]! + lower[t]!) / 2, m, 1e-12, 1e-14);
    ok(upper[t]! > lower[t]!);
  });
});

Deno.test("EwmaPair.restore() goes on bit for bit, also through JSON", () => {
  const next = normal(9);
  for (const adjust of [true, false]) {
    const pair = new EwmaPair({ alpha: 0.1, adjust });
    for (let t = 0; t < 50; t++) pair.push(118_000 + next(), t === 20 ? NaN : next());
    const copy = EwmaPair.restore(JSON.parse(JSON.stringify(pair.state())));
    for (let t = 0; t < 50; t++) {
      const [x, y] = [118_000 + next(), next()];
      pair.push(x, y);
      copy.push(x, y);
      const numbers = (
        { count, meanX, meanY, correlation }: EwmaPair,
      ) => [count, meanX, meanY, correlation];
      deepStrictEqual(numbers(copy), numbers(pair));
      strictEqual(copy.deviationX(), pair.deviationX());
    }
  }
});
