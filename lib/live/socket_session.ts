import { z } from "zod";
import type { FeedBook, Watched } from "./feed_book.ts";
import { HubError } from "./hub_error.ts";
import { type FindPart, PartSubscriptions } from "./part.ts";
import type { ScreenUpdate, ServerMessage } from "./protocol.ts";
import { readQuery } from "./query.ts";
import type { ScreenBook } from "./screen_book.ts";

const HEARTBEAT_MS = 5_000;
const MOST_WATCHED = 64;

/** Beyond it changes are left out; a snapshot follows once the socket has caught up. */
const MOST_WAITING_BYTES = 4_000_000;

const envelope = z.discriminatedUnion("op", [
  z.looseObject({ op: z.literal("subscribe"), id: z.string().max(100), kind: z.string() }),
  z.object({ op: z.literal("unsubscribe"), id: z.string().max(100) }),
  z.object({ op: z.literal("tell"), id: z.string().max(100), value: z.unknown() }),
]);

/** The part of a WebSocket that a session needs. */
export type SessionSocket = Pick<WebSocket, "send" | "bufferedAmount" | "readyState">;

interface Subscription extends Disposable {
  /** Everything there is to say as of now. */
  snapshot(): ServerMessage;
  isBehind: boolean;
}

/** One page: any number of charts and screens over one socket. */
export class SocketSession implements Disposable {
  readonly #socket: SessionSocket;
  readonly #book: FeedBook;
  readonly #screens: ScreenBook;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #parts: PartSubscriptions;
  /** Errors that were not told as the socket did not take what came before. */
  #untold = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(
    socket: SessionSocket,
    book: FeedBook,
    screens: ScreenBook,
    findPart: FindPart = () => undefined,
  ) {
    this.#socket = socket;
    this.#book = book;
    this.#screens = screens;
    this.#parts = new PartSubscriptions(
      findPart,
      (id, content) => this.#send({ op: "part", id, content }),
      () => this.#isFull,
    );
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#beat();
  }

  /** Does what a message asks for. */
  receive(text: unknown): void {
    let id: string | null = null;
    try {
      const message = readMessage(text);
      id = message.id;
      if (message.op === "tell") return this.#parts.take(id, message.value);
      this.#drop(id);
      if (message.op === "subscribe") this.#subscribe(id, message);
    } catch (error) {
      this.#tell(id, error);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const id of [...this.#subscriptions.keys()]) this.#drop(id);
    this.#parts[Symbol.dispose]();
  }

  #subscribe(id: string, asked: { readonly kind: string }): void {
    if (this.#subscriptions.size + this.#parts.size >= MOST_WATCHED) {
      throw new HubError(429, "too_many", `Cannot watch more than ${MOST_WATCHED} charts at once`);
    }
    if (asked.kind === "screen") this.#watchScreen(id, asked);
    else if (asked.kind === "part") this.#parts.watch(id, readQuery("part", asked).part);
    else this.#watchRows(id, readWatched(asked));
  }

  #watchRows(id: string, watched: Watched): void {
    const watching = this.#book.watch(watched, {
      changed: ({ isAppend, fromMs, rows }) =>
        this.#change(id, isAppend ? { op: "append", id, rows } : { op: "amend", id, fromMs, rows }),
      summarized: (summary) => this.#change(id, { op: "summary", id, summary }),
      restarted: () => this.#snapshot(id),
      failed: (error) => this.#fail(id, error),
    });
    const { spec } = watching;
    this.#subscriptions.set(id, {
      snapshot: () => ({ op: "snapshot", id, spec, ...watching.snapshot() }),
      isBehind: false,
      [Symbol.dispose]: () => watching[Symbol.dispose](),
    });
    this.#snapshot(id);
  }

  #watchScreen(id: string, asked: unknown): void {
    let latest: ScreenUpdate | undefined;
    const watching = this.#screens.watch(readQuery("screen", asked), {
      screened: (screen) => {
        latest = screen;
        this.#change(id, { op: "screen", id, screen });
      },
      failed: (error) => this.#fail(id, error),
    });
    this.#subscriptions.set(id, {
      snapshot: () => ({ op: "screen", id, screen: latest! }),
      isBehind: false,
      [Symbol.dispose]: () => watching[Symbol.dispose](),
    });
    this.#snapshot(id);
  }

  #fail(id: string, error: unknown): void {
    this.#drop(id);
    this.#tell(id, error);
  }

  #drop(id: string): void {
    this.#subscriptions.get(id)?.[Symbol.dispose]();
    this.#subscriptions.delete(id);
    this.#parts.drop(id);
  }

  #change(id: string, message: ServerMessage): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    if (this.#isFull) subscription.isBehind = true;
    else if (subscription.isBehind) this.#snapshot(id);
    else this.#send(message);
  }

  #snapshot(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    subscription.isBehind = this.#isFull;
    if (subscription.isBehind) return;
    this.#send(subscription.snapshot());
  }

  #beat(): void {
    this.#send({ op: "heartbeat", ...this.#book.pulse() });
    for (const [id, { isBehind }] of this.#subscriptions) {
      if (isBehind) this.#snapshot(id);
    }
    this.#parts.catchUp();
    if (this.#untold > 0 && !this.#isFull) this.#tellLeftOut();
  }

  #tell(id: string | null, error: unknown): void {
    if (this.#isFull) {
      this.#untold++;
      return;
    }
    if (this.#untold > 0) this.#tellLeftOut();
    const failure = error instanceof HubError
      ? error
      : new HubError(500, "internal", "Something went wrong in the hub");
    this.#send({ op: "error", id, error: failure.toFailure() });
  }

  #tellLeftOut(): void {
    const message =
      `Left out ${this.#untold} errors as the socket was not read: ask again for what is missing`;
    this.#untold = 0;
    this.#tell(null, new HubError(429, "too_slow", message));
  }

  #send(message: ServerMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  get #isFull(): boolean {
    return this.#socket.bufferedAmount > MOST_WAITING_BYTES;
  }
}

function readMessage(text: unknown): z.output<typeof envelope> {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch (cause) {
    throw new HubError(400, "bad_request", "Cannot read the message as it must be JSON", { cause });
  }
  const { data } = envelope.safeParse(value);
  if (data !== undefined) return data;
  throw new HubError(
    400,
    "bad_request",
    'Cannot read the message as "op" must be "subscribe" with an "id" and a "kind", "unsubscribe" or "tell"',
  );
}

function readWatched(asked: { readonly kind: string }): Watched {
  if (asked.kind === "pair") return { kind: "pair", ...readQuery("pair", asked) };
  if (asked.kind === "bars") return { kind: "bars", ...readQuery("bars", asked) };
  throw new HubError(
    400,
    "bad_request",
    `Cannot watch as "kind" must be "pair", "bars" or "screen": current value is "${asked.kind}"`,
  );
}
