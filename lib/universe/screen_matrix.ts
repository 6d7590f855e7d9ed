import { doubledMinimumP } from "./false_discoveries.ts";
import { type Moments, pairIndex, rowStart } from "./moments.ts";
import { PairTests, type TestedPairs, type UniverseState } from "./pair_tests.ts";
import type { PriceRing } from "./price_ring.ts";
import type { ScreenOptions } from "./screen.ts";
import { orderByLikeness } from "./symbol_order.ts";

/**
 * Correlations and p-values of all pairs of the usable symbols, in an order that puts symbols that
 * move alike together. Both are the pairs below the diagonal, row after row: the pair of the `i`-th
 * and the `j`-th symbol, `j < i`, is at `i (i - 1) / 2 + j`.
 */
export interface ScreenMatrix {
  /** Open time of the newest bar, ms since the epoch; `null` before the first. */
  readonly openTimeMs: number | null;
  /** Length of a bar in ms. */
  readonly intervalMs: number;
  /** Bars in the window. */
  readonly windowBars: number;
  /** The symbols in order: average linkage on the return correlation. */
  readonly symbols: readonly string[];
  /** Correlation of the log returns of one bar; NaN where a symbol does not vary. Empty if not asked for. */
  readonly correlation: Float64Array;
  /**
   * Twice the smaller p-value of the two directions, at most 1, not corrected: of candidates by the
   * final test, of others at lag 1; NaN where there is no test. Empty if not asked for.
   */
  readonly pValue: Float64Array;
}

/** Which values of a matrix there are. */
export type MatrixPart = "correlation" | "pValue";

/** What a matrix is made of, and which pairs are tested. */
export interface MatrixOptions extends ScreenOptions {
  /** Which values to compute; p-values take a screen, correlations hardly anything. @default {both} */
  readonly parts?: readonly MatrixPart[];
}

/** The matrices of a universe at one bar. */
export function screenMatrix(state: UniverseState, options: MatrixOptions): ScreenMatrix {
  const { parts = ["correlation", "pValue"] } = options;
  const tests = new PairTests(state, options);
  const { slots, ring, openTimeMs, intervalMs } = state;
  const { moments } = tests;
  const slotsIn = tests.symbols.flatMap((_, slot) => tests.isIn(slot) ? [slot] : []);
  if (moments === null) slotsIn.length = 0;
  const correlationOf = moments === null ? () => NaN : returnCorrelations(moments, ring);
  const order = orderByLikeness(
    slotsIn.length,
    (i, j) => correlationOf(slotsIn[i]!, slotsIn[j]!),
  ).map((i) => slotsIn[i]!);
  const fill = (part: MatrixPart, valueOf: () => (i: number, j: number) => number) =>
    parts.includes(part) ? belowDiagonal(order, valueOf()) : new Float64Array();
  return {
    openTimeMs,
    intervalMs,
    windowBars: ring.windowBars,
    symbols: order.map((slot) => slots.name(slot)!),
    correlation: fill("correlation", () => correlationOf),
    pValue: fill("pValue", () => pValues(tests.run(options))),
  };
}

/** The values of all pairs of columns in an order, row after row. */
function belowDiagonal(order: readonly number[], valueOf: (i: number, j: number) => number) {
  const values = new Float64Array(order.length * (order.length - 1) / 2);
  let at = 0;
  for (let i = 0; i < order.length; i++) {
    for (let j = 0; j < i; j++) values[at++] = valueOf(order[i]!, order[j]!);
  }
  return values;
}

/** The correlation of the one-bar returns of two columns. */
function returnCorrelations(moments: Moments, ring: PriceRing) {
  const returns = moments.products[1]!;
  const rows = ring.windowBars - 1;
  const first = ring.offset(ring.bar - ring.windowBars + 1);
  const last = ring.offset(ring.bar);
  const change = (slot: number) => ring.prices[last + slot]! - ring.prices[first + slot]!;
  const square = (slot: number) => returns[rowStart(slot) + slot]! - change(slot) ** 2 / rows;
  return (i: number, j: number): number => {
    const together = returns[pairIndex(i, j)]! - change(i) * change(j) / rows;
    const cosine = together / Math.sqrt(square(i) * square(j));
    return Math.max(-1, Math.min(1, cosine));
  };
}

/** The p-value of two columns: the final one where there is one. */
function pValues({ lagOne, scan, final }: TestedPairs) {
  const candidates = new Map<number, number>();
  final.pValues.forEach((p, k) => {
    const isTested = !Number.isNaN(final.forward[k]! + final.backward[k]!);
    const at = pairIndex(scan.candidates[2 * k]!, scan.candidates[2 * k + 1]!);
    candidates.set(at, isTested ? p : NaN);
  });
  return (i: number, j: number): number => {
    const at = pairIndex(i, j);
    const found = candidates.get(at);
    if (found !== undefined) return found;
    const a = lagOne.rowOnColumn[at]!;
    const b = lagOne.columnOnRow[at]!;
    return a === -Infinity || Number.isNaN(a + b) ? NaN : doubledMinimumP(a, b);
  };
}
