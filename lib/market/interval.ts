const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The interval every other is merged from, in ms. */
export const BASE_INTERVAL_MS = 1_000;

/** The intervals that ingestion stores, in ms: 1 s, 1 m and 5 m. */
export const STORED_INTERVALS_MS: readonly number[] = [1_000, 60_000, 300_000];

/**
 * Returns the length of an interval written as `1s`, `5m`, `4h` or `1d`.
 *
 * @example The three stored intervals
 * ```ts
 * import { parseInterval } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(["1s", "1m", "5m"].map(parseInterval), [1_000, 60_000, 300_000]);
 * ```
 *
 * @param text A positive whole number followed by `s`, `m`, `h` or `d`.
 * @returns The length in ms.
 * @throws {RangeError} If `text` is not such an interval.
 */
export function parseInterval(text: string): number {
  const match = /^([1-9]\d{0,5})([smhd])$/.exec(text);
  const unitMs = match?.[2] === undefined ? undefined : UNIT_MS[match[2]];
  if (match === null || unitMs === undefined) {
    throw new RangeError(
      `Cannot read an interval as it must look like "1s", "5m", "4h" or "1d": current value is "${text}"`,
    );
  }
  return Number(match[1]) * unitMs;
}

/**
 * Returns how an interval is written, in its largest whole unit: the inverse of `parseInterval()`.
 *
 * @example Five minutes
 * ```ts
 * import { formatInterval } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(formatInterval(300_000), "5m");
 * ```
 *
 * @param intervalMs The length in ms; a positive multiple of 1,000.
 * @returns The text, for example `5m`.
 * @throws {RangeError} If `intervalMs` is not a positive multiple of 1,000.
 */
export function formatInterval(intervalMs: number): string {
  if (!(intervalMs > 0) || intervalMs % 1_000 !== 0) {
    throw new RangeError(
      `Cannot write an interval as it must be a positive multiple of 1000 ms: current value is ${intervalMs}`,
    );
  }
  for (const unit of ["d", "h", "m"]) {
    const unitMs = UNIT_MS[unit]!;
    if (intervalMs % unitMs === 0) return `${intervalMs / unitMs}${unit}`;
  }
  return `${intervalMs / 1_000}s`;
}

/**
 * Returns the open time of the interval that holds a time.
 *
 * @example Left-closed: the first millisecond belongs to the bar
 * ```ts
 * import { openTimeOf } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([60_000, 119_999].map((t) => openTimeOf(t, 60_000)), [60_000, 60_000]);
 * ```
 *
 * @param timeMs A time, ms since the epoch.
 * @param intervalMs The length of the interval in ms; > 0.
 * @returns The largest multiple of `intervalMs` that is <= `timeMs`.
 */
export function openTimeOf(timeMs: number, intervalMs: number): number {
  return Math.floor(timeMs / intervalMs) * intervalMs;
}
