import { ok } from "node:assert/strict";

/**
 * Fails unless two numbers agree: |actual - expected| <= relative * |expected| + absolute.
 *
 * @param actual The number under test; `null` fails.
 * @param expected The number it should be.
 * @param relative Allowed relative difference.
 * @param absolute Allowed absolute difference on top.
 */
export function close(
  actual: number | null | undefined,
  expected: number,
  relative = 1e-12,
  absolute = 0,
): void {
  const agrees = typeof actual === "number" && (
    actual === expected || Math.abs(actual - expected) <= relative * Math.abs(expected) + absolute
  );
  ok(agrees, `expected ${expected} (relative ${relative}, absolute ${absolute}), got ${actual}`);
}
