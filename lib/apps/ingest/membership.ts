import { type BinanceRest, type Feed, RestError } from "../../feed/mod.ts";
import { BINANCE_USDM, type Instrument, type StreamKind, venueOf } from "../../market/mod.ts";
import type { Decimals, StoreWriter } from "../../store/mod.ts";
import type { Context } from "../program.ts";
import { decimalsOf } from "./decimals.ts";
import type { Pipeline } from "./pipeline.ts";
import { refuseMadeIds } from "./refuse_made_ids.ts";
import { takeUp } from "./take_up.ts";
import { warmStart } from "./warm_start.ts";

/** What symbols join and leave. */
export interface MembershipOptions {
  readonly rest: BinanceRest;
  readonly writer: StoreWriter;
  readonly pipeline: Pipeline;
  readonly feed: Feed;
  /** Where the feed looks up from which id the chain of a symbol goes on. */
  readonly lastIds: Map<string, number>;
  /** The kind of trades of a symbol. */
  readonly kindOf: (symbol: string) => StreamKind;
}

/** The symbols a running ingest follows: how they join its parts, and how they leave. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #decimals = new Map<string, Decimals>();
  /** Symbols that the user does not want, whatever the exchange lists. */
  readonly unwanted = new Set<string>();

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Takes note of what the exchange lists: trades of a symbol are smaller when its steps are known. */
  know(listed: readonly Instrument[]): void {
    for (const instrument of listed) this.#decimals.set(instrument.symbol, decimalsOf(instrument));
  }

  /** Whether a symbol is followed. */
  has(symbol: string): boolean {
    return this.#options.feed.streams().has(symbol);
  }

  /** The symbols followed. */
  get symbols(): string[] {
    return [...this.#options.feed.streams().keys()];
  }

  /**
   * Takes symbols up where they were left; those that follow already are passed over.
   *
   * @throws {StoreError} If the database holds another kind of stream of one.
   * @throws {ProgramError} If it holds trades of one without the venue's ids.
   */
  join(symbols: readonly string[]): void {
    const { writer, pipeline, feed, lastIds } = this.#options;
    refuseMadeIds(symbols, writer.lastTradeIds());
    for (const symbol of symbols.filter((s) => !this.has(s))) {
      this.#register(symbol);
      pipeline.commit();
      takeUp(symbol, pipeline, writer);
      const lastId = writer.lastTradeIds().get(symbol);
      if (lastId !== undefined) lastIds.set(symbol, lastId);
    }
    feed.add(symbols);
  }

  /**
   * Takes up symbols that have just been listed, with what was traded of them so far. One of which
   * nothing was traded yet is left for later: what comes before its stream does would be missed.
   *
   * @returns Those that joined.
   */
  async joinListed(
    symbols: readonly string[],
    sinceMs: number,
    context: Context,
  ): Promise<readonly string[]> {
    const { rest, writer, pipeline } = this.#options;
    for (const symbol of symbols) this.#register(symbol);
    let joining = symbols;
    if (sinceMs > 0 && this.#options.kindOf(symbols[0]!) === "aggTrade") {
      try {
        const fetched = await warmStart(
          { rest, writer, pipeline, symbols, warmMs: sinceMs },
          context,
        );
        const known = writer.lastTradeIds();
        joining = symbols.filter((symbol) => known.has(symbol) || !fetched.includes(symbol));
      } catch (error) {
        // What is missing then is fetched by the feed, by id, from the last one on.
        if (!(error instanceof RestError)) throw error;
        context.report.warn(`Cannot fetch the first trades of new symbols: ${error.message}`);
      }
    }
    this.join(joining);
    return joining;
  }

  #register(symbol: string): void {
    const { writer, kindOf } = this.#options;
    const venue = venueOf(symbol)?.code ?? BINANCE_USDM;
    writer.register(venue, symbol, kindOf(symbol), this.#decimals.get(symbol));
  }

  /** Stops to follow symbols; bars that were open are stored as they stand. */
  leave(symbols: readonly string[]): void {
    const { feed, pipeline } = this.#options;
    feed.remove(symbols);
    for (const symbol of symbols) pipeline.end(symbol);
    pipeline.commit();
  }
}
