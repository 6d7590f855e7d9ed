import type { StreamKind } from "../../market/mod.ts";
import { backoffDelaysMs, sleep } from "../../streams/mod.ts";
import type { StatusEvent } from "../feed.ts";
import type { BinanceRest } from "./rest.ts";
import { closeSocket, explainSocketFailure, openSocket } from "./socket.ts";
import { controlBatches, streamName } from "./urls.ts";
import type { Watermark } from "./watermark.ts";

/** What a shard is made of and whom it tells. */
export interface ShardOptions {
  /** Where to connect. */
  readonly url: string;
  /** Explains why there is no connection. */
  readonly rest: BinanceRest;
  /** What is subscribed for each symbol. */
  readonly streamKind: StreamKind;
  /** A stream that never rests, subscribed first: a socket without data is dead. */
  readonly heartbeat: string;
  /** Follows the exchange time of the frames. */
  readonly watermark: Watermark;
  readonly connectTimeoutMs: number;
  /** A socket that has delivered nothing for so long is replaced, ms. */
  readonly staleMs: number;
  readonly random: () => number;
  /** Called for every frame, in order, with the local time of its receipt. */
  readonly onFrame: (text: string, receivedMs: number) => void;
  /** Called when the subscriptions of some symbols have been sent. */
  readonly onSubscribed: (symbols: readonly string[], nowMs: number) => void;
  readonly onStatus: (status: StatusEvent["status"], message: string) => void;
}

interface Connection {
  readonly socket: WebSocket;
  readonly subscribed: Set<string>;
  /** Aborted, with a sentence as its reason, when the connection is over. */
  readonly over: AbortController;
  readonly openedMs: number;
  lastDataMs: number | null;
  sending: boolean;
}

const BACKOFF = { baseMs: 500, capMs: 30_000 };

/** Between control frames: five a second, half of what the exchange takes. */
const CONTROL_SPACING_MS = 200;

/** A fresh socket may take so many times longer to its first data than a running one to its next. */
const FIRST_DATA_FACTOR = 4;

/**
 * One socket and the symbols it carries. Connects, subscribes, notices when no data comes and
 * starts over, until its signal is aborted.
 */
export class Shard {
  /** The symbols to carry; call `sync()` after changing them. */
  readonly symbols = new Set<string>();
  /** How far the exchange time of its frames has come. */
  readonly watermark: Watermark;
  readonly #options: ShardOptions;
  #connection: Connection | null = null;
  #closing = new Set<Promise<void>>();
  #controlId = 0;

  constructor(options: ShardOptions) {
    this.#options = options;
    this.watermark = options.watermark;
  }

  /** When a frame last came on the open socket (or it was opened), local ms; `null` without one. */
  get lastSignMs(): number | null {
    const connection = this.#connection;
    return connection === null ? null : connection.lastDataMs ?? connection.openedMs;
  }

