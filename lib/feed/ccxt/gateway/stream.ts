import { sleep } from "../../../streams/mod.ts";
import type { Door } from "./door.ts";
import { kindOfError, messageOf } from "./errors.ts";
import type { LibraryClient, LibraryTrade, LibraryVenue } from "./library.ts";
import { row } from "./rows.ts";

/** A sign of life is passed on at most so often, ms: between two of them the time is asked for. */
const ALIVE_MS = 20_000;
/** What a venue answers a ping with, besides JSON, is no longer. */
const LONGEST_PONG = 32;
/** So much may wait for a client, bytes: one that stands still is not waited for without end. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/** What is refused again and again, with no trade in between, is asked for more and more seldom, ms. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * One client's trades through ccxt, with connections to the venue that nobody shares. When one of
 * them ends this ends: what was missed is for the client to find out.
 */
export class Stream {
  readonly #socket: WebSocket;
  readonly #venue: LibraryVenue;
  readonly #isOwnError: (error: unknown) => boolean;
  /** Which symbols are told, and of each the last trade that was. */
  readonly #wanted = new Map<string, LibraryTrade | null>();
  /** Which symbols are waited for. */
  readonly #following = new Set<string>();
  /** Connections that are overheard. */
  readonly #heard = new WeakSet<LibraryClient>();
  /** Errors that ccxt tells all who wait, as the venue did not say in a way it knows whom it meant. */
  readonly #meantNobody = new WeakSet<WeakKey>();
  /** The last request of the client. */
  #lastId = 0;
  #aliveMs = -Infinity;
  readonly #over = new AbortController();

  private constructor(socket: WebSocket, venue: LibraryVenue, door: Door) {
    this.#socket = socket;
    this.#venue = venue;
    this.#isOwnError = (error) => door.isOwnError(error);
  }

  /** Serves a client until it leaves or a connection ends. Never fails. */
  static async serve(socket: WebSocket, door: Door): Promise<void> {
    // What is asked before the venue is ready waits.
    const asked: string[] = [];
    socket.onmessage = ({ data }) => asked.push(String(data));
    let venue: LibraryVenue;
    try {
      venue = await door.instance();
    } catch (error) {
      return close(socket, messageOf(error));
    }
    const stream = new Stream(socket, venue, door);
    stream.#overhear();
    socket.onmessage = ({ data }) => stream.#receive(String(data));
    socket.onclose = () => stream.#end("the client left");
    if (socket.readyState !== WebSocket.OPEN) stream.#end("the client left");
    for (const text of asked) stream.#receive(text);
  }

  #receive(text: string): void {
    const { op, id, symbols } = JSON.parse(text) as {
      op: "subscribe" | "unsubscribe";
      id: number;
      symbols: string[];
    };
    this.#lastId = id;
    for (const symbol of symbols) {
      // Not every venue takes a subscription back, or gives it a second time: what comes is not told.
      if (op === "unsubscribe") this.#wanted.delete(symbol);
      else if (!this.#wanted.has(symbol)) {
        this.#wanted.set(symbol, null);
        if (!this.#following.has(symbol)) this.#follow(symbol, id);
      }
    }
  }

  async #follow(symbol: string, id: number): Promise<void> {
    this.#following.add(symbol);
    let refusals = 0;
    while (!this.#over.signal.aborted && this.#wanted.has(symbol)) {
      try {
        const kept = await this.#venue.watchTrades(symbol);
        if (this.#wanted.has(symbol)) this.#tell(symbol, kept);
        refusals = 0;
      } catch (error) {
        if (!this.#isMeant(error)) {
          // It goes on: trades in the meantime are kept by ccxt. Who was meant waits for nothing.
          await pause(refusals++, this.#over.signal);
        } else if (kindOfError(error) === "refused" && this.#wanted.get(symbol) === null) {
          this.#wanted.delete(symbol);
          this.#say({ id, refused: messageOf(error) });
        } else this.#end(messageOf(error));
      }
    }
    this.#following.delete(symbol);
  }

  #isMeant(error: unknown): boolean {
    return !this.#meantNobody.has(error as WeakKey);
  }

