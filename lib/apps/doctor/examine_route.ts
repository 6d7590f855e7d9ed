import { type Route, routeOf, socketUrl, streamName, type StreamType } from "../../feed/mod.ts";
import type { Examination } from "./examination.ts";

/** How long each step may take, ms: to connect, to acknowledge, to deliver a first frame. */
const STEP_MS = 10_000;
/** How long the exchange gets to answer that the socket is closed, ms. */
const CLOSE_MS = 500;

/** A symbol that trades several times a second, and of each route a stream that is never quiet. */
const BUSY_SYMBOL = "BTCUSDT";
const STREAMS: Readonly<Record<Route, StreamType>> = {
  market: "markPrice@1s",
  public: "bookTicker",
};

/**
 * Tries a route as a feed uses it: connects, subscribes to the trades of a busy symbol and to a
 * stream that is never quiet, and waits for data. An acknowledgement proves nothing.
 */
export async function examineRoute(
  trades: "aggTrade" | "trade",
  wsUrl: string,
  signal: AbortSignal,
  stepMs = STEP_MS,
): Promise<Examination> {
  const route = routeOf(trades);
  const subject = `/${route}`;
  const fail = (finding: string): Examination => ({ subject, state: "fail", finding });
  const names = [trades, STREAMS[route]].map((type) => streamName(BUSY_SYMBOL, type));
  const startedMs = performance.now();
  const took = () => `${Math.round(performance.now() - startedMs)} ms`;
  let socket: WebSocket;
  try {
    socket = new WebSocket(socketUrl(wsUrl, route));
  } catch (error) {
    return fail(`${wsUrl} is no address of a socket: ${(error as Error).message}`);
  }
  const frames = new Frames(socket, signal, stepMs);
  try {
    if (!await frames.until(() => frames.isOpen)) {
      return fail(
        `${wsUrl} cannot be connected to within ${
          stepMs / 1_000
        } s${frames.why}: check the network, a firewall, or --ws-url`,
      );
    }
    const connected = took();
    socket.send(JSON.stringify({ method: "SUBSCRIBE", params: names, id: 1 }));
    await frames.until(() => frames.isAcknowledged || frames.streams.size > 0);
    await frames.until(() => frames.streams.has(names[0]!));
    if (frames.streams.has(names[0]!)) {
      return {
        subject,
        state: "ok",
        finding: `connected in ${connected}, first trade of ${BUSY_SYMBOL} after ${took()}`,
      };
    }
    if (frames.streams.size > 0) {
      return fail(
        `${names[1]} delivers, ${
          names[0]
        } does not: the exchange no longer has it on this route; use --stream ${
          trades === "trade" ? "aggTrade" : "trade"
        }`,
      );
    }
    return fail(
      frames.isAcknowledged
        ? `acknowledged but silent: ${names.join(" and ")} delivered nothing within ${
          stepMs / 1_000
        } s; is --ws-url right, without a path?`
        : `connected in ${connected}, but the subscription was not even acknowledged${frames.why}`,
    );
  } finally {
    await frames.close();
  }
}

/** What has come on a socket so far. */
class Frames {
  isOpen = false;
  isAcknowledged = false;
  readonly streams = new Set<string>();
  /** Why nothing more will come, as an insertion; empty while it may. */
  why = "";
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal;
  readonly #stepMs: number;
  #changed: () => void = () => {};
  #isOver = false;

  constructor(socket: WebSocket, signal: AbortSignal, stepMs: number) {
    this.#stepMs = stepMs;
    this.#socket = socket;
    this.#signal = signal;
    socket.onopen = () => this.#note(() => this.isOpen = true);
    socket.onmessage = ({ data }) => this.#note(() => this.#take(String(data)));
    socket.onerror = (event) =>
      this.#note(() => {
        const message = (event as ErrorEvent).message ?? "";
        if (message !== "") this.why = ` (${message})`;
        this.#isOver = true;
      });
    socket.onclose = ({ code, reason }) =>
      this.#note(() => {
        if (this.why === "") this.why = ` (closed with ${code}${reason && `: ${reason}`})`;
        this.#isOver = true;
      });
    signal.addEventListener("abort", () => this.#note(() => this.#isOver = true), { once: true });
  }

  /** Waits until something holds; gives whether it does. */
  async until(holds: () => boolean): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    while (!holds() && !this.#isOver && !isLate) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        timer ??= setTimeout(() => {
          isLate = true;
          this.#changed();
        }, this.#stepMs);
      });
    }
    clearTimeout(timer);
    this.#signal.throwIfAborted();
    return holds();
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => this.#socket.onclose = () => resolve());
    this.#socket.close();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_MS));
    await Promise.race([closed, patience]);
    clearTimeout(timer);
  }

  #take(text: string): void {
    let frame: { stream?: unknown; id?: unknown };
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (typeof frame.stream === "string") this.streams.add(frame.stream);
    else if (frame.id === 1) this.isAcknowledged = true;
  }

  #note(change: () => void): void {
    change();
    this.#changed();
  }
}
