import { askedBound, askedLimit } from "./asked.ts";
import { type Row, text } from "./rows.ts";

/** Which rows of seconds to read: `[fromMs, toMs)` of their times, oldest first. */
export interface SecondQuery {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** First second, ms since the epoch. @default {-Infinity} */
  readonly fromMs?: number;
  /** End of the range, exclusive. @default {Infinity} */
  readonly toMs?: number;
  /** At most so many, the first. @default {no limit} */
  readonly limit?: number;
}

/** Of which time there are rows of a symbol; there may be holes within it. */
export interface SecondRange {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The first second, ms since the epoch. */
  readonly firstMs: number;
  /** The last one. */
  readonly lastMs: number;
}

/** Asks a database of either kind: a statement with $1, $2, … and what stands for them. */
export type Ask = (sql: string, ...args: (string | number)[]) => readonly Row[];

/** What statements take as $1 to $4. @throws {RangeError} If a number of the query makes no sense. */
export function secondArgs(
  { symbol, fromMs = -Infinity, toMs = Infinity, limit }: SecondQuery,
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

/** Reads of which time a table has rows: two seeks per symbol. */
export function readRanges(ask: Ask, table: "marks" | "quotes"): SecondRange[] {
  const bound = (which: string) =>
    `(SELECT ${which}(time_ms) FROM ${table} t WHERE t.symbol_id = s.symbol_id)`;
  return ask(
    `SELECT * FROM (
       SELECT s.symbol, ${bound("min")} AS first_ms, ${bound("max")} AS last_ms FROM symbols s
     ) r WHERE first_ms IS NOT NULL ORDER BY symbol`,
  ).map((r) => ({
    symbol: text(r.symbol),
    firstMs: Number(r.first_ms),
    lastMs: Number(r.last_ms),
  }));
}
