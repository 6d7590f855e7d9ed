import type { Mark, Quote } from "../market/mod.ts";

/** A row that is told of a symbol in a second. */
export type SecondRow = Mark | Quote;

/** A table with a row per symbol and second, the same in both kinds of database. */
export interface SecondTable<Row extends SecondRow> {
  readonly name: string;
  /** Its columns behind the symbol's id and the time, with their types on a server. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: "float8" | "bigint";
    of(row: Row): number | null;
  }[];
}

/** Marks. */
export const MARKS: SecondTable<Mark> = {
  name: "marks",
  columns: [
    { name: "mark_price", type: "float8", of: (mark) => mark.markPrice },
    { name: "index_price", type: "float8", of: (mark) => mark.indexPrice },
    { name: "funding_rate", type: "float8", of: (mark) => mark.fundingRate },
    { name: "next_funding_ms", type: "bigint", of: (mark) => mark.nextFundingMs },
  ],
};

/** Quotes. */
export const QUOTES: SecondTable<Quote> = {
  name: "quotes",
  columns: [
    { name: "bid", type: "float8", of: (quote) => quote.bid },
    { name: "bid_quantity", type: "float8", of: (quote) => quote.bidQuantity },
    { name: "ask", type: "float8", of: (quote) => quote.ask },
    { name: "ask_quantity", type: "float8", of: (quote) => quote.askQuantity },
  ],
};