  /** Keeps a socket open. Never fails; ends when the signal is aborted, with the socket closed. */
  async run(signal: AbortSignal): Promise<void> {
    const { random, onStatus } = this.#options;
    let delays = backoffDelaysMs({ ...BACKOFF, random });
    while (!signal.aborted) {
      const hadData = await this.#connect(signal);
      if (signal.aborted) break;
      if (hadData) delays = backoffDelaysMs({ ...BACKOFF, random });
      const delayMs = delays.next().value;
      onStatus("reconnecting", `Connecting again in ${(delayMs / 1_000).toFixed(1)} s`);
      await sleep(delayMs, signal).catch(() => {});
    }
    await Promise.all(this.#closing);
  }

  /** Sends what is needed to make the subscriptions match the symbols, one paced frame at a time. */
  sync(): void {
    const connection = this.#connection;
    if (connection !== null && !connection.sending) this.#send(connection);
  }

  /** Connects and stays until the connection is over; tells whether it ever delivered data. */
  async #connect(signal: AbortSignal): Promise<boolean> {
    const { url, rest, connectTimeoutMs, staleMs, onStatus } = this.#options;
    onStatus("connecting", `Connecting to ${url}`);
    let socket: WebSocket;
    try {
      socket = await openSocket(url, connectTimeoutMs, signal);
    } catch (error) {
      if (signal.aborted) return false;
      const reason = await explainSocketFailure(error, url, connectTimeoutMs, rest, signal);
      if (!signal.aborted) onStatus("closed", reason);
      return false;
    }

    const connection: Connection = {
      socket,
      subscribed: new Set(),
      over: new AbortController(),
      openedMs: Date.now(),
      lastDataMs: null,
      sending: false,
    };
    this.#connection = connection;
    this.#listen(connection);
    onStatus("open", `Connected to ${url}`);
    this.sync();
    const watchdog = setInterval(() => this.#watch(connection), staleMs / 8);
    const over = AbortSignal.any([signal, connection.over.signal]);
    await new Promise((resolve) => {
      over.addEventListener("abort", resolve, { once: true });
      if (over.aborted) resolve(null);
    });
    clearInterval(watchdog);
    this.#connection = null;
    const closing = closeSocket(socket).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    connection.over.abort();
    if (!signal.aborted) onStatus("closed", over.reason);
    return connection.lastDataMs !== null;
  }

  #listen(connection: Connection): void {
    const { socket, over } = connection;
    const { url, onFrame } = this.#options;
    const decoder = new TextDecoder();
    socket.onmessage = ({ data }) => {
      const receivedMs = Date.now();
      const text = typeof data === "string" ? data : decoder.decode(data);
      if (!isAnswer(text)) connection.lastDataMs = receivedMs;
      onFrame(text, receivedMs);
    };
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }) =>
      over.abort(`${url} closed the connection (${code}${reason === "" ? "" : `, "${reason}"`})`);
  }

  #watch(connection: Connection): void {
    const { url, staleMs } = this.#options;
    const { openedMs, lastDataMs, over } = connection;
    const silentMs = Date.now() - (lastDataMs ?? openedMs);
    if (lastDataMs !== null && silentMs >= staleMs) {
      over.abort(`${url} has sent nothing for ${Math.round(silentMs / 1_000)} s`);
    } else if (silentMs >= staleMs * FIRST_DATA_FACTOR) {
      over.abort(
        `${url} has sent no data since it was opened ${Math.round(silentMs / 1_000)} s ago`,
      );
    }
  }

  async #send(connection: Connection): Promise<void> {
    const { socket, subscribed } = connection;
    connection.sending = true;
    while (connection === this.#connection && socket.readyState === WebSocket.OPEN) {
      const wanted = this.#names();
      const [added] = controlBatches([...wanted.keys()].filter((name) => !subscribed.has(name)));
      const [removed] = controlBatches([...subscribed].filter((name) => !wanted.has(name)));
      const names = added ?? removed;
      if (names === undefined) break;
      const method = added === undefined ? "UNSUBSCRIBE" : "SUBSCRIBE";
      socket.send(JSON.stringify({ method, params: names, id: ++this.#controlId }));
      if (added === undefined) {
        for (const name of names) subscribed.delete(name);
      } else {
        for (const name of names) subscribed.add(name);
        this.#options.onSubscribed(names.flatMap((name) => wanted.get(name) ?? []), Date.now());
      }
      await sleep(CONTROL_SPACING_MS, connection.over.signal).catch(() => {});
    }
    connection.sending = false;
  }

  /** The streams to be subscribed, each with the symbol it is for; the heartbeat is for none. */
  #names(): Map<string, string | null> {
    const names = new Map<string, string | null>([[this.#options.heartbeat, null]]);
    for (const symbol of this.symbols) {
      names.set(streamName(symbol, this.#options.streamKind), symbol);
    }
    return names;
  }
}

/** Answers to control frames prove that somebody is there, not that a stream delivers. */
function isAnswer(text: string): boolean {
  return text.startsWith('{"result"') || text.startsWith('{"error"') || text.startsWith('{"id"');
}
