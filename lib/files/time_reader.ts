import { LocalClock } from "./local_clock.ts";
import type { Cell } from "./row.ts";

/** How times were written, and how often. */
export interface TimeFacts {
  /** Whole or decimal seconds since the epoch. */
  readonly seconds: number;
  /** Milliseconds since the epoch. */
  readonly milliseconds: number;
  /** Microseconds since the epoch; what is below 1 ms is cut off. */
  readonly microseconds: number;
  /** Nanoseconds since the epoch; what is below 1 ms is cut off. */
  readonly nanoseconds: number;
  /** Dates and times with a zone or offset. */
  readonly zoned: number;
  /** Dates and times without one: read in `zone`. */
  readonly local: number;
  /** The zone in which local times were read. */
  readonly zone: string;
  /** Local times of an hour that comes twice, told apart by their order. */
  readonly doubles: number;
}

const YEAR_FIRST =
  /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
const DAY_FIRST =
  /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
const COMPACT = /^((?:19|20)\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/;

/**
 * Reads times as they are written in files: seconds, milli-, micro- or nanoseconds since the epoch,
 * ISO 8601 and its relatives, with or without a zone. The unit is told by the number of digits,
 * cell by cell: files exist that change it half way.
 */
export class TimeReader {
  readonly #zone: string;
  readonly #clock: LocalClock | null;
  #seconds = 0;
  #milliseconds = 0;
  #microseconds = 0;
  #nanoseconds = 0;
  #zoned = 0;
  #local = 0;
  /** Why the last cell was no time. */
  problem = "";

  /** @throws {RangeError} If the zone is not known. */
  constructor(zone = "UTC") {
    this.#zone = zone;
    this.#clock = /^(utc|etc\/utc|z)$/i.test(zone) ? null : new LocalClock(zone);
  }

  /** How times were written so far. */
  get facts(): TimeFacts {
    return {
      seconds: this.#seconds,
      milliseconds: this.#milliseconds,
      microseconds: this.#microseconds,
      nanoseconds: this.#nanoseconds,
      zoned: this.#zoned,
      local: this.#local,
      zone: this.#zone,
      doubles: this.#clock?.doubles ?? 0,
    };
  }

  /** Returns a time in ms since the epoch, or `NaN`; `problem` then says why. */
  read(cell: Cell): number {
    if (typeof cell === "number") return this.#readNumber(cell);
    const { length } = cell;
    // 13 digits are the most common by far.
    if (length === 13) {
      const value = Number(cell);
      if (value >= 1e12 && value < 1e13 && cell.charCodeAt(1) !== 46) {
        this.#milliseconds++;
        return value;
      }
    }
    const dot = cell.indexOf(".");
    const whole = dot < 0 ? cell : cell.slice(0, dot);
    if (!isDigits(whole) || dot >= 0 && !isDigits(cell.slice(dot + 1) || "0")) {
      return this.#readDate(cell);
    }
    return this.#readCount(whole, dot < 0 ? "" : cell.slice(dot + 1), cell);
  }

  #readNumber(value: number): number {
    if (!(value >= 1e12 && value < 1e13 && Number.isInteger(value))) return this.read(`${value}`);
    this.#milliseconds++;
    return value;
  }

  #readCount(whole: string, fraction: string, cell: string): number {
    switch (whole.length) {
      case 9:
      case 10:
      case 11:
        this.#seconds++;
        return Number(whole) * 1_000 + Number(fraction.padEnd(3, "0").slice(0, 3));
      case 13:
        this.#milliseconds++;
        return Number(whole);
      case 15:
      case 16:
        this.#microseconds++;
        return Number(whole.slice(0, -3));
      case 18:
      case 19:
        this.#nanoseconds++;
        return Number(whole.slice(0, -6));
      default:
        return this.#readDate(cell);
    }
  }

  #readDate(cell: string): number {
    const compact = COMPACT.exec(cell);
    if (compact !== null) {
      const [, year, month, day, hour, minute, second] = compact;
      return this.#toMs([year, month, day, hour, minute, second], undefined, undefined);
    }
    const yearFirst = YEAR_FIRST.exec(cell);
    if (yearFirst !== null) {
      const [, year, , month, day, hour, minute, second, fraction, zone] = yearFirst;
      return this.#toMs([year, month, day, hour, minute, second], fraction, zone);
    }
    const dayFirst = DAY_FIRST.exec(cell);
    if (dayFirst !== null) {
      const [, day, month, year, hour, minute, second, fraction, zone] = dayFirst;
      return this.#toMs([year, month, day, hour, minute, second], fraction, zone);
    }
    this.problem = cell === ""
      ? "the time is missing"
      : /^\d+(\.\d+)?e[+-]?\d+$/i.test(cell)
      ? `the time "${cell}" has lost digits, as spreadsheets do`
      : `the time "${cell}" is neither a count since the epoch nor a date as 2026-11-27 02:05:00`;
    return NaN;
  }

  #toMs(
    parts: readonly (string | undefined)[],
    fraction: string | undefined,
    zone: string | undefined,
  ): number {
    const [year, month, day, hour, minute, second] = parts.map((part) => Number(part ?? 0));
    const dayMs = Date.UTC(year!, month! - 1, day);
    const isDay = new Date(dayMs).getUTCDate() === day && month! >= 1 && month! <= 12;
    if (!isDay || hour! > 23 || minute! > 59 || second! > 59) {
      this.problem = "the date or time does not exist";
      return NaN;
    }
    const localMs = dayMs + hour! * 3_600_000 + minute! * 60_000 + second! * 1_000 +
      Number((fraction ?? "").padEnd(3, "0").slice(0, 3));
    if (zone !== undefined) {
      this.#zoned++;
      return localMs - offsetMs(zone);
    }
    const timeMs = this.#clock === null ? localMs : this.#clock.toMs(localMs);
    if (Number.isNaN(timeMs)) this.problem = `clocks in ${this.#zone} skip that time`;
    else this.#local++;
    return timeMs;
  }
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -1 : 1) * minutes * 60_000;
}

function isDigits(text: string): boolean {
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}
