const TIME =
  /^(\d{4}-\d{2}-(\d{2}))(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Returns a point in time that is written as ISO 8601 asks, in ms since the epoch.
 *
 * A time that names no zone is UTC on every machine; `Date.parse()` takes the zone of the machine,
 * and the third of March for the thirty-first of February.
 *
 * @example With and without a zone
 * ```ts
 * import { parseTime } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(parseTime("2026-11-22T14:30"), Date.UTC(2026, 10, 22, 14, 30));
 * strictEqual(parseTime("2026-11-22T14:30+02:00"), Date.UTC(2026, 10, 22, 12, 30));
 * strictEqual(parseTime("2026-11-22"), Date.UTC(2026, 10, 22));
 * ```
 *
 * @param text A date, with or without a time of day (what is below 1 ms is cut off) and a zone (`Z` or an offset).
 * @returns The time in ms since the epoch.
 * @throws {RangeError} If `text` is not such a time, or it does not exist.
 */
export function parseTime(text: string): number {
  const [, date, day, timeOfDay = "00:00", zone = "Z"] = TIME.exec(text) ?? [];
  const isDay = new Date(`${date}T00:00Z`).getUTCDate() === Number(day);
  const timeMs = Date.parse(`${date}T${timeOfDay}${zone}`);
  if (isDay && Number.isFinite(timeMs)) return timeMs;
  throw new RangeError(
    `Cannot read a time as it must look like "2026-11-22" or "2026-11-22T14:30": current value is "${text}"`,
  );
}
