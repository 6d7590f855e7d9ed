import type { Mark } from "../market/mod.ts";
import { askedBound, askedLimit } from "./asked.ts";
import { numberOrNull, type Row, text } from "./rows.ts";

/** Which marks to read: `[fromMs, toMs)` of their seconds, oldest first. */
export interface MarkQuery {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** First second, ms since the epoch. @default {-Infinity} */
  readonly fromMs?: number;
  /** End of the range, exclusive. @default {Infinity} */
  readonly toMs?: number;
  /** At most so many, the first. @default {no limit} */
  readonly limit?: number;
}

/** What is known of one payment of funding: the marks of a range that told of it. */
export interface FundingPeriod {
  /** When it fell or falls due, ms since the epoch. */
  readonly dueMs: number;
  /** The first of its seconds in the range, ms since the epoch. */
  readonly firstMs: number;
  /** The last of them, not later than `dueMs`. */
  readonly lastMs: number;
  /** The rate as of that last second, a fraction of the notional; `null` where it told none. */
  readonly fundingRate: number | null;
}

/** Of which time there are marks of a symbol; there may be holes within it. */
export interface MarkRange {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The first second, ms since the epoch. */
  readonly firstMs: number;
  /** The last one. */
  readonly lastMs: number;
}

/** The marks that a database holds. */
export interface MarkReader {
  /** Marks, oldest first, one per second at most. */
  marks(query: MarkQuery): Mark[];
  /**
   * The payments of funding that marks of a range told of, by when they are due: what was held then
   * paid the last rate told before. One statement, however many marks there are.
   */
  fundingPeriods(query: Omit<MarkQuery, "limit">): FundingPeriod[];
  /** Of which time there are marks, of the symbols that have any, in alphabetical order. */
  markRanges(): MarkRange[];
}

// Both kinds of database read these, with $1 to $4 for what `markArgs()` gives.

/** Reads marks. */
export const SELECT_MARKS = `SELECT s.venue, s.symbol, m.time_ms, m.mark_price, m.index_price,
    m.funding_rate, m.next_funding_ms
  FROM marks m JOIN symbols s USING (symbol_id)
  WHERE s.symbol = $1 AND m.time_ms >= $2 AND m.time_ms < $3 ORDER BY m.time_ms LIMIT $4`;

/** Reads the last mark before each payment. */
export const SELECT_PERIODS = `SELECT m.next_funding_ms AS due_ms, p.first_ms, p.last_ms,
    m.funding_rate
  FROM (
    SELECT m.symbol_id, m.next_funding_ms AS due_ms, min(m.time_ms) AS first_ms,
      max(m.time_ms) AS last_ms
    FROM marks m JOIN symbols s USING (symbol_id)
    WHERE s.symbol = $1 AND m.time_ms >= $2 AND m.time_ms < $3
      AND m.time_ms <= m.next_funding_ms
    GROUP BY m.symbol_id, m.next_funding_ms
  ) p JOIN marks m ON m.symbol_id = p.symbol_id AND m.time_ms = p.last_ms
  ORDER BY due_ms LIMIT $4`;

/** Reads of which time there are marks: two seeks per symbol. */
export const SELECT_RANGES = `SELECT * FROM (
    SELECT s.symbol, (SELECT min(time_ms) FROM marks m WHERE m.symbol_id = s.symbol_id) AS first_ms,
      (SELECT max(time_ms) FROM marks m WHERE m.symbol_id = s.symbol_id) AS last_ms
    FROM symbols s
  ) r WHERE first_ms IS NOT NULL ORDER BY symbol`;

/** What the statements take. @throws {RangeError} If a number of the query makes no sense. */
export function markArgs(
  { symbol, fromMs = -Infinity, toMs = Infinity, limit }: MarkQuery,
): [symbol: string, fromMs: number, toMs: number, limit: number] {
  const whole = (value: number) =>
    Math.min(Number.MAX_SAFE_INTEGER, Math.max(-Number.MAX_SAFE_INTEGER, Math.ceil(value)));
  return [
    symbol,
    whole(askedBound("fromMs", fromMs)),
    whole(askedBound("toMs", toMs)),
    askedLimit(limit) ?? Number.MAX_SAFE_INTEGER,
  ];
}

/** A row of `v_marks`. */
export function toMark(r: Row): Mark {
  return {
    venue: text(r.venue),
    symbol: text(r.symbol),
    timeMs: Number(r.time_ms),
    markPrice: Number(r.mark_price),
    indexPrice: numberOrNull(r.index_price),
    fundingRate: numberOrNull(r.funding_rate),
    nextFundingMs: numberOrNull(r.next_funding_ms),
  };
}

/** A row of `SELECT_PERIODS`. */
export function toPeriod(r: Row): FundingPeriod {
  return {
    dueMs: Number(r.due_ms),
    firstMs: Number(r.first_ms),
    lastMs: Number(r.last_ms),
    fundingRate: numberOrNull(r.funding_rate),
  };
}

/** A row of `SELECT_RANGES`. */
export function toMarkRange(r: Row): MarkRange {
  return { symbol: text(r.symbol), firstMs: Number(r.first_ms), lastMs: Number(r.last_ms) };
}
