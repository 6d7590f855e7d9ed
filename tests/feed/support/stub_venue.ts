import type {
  Library,
  LibraryClient,
  LibraryTrade,
  LibraryVenue,
} from "../../../lib/feed/ccxt/gateway/library.ts";

/** As ccxt's own errors are. */
class BaseError extends Error {}

/** An error of ccxt's that is called so. */
export function libraryError(name: string, message: string): Error {
  return Object.assign(new BaseError(message), { name });
}

/** A connection as ccxt's `Client` keeps it: who waits, by what they wait for. */
export class StubClient implements LibraryClient {
  readonly waiting = new Map<string, PromiseWithResolvers<readonly LibraryTrade[]>>();
  readonly #handle: (client: StubClient, message: unknown) => void;
  readonly #closed: (client: StubClient, event: unknown) => void;

  constructor(
    handle: (client: StubClient, message: unknown) => void,
    closed: (client: StubClient, event: unknown) => void,
  ) {
    this.#handle = handle;
    this.#closed = closed;
  }

  log(): void {}
  onPong(): void {}

  /** A frame of the venue: what reading it throws, everyone is told who waits. */
  receive(message: unknown): void {
    try {
      this.#handle(this, message);
    } catch (error) {
      this.reject(error);
    }
  }

  /** The venue closes it. */
  end(): void {
    this.reject(libraryError("NetworkError", "connection closed by remote server"));
    this.#closed(this, {});
  }

  reject(error: unknown, of?: string): void {
    for (const name of of === undefined ? [...this.waiting.keys()] : [of]) {
      this.waiting.get(name)?.reject(error);
      this.waiting.delete(name);
    }
  }
}

/** A venue that tells what a test has its connection receive: `{ trade }` or `{ error }`. */
export class StubVenue implements LibraryVenue {
  /** The last one that was made. */
  static last: StubVenue;
  readonly id = "stub";
  readonly has = {};
  readonly urls = { api: {} };
  number: unknown;
  /** There once something is watched. */
  connection: StubClient | null = null;
  /** How often trades of a symbol were asked for. */
  readonly asked = new Map<string, number>();
  readonly #kept = new Map<string, LibraryTrade[]>();

  constructor() {
    StubVenue.last = this;
  }

  client(_url: string): StubClient {
    // Bound as it is now, as ccxt does.
    return this.connection ??= new StubClient(
      this.handleMessage.bind(this),
      this.onClose.bind(this),
    );
  }

  async watchTrades(symbol: string): Promise<readonly LibraryTrade[]> {
    this.asked.set(symbol, (this.asked.get(symbol) ?? 0) + 1);
    const { waiting } = this.client("wss://stub");
    if (!waiting.has(symbol)) waiting.set(symbol, Promise.withResolvers());
    return await waiting.get(symbol)!.promise;
  }

  handleMessage(client: StubClient, message: unknown): void {
    const { trade, error } = message as { trade?: LibraryTrade; error?: Error };
    if (error !== undefined) throw error;
    if (trade === undefined) return;
    const symbol = String(trade.symbol);
    const kept = this.#kept.getOrInsertComputed(symbol, () => []);
    kept.push(trade);
    client.waiting.get(symbol)?.resolve(kept);
    client.waiting.delete(symbol);
  }

  onError(): void {}
  onClose(_client: StubClient, _event: unknown): void {
    this.connection = null;
  }
  setMarkets(): void {}
  implodeHostname(url: string): string {
    return url;
  }
  loadMarkets(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }
  fetchTime(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  fetchTrades(): Promise<readonly LibraryTrade[]> {
    return Promise.resolve([]);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** ccxt, if it knew no other venue. */
export const stubLibrary: Library = { BaseError, pro: { stub: StubVenue } };
