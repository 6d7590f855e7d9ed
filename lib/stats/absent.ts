/** A number that could not be computed is absent: `null` in a record. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * The same in a typed array, where NaN stands for an absent number. Without a condition, because V8
 * allocates the fraction that a condition chooses: streams store in branches for the same reason.
 */
export function finiteOrNaN(value: number): number {
  return value - (value - value);
}
