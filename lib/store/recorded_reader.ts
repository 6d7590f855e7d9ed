import type { Mark, Quote } from "../market/mod.ts";
import { type FundingPeriod, type MarkReader, readMarks, readPeriods } from "./marks.ts";
import { type LastQuoteQuery, type QuoteReader, readLastQuotes, readQuotes } from "./quotes.ts";
import { type Ask, readRanges, type SecondQuery, type SecondRange } from "./seconds.ts";

/** Reads what is recorded beside the trades: the same of both kinds of database. */
export abstract class RecordedReader implements MarkReader, QuoteReader {
  /** Asks the database. */
  protected abstract readonly ask: Ask;

  marks(query: SecondQuery): Mark[] {
    return readMarks(this.ask, query);
  }

  fundingPeriods(query: Omit<SecondQuery, "limit">): FundingPeriod[] {
    return readPeriods(this.ask, query);
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
