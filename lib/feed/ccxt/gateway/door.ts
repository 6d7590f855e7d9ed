import type { Library, LibraryMarket, LibraryTrade, LibraryVenue } from "./library.ts";
import { kindOfError } from "./errors.ts";
import { moveTo } from "./venue_urls.ts";

/** A list of markets that is older is asked for anew, ms. */
const FRESH_MS = 60_000;
/** What ccxt keeps of the trades of a symbol: more in one frame are told as missed. */
const KEPT_TRADES = 1_000;

/** One venue behind ccxt: who is asked for what it lists, its time and its trades. */
export class Door {
  readonly #library: Library;
  readonly #name: string;
  readonly #baseUrl: string | null;
  readonly #rest: LibraryVenue;
  #markets: Promise<Readonly<Record<string, LibraryMarket>>> | null = null;
  #askedMs = -Infinity;
  /** Whether the venue takes it when more trades are asked for than it gives. */
  #takesLimit = true;

  /**
   * @param library ccxt.
   * @param name What ccxt calls the venue.
   * @param baseUrl Where it is reached instead of where it is; `null` for there.
   */
  constructor(library: Library, name: string, baseUrl: string | null) {
    this.#library = library;
    this.#name = name;
    this.#baseUrl = baseUrl;
    this.#rest = this.#make();
  }

  /** What the venue says that it is, in the head of its last answer; `null` before. */
  get server(): string | null {
    const headers = this.#rest.last_response_headers ?? {};
    return headers.Server ?? headers.server ?? null;
  }

  /** Whether it gives trades of the past. */
  get givesTrades(): boolean {
    return this.#rest.has.fetchTrades === true;
  }

  /** What the venue lists, by ccxt's names; asked for once a minute at most. */
  async markets(): Promise<Readonly<Record<string, LibraryMarket>>> {
    const nowMs = performance.now();
    if (this.#markets === null || nowMs - this.#askedMs > FRESH_MS) {
      this.#askedMs = nowMs;
      const asked = this.#rest.loadMarkets(true);
      this.#markets = asked;
      asked.catch(() => this.#markets = null);
    }
    return await this.#markets;
  }

  /** The venue's time, ms since the epoch; `null` where it does not tell. */
  async time(): Promise<number | null> {
    if (this.#rest.has.fetchTime !== true) return null;
    return await this.#rest.fetchTime() ?? null;
  }

  /** Trades of a symbol: the newest ones, or the first ones since a time. */
  async trades(
    symbol: string,
    sinceMs: number | undefined,
    limit: number,
  ): Promise<readonly LibraryTrade[]> {
    await this.markets();
    if (this.#takesLimit) {
      try {
        return await this.#rest.fetchTrades(symbol, sinceMs, limit);
      } catch (error) {
        if (kindOfError(error) === "passing") throw error;
      }
    }
    const trades = await this.#rest.fetchTrades(symbol, sinceMs);
    this.#takesLimit = false;
    return trades;
  }

  /** Another instance, with connections of its own, that knows what the venue lists. */
  async instance(): Promise<LibraryVenue> {
    const markets = await this.markets();
    const venue = this.#make();
    venue.setMarkets(markets, this.#rest.currencies);
    return venue;
  }

  /** Whether an error is one that ccxt throws itself: what a venue answered, not what it could not read. */
  isOwnError(error: unknown): boolean {
    return error instanceof this.#library.BaseError;
  }

  #make(): LibraryVenue {
    const venue = new this.#library.pro[this.#name]!({
      enableRateLimit: true,
      // Else ccxt says how many trades are new, and counts those that name another symbol wrong.
      options: { tradesLimit: KEPT_TRADES, newUpdates: false },
    });
    venue.number = String;
    if (this.#baseUrl !== null) moveTo(venue, this.#baseUrl);
    return venue;
  }
}
