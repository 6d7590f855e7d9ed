import type { Quote } from "../market/mod.ts";
import { numberOrNull, type Row, text } from "./rows.ts";
import { type Ask, secondArgs, type SecondQuery, type SecondRange } from "./seconds.ts";

/** Which quotes to read: of each stretch of a length the last one, from `fromMs` on. */
export interface LastQuoteQuery {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Where the first stretch begins, ms since the epoch. */
  readonly fromMs: number;
  /** End of the range, exclusive. */
  readonly toMs: number;
  /** How long each is, ms; a whole number > 0. */
  readonly everyMs: number;
}

/** The quotes that a database holds. */
export interface QuoteReader {
  /** Quotes, oldest first, one per second at most. */
  quotes(query: SecondQuery): Quote[];
  /**
   * The last quote of each stretch `[fromMs + k everyMs, fromMs + (k + 1) everyMs)` that has any,
   * oldest first: one statement and a seek for each, however many quotes there are.
   */
  lastQuotes(query: LastQuoteQuery): Quote[];
  /** Of which time there are quotes, of the symbols that have any, in alphabetical order. */
  quoteRanges(): SecondRange[];
}

const COLUMNS = "s.venue, s.symbol, q.time_ms, q.bid, q.bid_quantity, q.ask, q.ask_quantity";

const SELECT_QUOTES = `SELECT ${COLUMNS} FROM quotes q JOIN symbols s USING (symbol_id)
  WHERE s.symbol = $1 AND q.time_ms >= $2 AND q.time_ms < $3 ORDER BY q.time_ms LIMIT $4`;

// From the newest quote to the last one before its stretch begins: one seek per stretch that has any.
// CROSS JOIN keeps SQLite to the order of the tables.
const SELECT_LAST = `WITH RECURSIVE last (symbol_id, time_ms) AS (
    SELECT s.symbol_id, (
      SELECT max(q.time_ms) FROM quotes q WHERE q.symbol_id = s.symbol_id
      AND q.time_ms >= CAST($2 AS bigint) AND q.time_ms < CAST($3 AS bigint)
    ) FROM symbols s WHERE s.symbol = $1
    UNION ALL
    SELECT l.symbol_id, (
      SELECT max(q.time_ms) FROM quotes q WHERE q.symbol_id = l.symbol_id
      AND q.time_ms >= CAST($2 AS bigint) AND q.time_ms < CAST($2 AS bigint)
        + (l.time_ms - CAST($2 AS bigint)) / CAST($4 AS bigint) * CAST($4 AS bigint)
    ) FROM last l WHERE l.time_ms IS NOT NULL
  )
  SELECT ${COLUMNS} FROM last l CROSS JOIN quotes q CROSS JOIN symbols s
  WHERE q.symbol_id = l.symbol_id AND q.time_ms = l.time_ms AND s.symbol_id = l.symbol_id
  ORDER BY q.time_ms`;

/** Reads quotes. @throws {RangeError} If a number of the query makes no sense. */
export function readQuotes(ask: Ask, query: SecondQuery): Quote[] {
  return ask(SELECT_QUOTES, ...secondArgs(query)).map(toQuote);
}

/** Reads the last quote of each stretch. @throws {RangeError} As `readQuotes()`. */
export function readLastQuotes(ask: Ask, { everyMs, ...query }: LastQuoteQuery): Quote[] {
  return ask(SELECT_LAST, ...secondArgs({ ...query, limit: everyMs })).map(toQuote);
}

function toQuote(r: Row): Quote {
  return {
    venue: text(r.venue),
    symbol: text(r.symbol),
    timeMs: Number(r.time_ms),
    bid: numberOrNull(r.bid),
    bidQuantity: numberOrNull(r.bid_quantity),
    ask: numberOrNull(r.ask),
    askQuantity: numberOrNull(r.ask_quantity),
  };
}
