import { askedBound } from "./asked.ts";
import { numberOrNull } from "./rows.ts";
import type { Ask } from "./seconds.ts";

const HOUR_MS = 3_600_000;

/** Of which whole hours to tell: those within `(fromMs, toMs)`. */
export interface FundingQuery {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Start of the range, exclusive, ms since the epoch. */
  readonly fromMs: number;
  /** Its end, exclusive. */
  readonly toMs: number;
}

/** What the last mark before a whole hour told of funding. */
export interface ToldBefore {
  /** The hour, ms since the epoch. */
  readonly hourMs: number;
  /** The second of that mark, before the hour, ms since the epoch. */
  readonly toldMs: number;
  /** When the next payment was to fall due, ms since the epoch; `null` where none was told. */
  readonly dueMs: number | null;
  /** Its rate as it stood, a fraction of the notional; `null` where none was told. */
  readonly fundingRate: number | null;
  /** What a unit was valued at then, in quote per base; > 0. */
  readonly markPrice: number;
}

// Two seeks per hour, however many marks there are: CROSS JOIN keeps SQLite to this order.
const SELECT_TOLD = `WITH RECURSIVE hours (ms) AS (
    SELECT CAST($2 AS bigint) WHERE CAST($2 AS bigint) < CAST($3 AS bigint)
    UNION ALL
    SELECT ms + ${HOUR_MS} FROM hours WHERE ms + ${HOUR_MS} < CAST($3 AS bigint)
  )
  SELECT h.ms AS hour_ms, m.time_ms, m.next_funding_ms, m.funding_rate, m.mark_price
  FROM symbols s CROSS JOIN hours h CROSS JOIN marks m
  WHERE s.symbol = $1 AND m.symbol_id = s.symbol_id AND m.time_ms = (
    SELECT max(b.time_ms) FROM marks b WHERE b.symbol_id = s.symbol_id AND b.time_ms < h.ms
  )
  ORDER BY h.ms`;

/** Reads the last mark before each hour. @throws {RangeError} If the range has no two ends. */
export function readToldFunding(ask: Ask, { symbol, fromMs, toMs }: FundingQuery): ToldBefore[] {
  for (const [name, value] of [["fromMs", fromMs], ["toMs", toMs]] as const) {
    if (Number.isFinite(askedBound(name, value))) continue;
    throw new RangeError(
      `Cannot tell funding hour by hour as "${name}" must be a time: current value is ${value}`,
    );
  }
  const firstHourMs = (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS;
  return ask(SELECT_TOLD, symbol, firstHourMs, Math.ceil(toMs)).map((r) => ({
    hourMs: Number(r.hour_ms),
    toldMs: Number(r.time_ms),
    dueMs: numberOrNull(r.next_funding_ms),
    fundingRate: numberOrNull(r.funding_rate),
    markPrice: Number(r.mark_price),
  }));
}
