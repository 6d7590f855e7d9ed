/** What is used of a market as ccxt lists it; numbers are decimals in text. */
export interface LibraryMarket {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly type: string;
  readonly active?: boolean | undefined;
  readonly contract?: boolean | undefined;
  readonly linear?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly contractSize?: string | number | undefined;
  readonly precision?: {
    readonly price?: string | number | undefined;
    readonly amount?: string | number | undefined;
  };
}

/** A trade as ccxt reads it; nothing of it is believed yet. */
export interface LibraryTrade {
  readonly id?: unknown;
  readonly timestamp?: unknown;
  readonly symbol?: unknown;
  readonly side?: unknown;
  readonly price?: unknown;
  readonly amount?: unknown;
  /** The venue's own row. */
  readonly info?: unknown;
}

/** A connection that ccxt keeps. */
export interface LibraryClient {
  log(...parts: unknown[]): void;
  /** Called with each answer to a ping of sockets themselves. */
  onPong(): void;
  /** Tells who waits for something that it failed; all who wait where nothing is named. */
  reject(error: unknown, of?: string): unknown;
}

/** What is used of a venue as ccxt knows it. */
export interface LibraryVenue {
  readonly id: string;
  readonly has: Readonly<Record<string, unknown>>;
  readonly urls: { api: unknown };
  /** The headers of REST's last answer. */
  readonly last_response_headers?: Readonly<Record<string, string>>;
  readonly currencies?: unknown;
  /** How decimals are kept: as text they are what the venue wrote. */
  number: unknown;
  loadMarkets(reload?: boolean): Promise<Readonly<Record<string, LibraryMarket>>>;
  setMarkets(markets: unknown, currencies?: unknown): unknown;
  implodeHostname(url: string): string;
  fetchTime(): Promise<number | undefined>;
  fetchTrades(symbol: string, since?: number, limit?: number): Promise<readonly LibraryTrade[]>;
  watchTrades(symbol: string): Promise<readonly LibraryTrade[]>;
  client(url: string): LibraryClient;
  handleMessage(client: LibraryClient, message: unknown): void;
  /** Called when a connection failed, after all who wait were told. */
  onError(client: LibraryClient, error: unknown): void;
  /** Called when a connection was closed, after all who wait were told. */
  onClose(client: LibraryClient, event: unknown): void;
  close(): Promise<unknown>;
}

/** What is used of ccxt. */
export interface Library {
  /** What all errors of its own are. */
  readonly BaseError: new (message: string) => Error;
  /** The venues with sockets, by what ccxt calls them, among other things. */
  readonly pro: Readonly<Record<string, new (options: unknown) => LibraryVenue>>;
}

/**
 * Named in `ccxt.json` with its version, and in no import that can be read from outside: who starts
 * another program neither downloads it nor finds it in a lock file.
 */
const NAME = "ccxt";

/** Loads ccxt; some 120 venues in half a second. */
export async function loadLibrary(): Promise<Library> {
  const { default: library } = await import(NAME);
  return library;
}
