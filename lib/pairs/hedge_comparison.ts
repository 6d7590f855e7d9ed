import {
  adf,
  halfLife,
  huber,
  moments,
  ols,
  siegel,
  theilSen,
  totalLeastSquares,
} from "../stats/mod.ts";
import type { AlignedRow } from "./aligned_row.ts";
import { pairReadings } from "./pair_monitor.ts";
import type { PairOptions, PriceScale } from "./pair_reading.ts";

/** A way to find a hedge ratio. */
export type ComparedMethod =
  | "ols"
  | "total-least-squares"
  | "huber"
  | "theil-sen"
  | "siegel"
  | "rolling-ols"
  | "kalman";

/** One way to find the hedge ratio, and how it did afterwards. */
export interface ComparedHedge {
  /** How the ratio was found. */
  readonly method: ComparedMethod;
  /** Legs of x per y; of a ratio that moves the last one. */
  readonly hedgeRatio: number | null;
  /** How far it moved in the second part: the sum of all changes, what rehedging costs. */
  readonly moved: number | null;
  /** Deviation of the spread in the second part. */
  readonly deviation: number | null;
  /** Half-life of that spread, in bars; `null` where it does not revert. */
  readonly halfLifeBars: number | null;
  /** p-value of a unit root in that spread. */
  readonly pValue: number | null;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** How to compare. */
export interface HedgeComparisonOptions {
  /** What the regressions see. @default {"log"} */
  readonly scale?: PriceScale;
  /** Share of the rows that ratios are fitted on, in (0, 1); the rest judges them. @default {0.5} */
  readonly fitShare?: number;
  /** Rows that the moving ratios remember. @default {60} */
  readonly windowBars?: number;
}

/** Lines through all pairs of rows take the square of their number. */
const MOST_ROBUST_ROWS = 1_500;

type Line = { readonly slope: number | null; readonly reason: string | null };

const LINES: Readonly<Record<string, (y: Float64Array, x: Float64Array) => Line>> = {
  "ols": ols,
  "total-least-squares": totalLeastSquares,
  "huber": huber,
  "theil-sen": (y, x) => theilSen(thinned(y), thinned(x)),
  "siegel": (y, x) => siegel(thinned(y), thinned(x)),
};

/**
 * Finds the hedge ratio of a pair in several ways on the first part of the rows and judges each by
 * the spread it leaves in the second, which it has not seen.
 *
 * Ordinary, total and robust least squares (Huber; Theil-Sen and Siegel on at most 1,500 rows
 * evenly apart) give one ratio. The moving ones, rolling least squares and the Kalman filter, form
 * each spread with the ratio known before its row; their spreads revert sooner because the ratio
 * follows the prices, so read them beside how far it moved.
 *
 * @example A hedge ratio of 2
 * ```ts
 * import { alignCloses, type CloseBar, compareHedges } from "tandem/pairs";
 * import { Random } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const random = new Random(1);
 * const x = Array.from({ length: 400 }, () => 0).map((_, k, all) =>
 *   all[k] = (all[k - 1] ?? 100) + random.normal() / 10
 * );
 * const bars = (closes: number[]): CloseBar[] =>
 *   closes.map((close, k) => ({ openTimeMs: k * 1_000, close, complete: true, revision: 0 }));
 * const rows = alignCloses(
 *   bars(x.map((close) => 2 * close + random.normal() / 50)),
 *   bars(x),
 *   { intervalMs: 1_000, fill: "previous" },
 * );
 * const compared = compareHedges(rows, { scale: "level" });
 * ok(compared.every(({ hedgeRatio }) => Math.abs(hedgeRatio! - 2) < 0.1));
 * ```
 *
 * @param rows Both closes, oldest first.
 * @param options Scale, share of the rows to fit on, memory of the moving ratios.
 * @returns One record per method.
 * @throws {RangeError} If `fitShare` is not in (0, 1) or `windowBars` is out of range.
 */
export function compareHedges(
  rows: readonly AlignedRow[],
  options: HedgeComparisonOptions = {},
): ComparedHedge[] {
  const { scale = "log", fitShare = 0.5, windowBars = 60 } = options;
  if (!(fitShare > 0 && fitShare < 1)) {
    throw new RangeError(
      `Cannot compare hedge ratios as "fitShare" must be in (0, 1): current value is ${fitShare}`,
    );
  }
  const split = Math.round(fitShare * rows.length);
  const onScale = (value: number) => scale === "log" ? Math.log(value) : value;
  const y = Float64Array.from(rows, (row) => onScale(row.y));
  const x = Float64Array.from(rows, (row) => onScale(row.x));
  const fixed = Object.entries(LINES).map(([method, fit]): ComparedHedge => {
    const { slope, reason } = fit(y.subarray(0, split), x.subarray(0, split));
    const judged = slope === null
      ? NOTHING
      : judge(y.subarray(split).map((value, k) => value - slope * x[split + k]!));
    const moved = slope === null ? null : 0;
    return { method: method as ComparedMethod, hedgeRatio: slope, moved, ...judged, reason };
  });
  const moving = (["rolling-ols", "kalman"] as const).map((method) =>
    judgeMoving(rows, split, { method, scale, windowBars })
  );
  return [...fixed, ...moving];
}

const NOTHING = { deviation: null, halfLifeBars: null, pValue: null } as const;

function judge(spread: Float64Array) {
  const { bars } = halfLife(spread);
  return {
    deviation: moments(spread).deviation(),
    halfLifeBars: bars !== null && Number.isFinite(bars) ? bars : null,
    pValue: adf(spread).pValue,
  };
}

function judgeMoving(
  rows: readonly AlignedRow[],
  split: number,
  options: PairOptions & { readonly method: "rolling-ols" | "kalman" },
): ComparedHedge {
  const readings = pairReadings(rows, options).slice(split);
  const ratios = readings.flatMap(({ hedgeRatio }) => hedgeRatio ?? []);
  const spread = Float64Array.from(readings.flatMap((reading) => reading.spread ?? []));
  const { method } = options;
  if (ratios.length < readings.length || ratios.length === 0) {
    const reason = readings.find(({ hedgeRatio }) => hedgeRatio === null)?.reason ?? "too few rows";
    return { method, hedgeRatio: null, moved: null, ...NOTHING, reason };
  }
  const moved = ratios.reduce(
    (sum, ratio, k) => sum + Math.abs(ratio - (ratios[k - 1] ?? ratio)),
    0,
  );
  return { method, hedgeRatio: ratios.at(-1)!, moved, ...judge(spread), reason: null };
}

function thinned(values: Float64Array): Float64Array {
  const every = Math.ceil(values.length / MOST_ROBUST_ROWS);
  return values.filter((_, k) => k % every === 0);
}
