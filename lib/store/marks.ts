import type { Mark } from "../market/mod.ts";
import { numberOrNull, text } from "./rows.ts";
import { type Ask, secondArgs, type SecondQuery, type SecondRange } from "./seconds.ts";

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

/** The marks that a database holds. */
export interface MarkReader {
  /** Marks, oldest first, one per second at most. */
  marks(query: SecondQuery): Mark[];
  /**
   * The payments of funding that marks of a range told of, by when they are due: what was held then
   * paid the last rate told before. One statement, however many marks there are.
   */
  fundingPeriods(query: Omit<SecondQuery, "limit">): FundingPeriod[];
  /** Of which time there are marks, of the symbols that have any, in alphabetical order. */
  markRanges(): SecondRange[];
}

const SELECT_MARKS = `SELECT s.venue, s.symbol, m.time_ms, m.mark_price, m.index_price,
    m.funding_rate, m.next_funding_ms
  FROM marks m JOIN symbols s USING (symbol_id)
  WHERE s.symbol = $1 AND m.time_ms >= $2 AND m.time_ms < $3 ORDER BY m.time_ms LIMIT $4`;

const SELECT_PERIODS = `SELECT m.next_funding_ms AS due_ms, p.first_ms, p.last_ms, m.funding_rate
  FROM (
    SELECT m.symbol_id, m.next_funding_ms AS due_ms, min(m.time_ms) AS first_ms,
      max(m.time_ms) AS last_ms
    FROM marks m JOIN symbols s USING (symbol_id)
    WHERE s.symbol = $1 AND m.time_ms >= $2 AND m.time_ms < $3
      AND m.time_ms <= m.next_funding_ms
    GROUP BY m.symbol_id, m.next_funding_ms
  ) p JOIN marks m ON m.symbol_id = p.symbol_id AND m.time_ms = p.last_ms
  ORDER BY due_ms LIMIT $4`;

/** Reads marks. @throws {RangeError} If a number of the query makes no sense. */
export function readMarks(ask: Ask, query: SecondQuery): Mark[] {
  return ask(SELECT_MARKS, ...secondArgs(query)).map((r) => ({
    venue: text(r.venue),
    symbol: text(r.symbol),
    timeMs: Number(r.time_ms),
    markPrice: Number(r.mark_price),
    indexPrice: numberOrNull(r.index_price),
    fundingRate: numberOrNull(r.funding_rate),
    nextFundingMs: numberOrNull(r.next_funding_ms),
  }));
}

/** Reads the last mark before each payment. @throws {RangeError} As `readMarks()`. */
export function readPeriods(ask: Ask, query: SecondQuery): FundingPeriod[] {
  return ask(SELECT_PERIODS, ...secondArgs(query)).map((r) => ({
    dueMs: Number(r.due_ms),
    firstMs: Number(r.first_ms),
    lastMs: Number(r.last_ms),
    fundingRate: numberOrNull(r.funding_rate),
  }));
}