  /** Passes on what came after the last one that was told. */
  #tell(symbol: string, kept: readonly LibraryTrade[]): void {
    const last = this.#wanted.get(symbol) ?? null;
    const at = last === null ? -1 : kept.lastIndexOf(last);
    const isMissed = last !== null && at < 0;
    const trades = [...kept].slice(at + 1);
    if (trades.length === 0) return;
    this.#wanted.set(symbol, trades.at(-1)!);
    this.#say({ symbol, trades: trades.map(row), ...(isMissed ? { missed: true } : {}) });
  }

  /** Hears what comes from the venue besides trades: ccxt is silent about what it cannot read. */
  #overhear(): void {
    const venue = this.#venue;
    const [connect, handle] = [venue.client.bind(venue), venue.handleMessage.bind(venue)];
    const [failed, left] = [venue.onError.bind(venue), venue.onClose.bind(venue)];
    // Also when nobody waits: ccxt would connect anew, and nobody would know what was missed.
    venue.onError = (client, error) => {
      failed(client, error);
      this.#end(messageOf(error));
    };
    venue.onClose = (client, event) => {
      left(client, event);
      this.#end("the venue closed the connection");
    };
    venue.client = (url) => {
      const client = connect(url);
      this.#listen(client);
      return client;
    };
    venue.handleMessage = (client, message) => {
      if (this.#over.signal.aborted) return;
      const isText = typeof message === "string";
      if (isText && (message.length > LONGEST_PONG || /^\s*[[{]/.test(message))) {
        return this.#unread({ unread: message });
      }
      this.#alive();
      try {
        handle(client, message);
      } catch (error) {
        this.#unread({ unread: JSON.stringify(message), why: messageOf(error) });
        // What the venue answered: ccxt tells those who wait. All else is that it could not read.
        if (this.#isOwnError(error)) throw error;
      }
    };
  }

  #listen(client: LibraryClient): void {
    if (this.#heard.has(client)) return;
    this.#heard.add(client);
    client.log = () => {};
    const [pong, reject] = [client.onPong.bind(client), client.reject.bind(client)];
    client.onPong = () => {
      this.#alive();
      pong();
    };
    client.reject = (what, of) => {
      // Some venues' readers hand on what the venue wrote.
      const isText = typeof what === "string";
      const error = what instanceof Error ? what : new Error(isText ? what : JSON.stringify(what));
      // A venue that refuses one symbol goes on with the others: nothing of them is to be lost.
      if (!of && kindOfError(error) !== "passing") {
        this.#meantNobody.add(error);
        this.#say({ id: this.#lastId, refused: messageOf(error) });
      }
      return reject(error, of);
    };
  }

  /** It may have been trades of any symbol. */
  #unread(frame: unknown): void {
    this.#say(frame);
    for (const symbol of this.#wanted.keys()) this.#say({ symbol, trades: [], missed: true });
  }

  #alive(): void {
    const nowMs = performance.now();
    if (nowMs - this.#aliveMs < ALIVE_MS) return;
    this.#aliveMs = nowMs;
    this.#say({ alive: true });
  }

  #say(frame: unknown): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > MOST_WAITING_BYTES) this.#end("the client does not read");
    else this.#socket.send(JSON.stringify(frame));
  }

  #end(reason: string): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#wanted.clear();
    this.#venue.close().catch(() => {});
    close(this.#socket, reason);
  }
}

/** None after the first refusal: whoever was not meant goes on at once. */
async function pause(refusals: number, signal: AbortSignal): Promise<void> {
  if (refusals === 0) return;
  const ms = Math.min(PAUSE_MS * 2 ** (refusals - 1), LONGEST_PAUSE_MS);
  await sleep(ms, signal).catch(() => {});
}

/** The reason of a close frame takes 123 bytes. */
function close(socket: WebSocket, reason: string): void {
  const ascii = reason.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 123);
  if (socket.readyState === WebSocket.OPEN) socket.close(1011, ascii);
}
