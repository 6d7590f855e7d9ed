import type { Trend } from "./mackinnon_tables.ts";

/** What is taken out of a series before it is tested: a constant, or a constant and a line. */
export type StationaryTrend = Extract<Trend, "c" | "ct">;

/**
 * The series less its constant or line, or why that leaves nothing to test. A gap breaks the lag
 * structure, so one missing value is enough.
 */
export function detrended(
  values: ArrayLike<number>,
  trend: StationaryTrend,
  minRows: number,
): { readonly residuals: Float64Array; readonly reason: null } | {
  readonly residuals: null;
  readonly reason: string;
} {
  const n = values.length;
  const absent = (reason: string) => ({ residuals: null, reason });
  const missing = countMissing(values);
  if (missing > 0) {
    return absent(`${missing} of ${n} values are missing: lags need an unbroken series`);
  }
  if (n < minRows) return absent(`too few values: ${n} of ${minRows}`);
  const origin = values[0]!;
  const residuals = Float64Array.from(values, (value) => value - origin);
  const before = subtractMean(residuals);
  if (before === 0) return absent("the series is constant");
  if (trend === "c") return { residuals, reason: null };
  const after = subtractLine(residuals);
  return after <= Math.max(1e-24 * before, roundingLength(values) ** 2)
    ? absent("the series is a straight line")
    : { residuals, reason: null };
}

/** Length below which a column made of these values may be nothing but their rounding. */
export function roundingLength(values: ArrayLike<number>): number {
  let largest = 0;
  for (let t = 0; t < values.length; t++) largest = Math.max(largest, Math.abs(values[t]!));
  return 2 * Number.EPSILON * largest * Math.sqrt(values.length);
}

/** How many values are not finite. */
export function countMissing(values: ArrayLike<number>): number {
  let missing = 0;
  for (let t = 0; t < values.length; t++) if (!Number.isFinite(values[t])) missing++;
  return missing;
}

/** Subtracts the mean in place; returns the sum of squares, exactly 0 for a constant series. */
function subtractMean(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    values[t] = values[t]! - mean;
    squares += values[t]! ** 2;
  }
  return squares;
}

/** Subtracts the least-squares line of a series of mean 0; returns the sum of squares left. */
function subtractLine(values: Float64Array): number {
  const n = values.length;
  const middle = (n - 1) / 2;
  let cross = 0;
  for (let t = 0; t < n; t++) cross += (t - middle) * values[t]!;
  const slope = cross / (n * (n * n - 1) / 12);
  let squares = 0;
  for (let t = 0; t < n; t++) {
    values[t] = values[t]! - slope * (t - middle);
    squares += values[t]! ** 2;
  }
  return squares;
}
