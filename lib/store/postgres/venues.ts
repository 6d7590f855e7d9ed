import type { Link } from "./link.ts";

/** Where a symbol is traded. */
export interface VenueRow {
  readonly symbolId: number;
  readonly venue: string;
}

/** The rows of a symbol, one per venue. */
export function venuesOf(link: Link, symbol: string): VenueRow[] {
  return link.rows(
    "SELECT symbol_id, venue FROM symbols WHERE symbol = $1 ORDER BY symbol_id",
    symbol,
  ).map((r) => ({ symbolId: Number(r.symbol_id), venue: String(r.venue) }));
}

/** A number as it stands in a statement: COPY takes no arguments. */
export function whole(value: number): number {
  const bounded = Math.min(Math.max(Math.ceil(value), -MOST), MOST);
  if (!Number.isSafeInteger(bounded)) throw new RangeError(`Cannot ask for ${value}`);
  return bounded;
}

const MOST = Number.MAX_SAFE_INTEGER;
