/**
 * Numbers in, numbers out: regression, rolling moments, unit-root and cointegration tests,
 * distributions. Imports nothing and knows no trade; it owns no clock and no randomness.
 *
 * A number that cannot be computed is `null`, never NaN and never a silent 0.
 *
 * ```ts
 * import { ols } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(ols([1, 3, 5, 7], [0, 1, 2, 3]).slope, 2);
 * ```
 *
 * @module
 */
export * from "./chi_squared.ts";
export * from "./fisher_f.ts";
export * from "./mackinnon.ts";
export * from "./moments.ts";
export * from "./normal.ts";
export * from "./rolling_moments.ts";
export * from "./rolling_pair.ts";
export type { RollingState } from "./rolling_window.ts";
export * from "./student_t.ts";
