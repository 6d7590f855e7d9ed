import type { DatabaseSync } from "node:sqlite";
import { DEFAULT_SCALE, type StreamKind } from "../market/mod.ts";
import { StoreError } from "./store_error.ts";
import type { Decimals } from "./writer.ts";

/** What the writer needs to know of a symbol. */
export interface SymbolRow {
  readonly symbolId: number;
  readonly priceScale: number;
  readonly quantityScale: number;
}

/** The symbols of a database, kept in memory by its one writer. */
export class SymbolRows {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #rows = new Map<string, SymbolRow>();

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    for (
      const r of db.prepare("SELECT symbol_id, symbol, price_scale, quantity_scale FROM symbols")
        .iterate()
    ) {
      this.#rows.set(String(r.symbol), {
        symbolId: Number(r.symbol_id),
        priceScale: Number(r.price_scale),
        quantityScale: Number(r.quantity_scale),
      });
    }
  }

  /** Adds a symbol, or checks that it holds this kind; its scales are settled with its first trade. */
  register(
    venue: string,
    symbol: string,
    streamKind: StreamKind | null,
    decimals?: Decimals,
  ): void {
    const known = this.#db.prepare(
      "SELECT stream_kind FROM symbols WHERE venue = ? AND symbol = ?",
    ).get(venue, symbol)?.stream_kind;
    const isOther = known !== undefined && known !== null && known !== streamKind;
    if (isOther && streamKind !== null) {
      throw otherKind(this.#path, symbol, String(known), streamKind);
    }
    // Scales are settled with the first trade: what is stored is divided by them.
    const isSettled =
      `?6 = 0 OR EXISTS (SELECT 1 FROM trades t WHERE t.symbol_id = symbols.symbol_id)`;
    const row = this.#db.prepare(
      `INSERT INTO symbols (venue, symbol, stream_kind, price_scale, quantity_scale)
       VALUES (?,?,?,?,?)
       ON CONFLICT (venue, symbol) DO UPDATE SET
         stream_kind = coalesce(excluded.stream_kind, stream_kind),
         price_scale = iif(${isSettled}, price_scale, excluded.price_scale),
         quantity_scale = iif(${isSettled}, quantity_scale, excluded.quantity_scale)
       RETURNING symbol_id, price_scale, quantity_scale`,
    ).get(
      venue,
      symbol,
      streamKind,
      scaleOf(decimals?.price),
      scaleOf(decimals?.quantity),
      decimals === undefined ? 0 : 1,
    )!;
    this.#rows.set(symbol, {
      symbolId: Number(row.symbol_id),
      priceScale: Number(row.price_scale),
      quantityScale: Number(row.quantity_scale),
    });
  }

  has(symbol: string): boolean {
    return this.#rows.has(symbol);
  }

  /** The id of a symbol, or `null` for one that is not registered. */
  find(symbol: string): number | null {
    return this.#rows.get(symbol)?.symbolId ?? null;
  }

  /** @throws {RangeError} If the symbol is not registered. */
  get(symbol: string): SymbolRow {
    const row = this.#rows.get(symbol);
    if (row === undefined) {
      throw new RangeError(`Cannot write ${symbol} as it must be registered first`);
    }
    return row;
  }
}

/** Says that a symbol holds the other kind of trades. */
export function otherKind(
  database: string,
  symbol: string,
  held: string,
  wanted: StreamKind,
): StoreError {
  return new StoreError(
    "stream kind",
    database,
    `Cannot store "${wanted}" of ${symbol} as "${database}" holds its "${held}": use --stream ${held}, or another database with --db`,
  );
}

/** Decimals beyond the default would not fit into an integer together with a large price. */
export function scaleOf(decimals: number | undefined): number {
  if (decimals === undefined) return DEFAULT_SCALE;
  if (!Number.isInteger(decimals) || decimals < 0) {
    throw new RangeError(
      `Cannot register a symbol as decimals must be whole: they are ${decimals}`,
    );
  }
  return Math.min(DEFAULT_SCALE, 10 ** decimals);
}
