import { sleep } from "../../streams/mod.ts";
import type { Frame, Lane, Wire } from "../venue/follow.ts";
import type { Handover } from "./handover.ts";
import { LagWatch } from "./lag_watch.ts";
import { closeSocket } from "./socket.ts";
import type { VenueWire } from "../venue/adapter.ts";

/** What a connection carries and whom it tells. */
export interface ConnectionOptions {
  /** How its venue speaks. */
  readonly wire: VenueWire;
  readonly lane: Lane;
  /** The streams to be subscribed now, each with its symbol; the heartbeat has none. */
  readonly wanted: () => ReadonlyMap<string, string | null>;
  /** Without data for so long it is over, ms. */
  readonly staleMs: number;
  /** Lagging more than this is lagging, ms. */
  readonly lagMs: number;
  /** Called for every frame, in order. */
  readonly onFrame: (frame: Frame) => void;
  /** Called when the subscriptions of some symbols have been sent. */
  readonly onSubscribed: (symbols: readonly string[], nowMs: number) => void;
}

/** A fresh socket may take so many times longer to its first data than a running one to its next. */
const FIRST_DATA_FACTOR = 4;

/** One open socket: subscribes what is wanted, notices when no data comes, and says why it ended. */
export class Connection implements Wire {
  readonly lane: Lane;
  readonly lag: LagWatch;
  handover: Handover<Wire> | null = null;
  /** When it was opened, local ms. */
  readonly openedMs = Date.now();
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  readonly #over = new AbortController();
  readonly #subscribed = new Set<string>();
  /** Streams to be subscribed anew. */
  readonly #anew = new Set<string>();
  readonly #watchdog: ReturnType<typeof setInterval>;
  readonly #pinging: ReturnType<typeof setInterval> | undefined;
  #lastDataMs: number | null = null;
  #syncedMs: number | null = null;
  #isSending = false;
  #controlId = 0;

  /** Takes over a socket that is open; `sync()` begins with the subscriptions. */
  constructor(socket: WebSocket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.lane = options.lane;
    this.lag = new LagWatch(options.lagMs);
    this.#watchdog = setInterval(() => this.#watch(), options.staleMs / 8);
    const { ping } = options.wire;
    if (ping !== null) this.#pinging = setInterval(() => this.#say(ping.text), ping.everyMs);
    this.#listen();
  }

  /** Aborted when it is over, with a sentence as the reason. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** When data last came, local ms; `null` before the first. */
  get lastDataMs(): number | null {
    return this.#lastDataMs;
  }

  /** Since when everything wanted is subscribed, local ms; `null` while something is not. */
  get syncedMs(): number | null {
    return this.#syncedMs;
  }

  /** Sends what is needed to have subscribed what is wanted, one paced frame at a time. */
  sync(): void {
    this.#syncedMs = null;
    if (!this.#isSending) this.#send();
  }

  /** Ends the subscription of some streams and subscribes them again. */
  subscribeAnew(names: readonly string[]): void {
    for (const name of names) if (this.#subscribed.has(name)) this.#anew.add(name);
    this.sync();
  }

  /** Ends it for a reason, a sentence; only the first one counts. */
  end(reason: string): void {
    clearInterval(this.#watchdog);
    clearInterval(this.#pinging);
    this.#over.abort(reason);
  }

  /** Ends it and closes the socket. Never fails. */
  async close(): Promise<void> {
    this.end("closed");
    await closeSocket(this.#socket);
  }

  #listen(): void {
    const { wire, onFrame } = this.#options;
    const decoder = new TextDecoder();
    this.#socket.onmessage = ({ data }) => {
      const receivedMs = Date.now();
      const text = typeof data === "string" ? data : decoder.decode(data);
      if (!wire.isAnswer(text)) this.#lastDataMs = receivedMs;
      onFrame({ wire: this, text, receivedMs });
    };
    this.#socket.onerror = () => {};
    this.#socket.onclose = ({ code, reason }) =>
      this.end(
        `${wire.url} closed the connection (${code}${reason === "" ? "" : `, "${reason}"`})`,
      );
  }

  #watch(): void {
    const { wire: { url }, staleMs } = this.#options;
    const silentMs = Date.now() - (this.#lastDataMs ?? this.openedMs);
    const forSeconds = `${Math.round(silentMs / 1_000)} s`;
    if (this.#lastDataMs !== null && silentMs >= staleMs) {
      this.end(`${url} has sent nothing for ${forSeconds}`);
    } else if (silentMs >= staleMs * FIRST_DATA_FACTOR) {
      this.end(`${url} has sent no data since it was opened ${forSeconds} ago`);
    }
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    while (!this.over.aborted && this.#socket.readyState === WebSocket.OPEN) {
      if (!this.#sendNext()) {
        this.#syncedMs = Date.now();
        break;
      }
      await sleep(this.#options.wire.controlSpacingMs, this.over).catch(() => {});
    }
    this.#isSending = false;
  }

  /** Sends one control frame; returns `false` when none is needed. */
  #sendNext(): boolean {
    const subscribed = this.#subscribed;
    const { wire } = this.#options;
    const wanted = this.#options.wanted();
    const [added] = wire.batches([...wanted.keys()].filter((name) => !subscribed.has(name)));
    const [removed] = wire.batches(
      [...subscribed].filter((name) => !wanted.has(name) || this.#anew.has(name)),
    );
    const names = added ?? removed;
    if (names === undefined) return false;
    const action = added === undefined ? "unsubscribe" : "subscribe";
    this.#say(wire.request(action, names, ++this.#controlId));
    for (const name of names) {
      if (added === undefined) {
        subscribed.delete(name);
        this.#anew.delete(name);
      } else {
        subscribed.add(name);
      }
    }
    if (added !== undefined) {
      this.#options.onSubscribed(names.flatMap((name) => wanted.get(name) ?? []), Date.now());
    }
    return true;
  }

  #say(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }
}
