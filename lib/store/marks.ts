import type { Mark } from "../market/mod.ts";
import { numberOrNull, text } from "./rows.ts";
import { type Ask, secondArgs, type SecondQuery, type SecondRange } from "./seconds.ts";
import type { FundingQuery, ToldBefore } from "./told_funding.ts";

/** The marks that a database holds. */
export interface MarkReader {
  /** Marks, oldest first, one per second at most. */
  marks(query: SecondQuery): Mark[];
  /**
   * What the last mark before each whole hour told of funding, oldest first; hours before the first
   * mark of all are left out. One statement of two seeks per hour, however many marks there are.
   */
  toldFunding(query: FundingQuery): ToldBefore[];
  /** Of which time there are marks, of the symbols that have any, in alphabetical order. */
  markRanges(): SecondRange[];
}

const SELECT_MARKS = `SELECT s.venue, s.symbol, m.time_ms, m.mark_price, m.index_price,
    m.funding_rate, m.next_funding_ms
  FROM marks m JOIN symbols s USING (symbol_id)
  WHERE s.symbol = $1 AND m.time_ms >= $2 AND m.time_ms < $3 ORDER BY m.time_ms LIMIT $4`;

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
