const WHOLE_DIGITS = 5;

/**
 * Returns a number as a reader expects it: five significant digits or two decimals, whichever is
 * longer, whole numbers without decimals, thousands grouped, a true minus sign.
 *
 * @example A price, a ratio and nothing
 * ```ts
 * import { formatValue } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   [118_042.5, 3.14159265, -0.000123456, null].map(formatValue),
 *   ["118,042.50", "3.1416", "−0.00012346", "–"],
 * );
 * ```
 *
 * @param value The number, or `null` where there is none.
 * @returns The text; an en dash for `null` and for what is not finite.
 */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(3).replace("-", "−");
  if (size !== 0 && size < 1e-9) return value.toExponential(2).replaceAll("-", "−");
  const wholeDigits = size < 1 ? -Math.ceil(-Math.log10(size || 1)) : Math.floor(Math.log10(size));
  const decimals = size >= 1_000 ? 2 : Math.min(12, Math.max(0, WHOLE_DIGITS - 1 - wholeDigits));
  const text = size.toFixed(Number.isInteger(size) ? 0 : decimals);
  return (value < 0 ? "−" : "") + text.replace(/\d(?=(\d{3})+(?!\d))(?<!\.\d*)/g, "$&,");
}

/**
 * Returns a number with a fixed count of decimals and a true minus sign, which a zero never has.
 *
 * @example A score
 * ```ts
 * import { formatFixed } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([-1.2, -0.001, null].map((z) => formatFixed(z, 2)), ["−1.20", "0.00", "–"]);
 * ```
 *
 * @param value The number, or `null` where there is none.
 * @param decimals How many decimals, 0 to 20.
 * @returns The text; an en dash for `null` and for what is not finite.
 */
export function formatFixed(value: number | null, decimals: number): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * Returns a number and what it counts, in the singular for one, thousands grouped.
 *
 * @example None, one and many
 * ```ts
 * import { formatCount } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   [0, 1, 1_234].map((n) => formatCount(n, "row")),
 *   ["0 rows", "1 row", "1,234 rows"],
 * );
 * ```
 *
 * @param count How many, a whole number >= 0.
 * @param noun What is counted, in the singular; its plural ends in `s`.
 * @returns The text.
 */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Whose clock a time is told on: that of the exchange, or the reader's own. */
export type Zone = "utc" | "local";

/**
 * Returns a time, to the second where rows are shorter than a minute.
 *
 * @example Rows of one minute
 * ```ts
 * import { formatTime } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(formatTime(1_721_347_020_000, 60_000), "2024-07-18 23:57");
 * ```
 *
 * @param timeMs The time, ms since the epoch.
 * @param intervalMs Length of one row in ms.
 * @param zone Whose clock to tell it on.
 * @returns The text, without a zone.
 */
export function formatTime(timeMs: number, intervalMs: number, zone: Zone = "utc"): string {
  const [day, clock] = dayAndClock(timeMs, zone);
  return `${day} ${intervalMs % 60_000 === 0 ? clock.slice(0, 5) : clock}`;
}

/** A time as `2024-07-18` and `23:57:00`. */
export function dayAndClock(timeMs: number, zone: Zone): [day: string, clock: string] {
  // The offset of that very moment, so that changes of the clock fall where they fell.
  const offsetMs = zone === "utc" ? 0 : new Date(timeMs).getTimezoneOffset() * 60_000;
  const text = new Date(timeMs - offsetMs).toISOString();
  return [text.slice(0, 10), text.slice(11, 19)];
}
