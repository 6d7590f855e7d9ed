import type { Link } from "./link.ts";

/** What a writer knows of its database without asking. */
export class Known {
  /** The id of each symbol. */
  readonly symbols = new Map<string, number>();
  /** The largest stored trade id by symbol: a trade after it cannot be stored already. */
  readonly lastIds = new Map<number, number>();
  /** The days that have a partition, ms since the epoch. */
  readonly days = new Set<number>();

  /** Reads all of it anew. */
  load(link: Link): void {
    this.symbols.clear();
    this.lastIds.clear();
    this.days.clear();
    for (const r of link.rows("SELECT symbol, symbol_id FROM symbols ORDER BY symbol_id")) {
      this.symbols.set(String(r.symbol), Number(r.symbol_id));
    }
    const ids = "SELECT symbol_id, max(last_trade_id) AS last FROM trade_days GROUP BY 1";
    for (const r of link.rows(ids)) this.lastIds.set(Number(r.symbol_id), Number(r.last));
    for (const day of daysWithTrades(link)) this.days.add(day);
  }

  /** The id of a symbol; one that no row has for a symbol that is not registered. */
  find(symbol: string): number {
    return this.symbols.get(symbol) ?? -1;
  }

  /** @throws {RangeError} If the symbol is not registered. */
  idOf(symbol: string): number {
    const id = this.symbols.get(symbol);
    if (id !== undefined) return id;
    throw new RangeError(`Cannot write ${symbol} as it must be registered first`);
  }
}

/** Reads the days that have a partition, oldest first, ms since the epoch. */
export function daysWithTrades(link: Link): number[] {
  return link.rows(
    `SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::text AS day FROM pg_inherits i
     JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'trades'::regclass ORDER BY 1`,
  ).map((r) => Date.parse(String(r.day)));
}
