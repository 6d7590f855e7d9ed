import type { Mark, Quote } from "../market/mod.ts";
import { type MarkReader, readMarks } from "./marks.ts";
import { type LastQuoteQuery, type QuoteReader, readLastQuotes, readQuotes } from "./quotes.ts";
import { type Ask, readRanges, type SecondQuery, type SecondRange } from "./seconds.ts";
import { type FundingQuery, readToldFunding, type ToldBefore } from "./told_funding.ts";

/** Reads what is recorded beside the trades: the same of both kinds of database. */
export abstract class RecordedReader implements MarkReader, QuoteReader {
  /** Asks the database. */
  protected abstract readonly ask: Ask;

  marks(query: SecondQuery): Mark[] {
    return readMarks(this.ask, query);
  }

  toldFunding(query: FundingQuery): ToldBefore[] {
    return readToldFunding(this.ask, query);
  }

  markRanges(): SecondRange[] {
    return readRanges(this.ask, "marks");
  }

  quotes(query: SecondQuery): Quote[] {
    return readQuotes(this.ask, query);
  }

  lastQuotes(query: LastQuoteQuery): Quote[] {
    return readLastQuotes(this.ask, query);
  }

  quoteRanges(): SecondRange[] {
    return readRanges(this.ask, "quotes");
  }
}
