/// <reference lib="dom" />
import type {
  ClientMessage,
  Failure,
  Pulse,
  ServerMessage,
  SubscribeRequest,
} from "../protocol.ts";

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8_000;
/** The hub says something every 5 s; a connection this long silent is dead. */
const SILENT_MS = 16_000;
const ASK_AGAIN_MS = 2_000;

/** A message about one subscription. */
export type ChartMessage = Extract<ServerMessage, { id: string; op: string }> & {
  readonly op: "snapshot" | "append" | "amend" | "summary" | "part" | "screen";
};

/** Who receives what a subscription brings. */
export interface Receiver {
  /** Rows, what there is to say of them, or what a part shows. */
  message(message: ChartMessage): void;
  /** Refused; it is asked for again by itself. */
  failed(error: Failure): void;
}

/** How a connection is. */
export interface ConnectionState {
  readonly isOpen: boolean;
  /** When it is tried again, as `performance.now()`; `null` while open or connecting. */
  readonly retryAtMs: number | null;
  /** When data last came in, as `performance.now()`; `null` if not known. */
  readonly dataAtMs: number | null;
  /** Whether the database is on a server that does not answer. */
  readonly isAway: boolean;
  /** Whether the trades are simulated. */
  readonly simulated: boolean;
}

interface Subscription {
  readonly request: SubscribeRequest;
  readonly receiver: Receiver;
  /** Set while it waits to be asked for again. */
  again?: ReturnType<typeof setTimeout>;
}

/** One WebSocket for all charts of a page. It comes back by itself and asks for everything again. */
export class Connection {
  readonly #url: string;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  #socket: WebSocket | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #state: ConnectionState = {
    isOpen: false,
    retryAtMs: null,
    dataAtMs: null,
    simulated: false,
    isAway: false,
  };

  constructor(url: string) {
    this.#url = url;
    addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#retryNow();
    });
  }

  /** How it is now. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Calls back now and whenever the state changes, until the result is called. */
  watch(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  /** Connects although nobody asks for anything yet: the pulse is worth knowing. */
  open(): void {
    if (this.#socket === null && this.#retry === null) this.#connect();
  }

  /** Asks for a chart, until the result is called. */
  subscribe(request: SubscribeRequest, receiver: Receiver): () => void {
    const id = String(++this.#lastId);
    this.#subscriptions.set(id, { request, receiver });
    this.open();
    this.#ask(id);
    return () => {
      this.#subscriptions.delete(id);
      this.#send({ op: "unsubscribe", id });
    };
  }

  /** Says something to the part that a receiver looks at; nothing is kept while not connected. */
  tell(receiver: Receiver, value: unknown): void {
    for (const [id, subscription] of this.#subscriptions) {
      if (subscription.receiver === receiver) this.#send({ op: "tell", id, value });
    }
  }

  #connect(): void {
    this.#retry = null;
    const socket = this.#socket = new WebSocket(this.#url);
    socket.onopen = () => {
      this.#failures = 0;
      this.#set({ isOpen: true, retryAtMs: null });
      for (const id of this.#subscriptions.keys()) this.#ask(id);
      this.#heard();
    };
    socket.onmessage = ({ data }) => {
      this.#heard();
      this.#receive(JSON.parse(String(data)));
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      clearTimeout(this.#silence);
      const longestMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
      const delayMs = longestMs * (0.5 + Math.random() / 2);
      this.#retry = setTimeout(() => this.#connect(), delayMs);
      this.#set({ isOpen: false, retryAtMs: performance.now() + delayMs });
    };
  }

  #retryNow(): void {
    if (this.#retry === null) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket?.close(), SILENT_MS);
  }

  #receive(message: ServerMessage): void {
    if (message.op === "heartbeat") return this.#beat(message);
    const subscription = message.id === null ? undefined : this.#subscriptions.get(message.id);
    if (subscription === undefined) return;
    if (message.op === "error") {
      subscription.receiver.failed(message.error);
      clearTimeout(subscription.again);
      subscription.again = setTimeout(() => this.#ask(message.id!), ASK_AGAIN_MS);
      return;
    }
    if (message.op !== "snapshot") this.#set({ dataAtMs: performance.now() });
    subscription.receiver.message(message);
  }

  #beat({ quietMs, simulated, isAway }: Pulse): void {
    const dataAtMs = quietMs === null ? null : performance.now() - quietMs;
    this.#set({ dataAtMs, simulated, isAway });
  }

  #ask(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    clearTimeout(subscription.again);
    this.#send({ op: "subscribe", id, ...subscription.request });
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #set(change: Partial<ConnectionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

const connections = new Map<string, Connection>();

/** The connection to a hub, the same for every chart of a page. */
export function connectionTo(base: string): Connection {
  const url = new URL("ws", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const known = connections.get(url.href) ?? new Connection(url.href);
  connections.set(url.href, known);
  return known;
}
