import type { Channels } from "./channels.ts";
import { type Control, type ControlError, type ControlId, readControl } from "./control.ts";
import { FaultySocket } from "./faulty_socket.ts";
import type { ExchangeFaults } from "./faults.ts";
import type { Route, SocketRequest } from "./stream_route.ts";

/** Streams one connection may subscribe to. */
const MAX_STREAMS = 1_024;

/** Control messages one connection may send in any second. */
const MAX_MESSAGES_PER_SECOND = 10;

/** A client that lets more than this wait is cut off. */
const MAX_BUFFERED_BYTES = 64 * 2 ** 20;

const POLICY_VIOLATION = 1008;

/** Deno loses the close frame if messages are still to be read: they get this long to come, ms. */
const LAST_MESSAGES_MS = 50;

/** One client's socket: what it listens to, and its control messages. */
export class Connection {
  /** The streams it subscribed to, in the order it did. */
  readonly streams: Set<string> = new Set();
  /** Which socket it opened. */
  readonly route: Route;
  /** Whether frames carry the stream name. */
  combined: boolean;
  readonly #socket: WebSocket;
  readonly #channels: Channels;
  readonly #faulty: FaultySocket;
  readonly #messageTimes: number[] = [];
  #isCutOff = false;
  #closingTimer: ReturnType<typeof setTimeout> | undefined;

  /** Serves `socket` as `request` asks until either side closes it. */
  constructor(
    socket: WebSocket,
    request: SocketRequest,
    channels: Channels,
    faults: ExchangeFaults,
  ) {
    this.route = request.route;
    this.combined = request.combined;
    this.#socket = socket;
    this.#channels = channels;
    this.#faulty = new FaultySocket(socket, faults);
    channels.open(this);
    socket.addEventListener("open", () => this.#subscribe(request.streams));
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", () => {
      clearTimeout(this.#closingTimer);
      channels.closed(this);
    });
  }

  /** Bytes that wait to be sent; 0 for a client that is sent nothing more. */
  get bufferedBytes(): number {
    return this.#isCutOff ? 0 : this.#socket.bufferedAmount;
  }

  /** Sends the frame of a stream, or a reply where `stream` is `null`. */
  send(stream: string | null, text: string): void {
    this.#faulty.send(stream, text);
  }

  /** Cuts the client off if it reads too slowly. */
  cutIfSlow(): void {
    if (this.bufferedBytes > MAX_BUFFERED_BYTES) this.#cutOff("Slow consumer");
  }

  /** Closes the socket; what waits is sent first. */
  close(code: number, reason: string): void {
    this.#faulty.close(code, reason);
  }

  /** Fulfilled when the socket is closed on both sides. */
  closed(): Promise<void> {
    return this.#faulty.closed();
  }

  #receive(data: unknown): void {
    if (this.#isCutOff) return;
    if (this.#isTooFast()) {
      this.#cutOff("Too many requests");
      return;
    }
    const control: Control = typeof data === "string"
      ? readControl(data)
      : { error: { code: 3, msg: "Invalid JSON: expected value at line 1 column 1" } };
    if ("error" in control) this.#refuse(control.error, control.id);
    else this.#answer(control);
  }

  /** Sends and hears nothing more, and closes. */
  #cutOff(reason: string): void {
    if (this.#isCutOff) return;
    this.#isCutOff = true;
    this.#channels.unsubscribe(this, [...this.streams]);
    const close = () => this.close(POLICY_VIOLATION, reason);
    this.#closingTimer = setTimeout(close, LAST_MESSAGES_MS);
  }

  #isTooFast(): boolean {
    const now = performance.now();
    const times = this.#messageTimes;
    times.push(now);
    while (now - times[0]! >= 1_000) times.shift();
    return times.length > MAX_MESSAGES_PER_SECOND;
  }

  #answer({ id, request }: Extract<Control, { request: unknown }>): void {
    let result: unknown = null;
    if (request.method === "LIST_SUBSCRIPTIONS") result = [...this.streams];
    if (request.method === "GET_PROPERTY") result = this.combined;
    if (request.method === "SET_PROPERTY") this.combined = request.combined;
    if (request.method === "SUBSCRIBE" && !this.#hasRoomFor(request.streams)) return;
    this.send(null, JSON.stringify({ result, id }));
    if (request.method === "SUBSCRIBE") this.#channels.subscribe(this, request.streams);
    if (request.method === "UNSUBSCRIBE") this.#channels.unsubscribe(this, request.streams);
  }

  #subscribe(streams: readonly string[]): void {
    if (this.#hasRoomFor(streams)) this.#channels.subscribe(this, streams);
  }

  #hasRoomFor(streams: readonly string[]): boolean {
    if (new Set([...this.streams, ...streams]).size <= MAX_STREAMS) return true;
    this.#refuse({ code: 4, msg: "Too many subscriptions" });
    this.#cutOff("Invalid request");
    return false;
  }

  #refuse(error: ControlError, id?: ControlId): void {
    this.send(null, JSON.stringify(id === undefined ? { error } : { error, id }));
  }
}
