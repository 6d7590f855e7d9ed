import { ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { sumOfSquares, triangulate } from "../../lib/stats/householder.ts";
import { lagRegression } from "../../lib/stats/lag_gram.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

interface Shape {
  readonly seed: number;
  readonly rows: number;
  readonly lag: number;
  readonly phi: number;
  readonly levelLast: boolean;
  readonly withConstant: boolean;
}

function design({ seed, rows, lag, phi, levelLast, withConstant }: Shape) {
  const next = normal(seed);
  let level = 0;
  const series = Float64Array.from({ length: rows + lag + 1 }, () => level = phi * level + next());
  const differences = series.slice(1).map((value, t) => value - series[t]!);
  return {
    terms: withConstant ? [new Float64Array(rows).fill(1)] : [],
    level: series.slice(lag, lag + rows),
    differences,
    lag,
    levelLast,
  };
}

/** The same regression by reduction of its columns. */
function reduced({ terms, level, differences, lag, levelLast }: ReturnType<typeof design>) {
  const rows = level.length;
  const lags = Array.from({ length: lag }, (_, j) => differences.slice(lag - j - 1).slice(0, rows));
  const columns = [...terms, ...levelLast ? [...lags, level] : [level, ...lags]]
    .map((column) => column.slice());
  const { rank, rhs } = triangulate(columns, differences.slice(lag), 0);
  return { columns, rank, rhs };
}

const anyShape: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(10_000),
  rows: fc.integer({ min: 30, max: 300 }),
  lag: fc.integer({ min: 0, max: 10 }),
  phi: fc.double({ min: -0.9, max: 1, noNaN: true }),
  levelLast: fc.boolean(),
  withConstant: fc.boolean(),
});

Deno.test("lagRegression() explains what the reduction of the columns explains", () => {
  let solved = 0;
  fc.assert(fc.property(anyShape, (shape) => {
    const given = design(shape);
    const quick = lagRegression(given, 0);
    if (quick === null) return;
    solved++;
    const { columns, rhs, rank } = reduced(given);
    strictEqual(quick.explained.length, rank);
    const size = Math.sqrt(sumOfSquares(rhs, 0));
    for (let k = 0; k < rank; k++) {
      close(quick.explained[k]!, rhs[k]! * Math.sign(columns[k]![k]!), 1e-9, 1e-10 * size);
    }
    close(quick.squaresLeft, sumOfSquares(rhs, rank), 1e-10);
  }));
  ok(solved > 90, `${solved} of 100 by cross products`);
});

Deno.test("lagRegression() leaves what would lose digits to the reduction", () => {
  const shape = { seed: 1, rows: 100, lag: 4, phi: 0.5, levelLast: false, withConstant: true };
  ok(lagRegression(design(shape), 0) !== null);
  const outlier = design(shape);
  outlier.differences[outlier.differences.length - 1] = 1e9;
  strictEqual(lagRegression(outlier, 0), null);
  const far = design(shape);
  far.level.forEach((value, i) => far.level[i] = value + 1e6);
  strictEqual(lagRegression(far, 0), null);
  const flat = design(shape);
  flat.differences.fill(0);
  strictEqual(lagRegression(flat, 0), null);
  strictEqual(lagRegression(design(shape), 1), null);
});
