import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { pairStability, symmetricRatios } from "../../lib/pairs/mod.ts";
import { autoregressiveVariance, ols, olsCusum, Random } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

interface Shape {
  readonly rows: number;
  readonly phi: number;
  readonly noise?: number;
  /** Shift of the level in the middle, in long-run deviations of the spread. */
  readonly shift?: number;
}

/** Two legs held together by a spread that keeps `phi` from row to row. */
function legs(random: Random, { rows, phi, noise = 0, shift = 0 }: Shape) {
  const deviation = 1e-3 / Math.sqrt(1 - phi * phi);
  let price = 11.6;
  let spread = 0;
  const x: number[] = [];
  const y: number[] = [];
  for (let t = 0; t < rows; t++) {
    price += 1e-3 * random.normal();
    spread = phi * spread + 1e-3 * random.normal();
    x.push(price);
    const level = t < rows / 2 ? 0 : shift * deviation;
    y.push(1.2 * price - 5 + spread + level + noise * 1e-3 * random.normal());
  }
  return { y, x };
}

function shareBroken(shape: Shape, runs: number, seed: number): number {
  const random = new Random(seed);
  let broken = 0;
  for (let run = 0; run < runs; run++) {
    const { y, x } = legs(random, shape);
    if (pairStability(y, x).breakPValue! < 0.05) broken++;
  }
  return broken / runs;
}

Deno.test("pairStability() breaks about 5 % of what holds, where the textbook CUSUM breaks it all", () => {
  for (const [seed, phi, noise] of [[1, 0.5, 0], [2, 0.9, 0], [3, 0.9, 1], [4, 0.8, 1]] as const) {
    const share = shareBroken({ rows: 600, phi, noise }, 60, seed);
    ok(share <= 0.1, `phi ${phi}, noise ${noise}: ${share}`);
  }
  const random = new Random(5);
  let textbook = 0;
  for (let run = 0; run < 60; run++) {
    const { y, x } = legs(random, { rows: 600, phi: 0.9 });
    if (olsCusum(y, x).pValue! < 0.05) textbook++;
  }
  ok(textbook > 50, `the textbook form breaks ${textbook} of 60`);
});

Deno.test("pairStability() finds a level that shifts, and when", () => {
  ok(shareBroken({ rows: 1_440, phi: 0.5, shift: 2 }, 40, 6) > 0.9);
  ok(shareBroken({ rows: 1_440, phi: 0.9, shift: 2 }, 40, 7) > 0.65);
  const { y, x } = legs(new Random(8), { rows: 1_440, phi: 0.3, shift: 4 });
  ok(Math.abs(pairStability(y, x).breakRow! - 720) < 20);
});

Deno.test("pairStability() ratios are those of the halves and of every quarter", () => {
  const { y, x } = legs(new Random(9), { rows: 203, phi: 0.8 });
  const stability = pairStability(y, x);
  const slope = (from: number, to: number) => ols(y.slice(from, to), x.slice(from, to)).slope!;
  close(stability.halves![0], slope(0, 101), 1e-9);
  close(stability.halves![1], slope(101, 203), 1e-9);
  strictEqual(stability.rollingRows, 50);
  const slopes = Array.from({ length: 154 }, (_, from) => slope(from, from + 50));
  close(stability.range![0], Math.min(...slopes), 1e-8);
  close(stability.range![1], Math.max(...slopes), 1e-8);
});

Deno.test("pairStability() ignores units and levels", () => {
  const unit = fc.double({ min: 0.01, max: 100, noNaN: true });
  const level = fc.double({ min: -1_000, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(fc.nat(1_000), unit, level, (seed, scale, shift) => {
      const { y, x } = legs(new Random(seed), { rows: 120, phi: 0.7 });
      const plain = pairStability(y, x);
      const other = pairStability(y.map((v) => scale * v + shift), x);
      close(other.breakStatistic, plain.breakStatistic!, 1e-5);
      close(other.halves![0], scale * plain.halves![0], 1e-5, 1e-5);
    }),
    { numRuns: 30 },
  );
});

Deno.test("pairStability() is absent, with a reason, where nothing can be told", () => {
  const { y, x } = legs(new Random(10), { rows: 60, phi: 0.5 });
  const bad: [number[], number[]][] = [
    [[], []],
    [y.slice(0, 39), x.slice(0, 39)],
    [y.map((v, i) => i === 7 ? NaN : v), x],
    [y, x.map(() => 3)],
    [x.map((v) => 2 * v + 1), x],
  ];
  for (const [dependent, hedge] of bad) {
    const stability = pairStability(dependent, hedge);
    ok(stability.reason !== null);
    deepStrictEqual([stability.breakStatistic, stability.breakPValue], [null, null]);
  }
  throws(() => pairStability(y, [1]), RangeError);
});

Deno.test("symmetricRatios() of exchanged legs are one over the ratios", () => {
  for (const standardized of [false, true]) {
    const { y, x } = legs(new Random(11), { rows: 300, phi: 0.8 });
    const there = symmetricRatios(y, x, { standardized, lags: 2 });
    const back = symmetricRatios(x, y, { standardized, lags: 2 });
    close(there.totalLeastSquares! * back.totalLeastSquares!, 1, 1e-9);
    close(there.johansenRatio! * back.johansenRatio!, 1, 1e-7);
    close(there.johansen.trace![0], back.johansen.trace![0]!, 1e-7);
  }
});

Deno.test("symmetricRatios() standardized follow the unit of a leg", () => {
  const { y, x } = legs(new Random(12), { rows: 300, phi: 0.8 });
  const ratio = (scale: number, standardized: boolean) =>
    symmetricRatios(y, x.map((v) => v * scale), { standardized }).totalLeastSquares!;
  close(ratio(1_000, true) * 1_000, ratio(1, true), 1e-9);
  ok(Math.abs(ratio(1_000, false) * 1_000 / ratio(1, false) - 1) > 1e-4);
});

Deno.test("symmetricRatios() of a leg that does not move are absent", () => {
  const flat = Array<number>(60).fill(2);
  const { x } = legs(new Random(13), { rows: 60, phi: 0.5 });
  for (const standardized of [false, true]) {
    const ratios = symmetricRatios(flat, x, { standardized });
    deepStrictEqual([ratios.totalLeastSquares, ratios.johansenRatio], [null, null]);
    ok(ratios.johansen.reason !== null);
  }
});

Deno.test("autoregressiveVariance() sees a slow series through noise", () => {
  const random = new Random(14);
  let level = 0;
  const seen = Array.from({ length: 100_000 }, () => {
    level = 0.9 * level + random.normal();
    return level + 2 * random.normal();
  });
  // 1 / (1 - 0.9)^2 of the series and 4 of the noise.
  close(autoregressiveVariance(seen), 104, 0.15);
  close(autoregressiveVariance([1, -1, 1, -1]), 1);
  strictEqual(autoregressiveVariance([0, 0, 0]), 0);
});

Deno.test("olsCusum() takes a long-run variance and refuses one that is none", () => {
  const { y, x } = legs(new Random(15), { rows: 100, phi: 0.5 });
  const plain = olsCusum(y, x);
  const variance = ols(y, x).residualVariance!;
  close(olsCusum(y, x, { longRunVariance: variance }).statistic, plain.statistic!);
  close(olsCusum(y, x, { longRunVariance: 4 * variance }).statistic, plain.statistic! / 2);
  for (const longRunVariance of [0, -1, NaN]) {
    throws(() => olsCusum(y, x, { longRunVariance }), RangeError);
  }
});
