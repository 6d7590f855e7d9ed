import { fitLine } from "./line_fit.ts";
import { checkWindow } from "./rolling_window.ts";

/** How to fit every window. */
export interface RollingOlsOptions {
  /** Rows of the window. */
  readonly window: number;
  /** Whether the line may leave the origin. @default {true} */
  readonly intercept?: boolean;
  /**
   * `drop`: the window is fitted on its complete rows, if there are `minCount`. `skip`: a window
   * with a missing value has no fit.
   * @default {"skip"}
   */
  readonly missing?: "drop" | "skip";
  /** Fewest complete rows. @default {window} */
  readonly minCount?: number;
  /** Whether the first windows may be shorter than `window`. @default {false} */
  readonly expanding?: boolean;
}

/** The fit of the window that ends at each row; `null` where there is none. */
export interface RollingOls {
  /** Units of y per unit of x. */
  readonly slope: (number | null)[];
  /** 0 without intercept. */
  readonly intercept: (number | null)[];
  /** Classical standard error of the slope. */
  readonly slopeError: (number | null)[];
  /** About the mean, or about 0 without intercept. */
  readonly rSquared: (number | null)[];
  /** SSR / (n - k). */
  readonly residualVariance: (number | null)[];
}

/**
 * Returns the least-squares line of every window, each fitted by itself.
 *
 * The window at t holds the rows t - window + 1 to t: shift the result by one row before it is used
 * on row t. O(n window); `RollingPair` gives slope and intercept in O(1) per row.
 *
 * @example The last two of three rows
 * ```ts
 * import { rollingOls } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(rollingOls([1, 3, 4], [0, 1, 2], { window: 2 }).slope, [null, 2, 1]);
 * ```
 *
 * @param y The dependent series, oldest first; not finite means missing.
 * @param x The regressor, of the same length.
 * @param options Window and what to do about missing rows.
 * @returns One entry per row.
 * @throws {RangeError} If the lengths differ or `window` is not a whole number >= 1.
 */
export function rollingOls(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: RollingOlsOptions,
): RollingOls {
  const { window, intercept: withIntercept = true, missing = "skip", expanding = false } = options;
  checkWindow(window);
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot fit windows as "y" and "x" must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  const minCount = Math.max(options.minCount ?? window, withIntercept ? 2 : 1);
  const result: RollingOls = {
    slope: [],
    intercept: [],
    slopeError: [],
    rSquared: [],
    residualVariance: [],
  };
  const ys = new Float64Array(window);
  const xs = new Float64Array(window);
  for (let t = 0; t < y.length; t++) {
    const from = Math.max(0, t + 1 - window);
    let rows = 0;
    for (let k = from; k <= t; k++) {
      if (!Number.isFinite(y[k]!) || !Number.isFinite(x[k]!)) continue;
      ys[rows] = y[k]!;
      xs[rows++] = x[k]!;
    }
    const length = t + 1 - from;
    const enough = rows >= minCount && (expanding || length === window) &&
      (missing === "drop" || rows === length);
    const fit = enough ? fitLine(ys.subarray(0, rows), xs.subarray(0, rows), withIntercept) : "";
    if (typeof fit === "string" || !(fit.squaresLeft < Infinity && fit.squaresY < Infinity)) {
      for (const list of Object.values(result)) list.push(null);
      continue;
    }
    const free = rows - (withIntercept ? 2 : 1);
    const variance = free > 0 ? fit.squaresLeft / free : null;
    result.slope.push(fit.slope);
    result.intercept.push(fit.intercept);
    result.slopeError.push(
      variance === null || fit.isPerfect ? null : Math.sqrt(variance / fit.squaresX),
    );
    result.rSquared.push(fit.squaresY > 0 ? 1 - fit.squaresLeft / fit.squaresY : null);
    result.residualVariance.push(variance);
  }
  return result;
}
