import type { CloseQuery } from "./closes.ts";
import type { BarQuery, TradeQuery } from "./reader.ts";

/**
 * What is asked of a store, as every store understands it: a range may be open (`Infinity`), a limit
 * that is no limit is left out, and what is no number is refused here, at the door, since a database
 * would take it for NULL, for an error of its own, or for all there is.
 */

/** A query for bars. @throws {RangeError} If a number of it makes no sense. */
export function askedBars(query: BarQuery): BarQuery {
  askedInterval(query.intervalMs);
  askedBound("fromMs", query.fromMs);
  askedBound("toMs", query.toMs);
  return withLimit(query);
}

/** A query for trades. @throws {RangeError} If a number of it makes no sense. */
export function askedTrades(query: TradeQuery): TradeQuery {
  askedBound("fromMs", query.fromMs);
  askedBound("toMs", query.toMs);
  askedBound("fromId", query.fromId);
  const toId = askedBound("toId", query.toId);
  const asked = withLimit(query);
  // Ids are whole: the last that is meant is the one before a fraction.
  return toId === undefined || Number.isInteger(toId)
    ? asked
    : { ...asked, toId: Math.floor(toId) };
}

/** A query for closes. @throws {RangeError} If a number of it makes no sense. */
export function askedCloses(query: CloseQuery): CloseQuery {
  askedInterval(query.intervalMs);
  askedBound("fromMs", query.fromMs);
  askedBound("toMs", query.toMs);
  return query;
}

/** The length of bars, ms. @throws {RangeError} If none can be that long. */
export function askedInterval(intervalMs: number): number {
  if (Number.isSafeInteger(intervalMs) && intervalMs > 0) return intervalMs;
  throw refusal("intervalMs", "a whole number above 0", intervalMs);
}

/** The bound of a range. @throws {RangeError} If it is no number. */
export function askedBound<T extends number | undefined>(name: string, bound: T): T {
  if (bound === undefined || !Number.isNaN(bound)) return bound;
  throw refusal(name, "a number", bound);
}

/** How many at most; `undefined` for all. @throws {RangeError} If there cannot be so many. */
export function askedLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || limit > Number.MAX_SAFE_INTEGER) return undefined;
  if (Number.isInteger(limit) && limit >= 0) return limit;
  throw refusal("limit", "a whole number from 0 on, or Infinity", limit);
}

function withLimit<T extends { readonly limit?: number }>(query: T): T {
  const limit = askedLimit(query.limit);
  if (limit === query.limit) return query;
  const { limit: _none, ...rest } = query;
  return rest as T;
}

function refusal(name: string, wanted: string, value: number): RangeError {
  return new RangeError(
    `Cannot read what is stored as "${name}" must be ${wanted}: current value is ${value}`,
  );
}
