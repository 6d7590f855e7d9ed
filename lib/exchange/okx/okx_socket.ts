import type { FaultySocket, VenueClient } from "../faulty_socket.ts";
import { findSwap, swapTradeRow } from "./swap.ts";
import type { Market } from "../venue_market.ts";

/** A client that sent nothing for so long is cut off, ms. */
const IDLE_MS = 30_000;
const CANDLE_MS = 1_000;

interface Channel {
  readonly channel: string;
  readonly instId: string;
}

/** One client of the simulated OKX, on its socket of single trades and candles. */
export class OkxSocket implements VenueClient {
  readonly #socket: FaultySocket;
  readonly #market: Market;
  /** What ends each subscription. */
  readonly #subscriptions = new Map<string, () => void>();
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** Serves the client of a socket. */
  constructor(socket: FaultySocket, market: Market) {
    this.#socket = socket;
    this.#market = market;
  }

  opened(): void {
    this.#awaitSign();
  }

  closed(): void {
    clearTimeout(this.#idle);
    for (const end of this.#subscriptions.values()) end();
  }

  #awaitSign(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#socket.close(4004, "No data received in 30s"), IDLE_MS);
  }

  receive(text: string): void {
    this.#awaitSign();
    if (text === "ping") return this.#socket.send(null, "pong");
    let request: { readonly id?: unknown; readonly op?: unknown; readonly args?: unknown };
    try {
      request = JSON.parse(text);
    } catch {
      return this.#refuse("60012", `Invalid request: ${text}`);
    }
    const { id, op, args } = request;
    if ((op !== "subscribe" && op !== "unsubscribe") || !Array.isArray(args)) {
      return this.#refuse("60012", `Invalid request: ${text}`, id);
    }
    for (const arg of args as Channel[]) {
      if (op === "subscribe") this.#subscribe(arg, id);
      else this.#unsubscribe(arg, id);
    }
  }

  #subscribe(arg: Channel, id: unknown): void {
    const swap = findSwap(this.#market, arg.instId);
    const isKnown = arg.channel === "trades-all" || arg.channel === "candle1s";
    if (swap === null || !isKnown) {
      const what = `channel:${arg.channel},instId:${arg.instId}`;
      return this.#refuse(
        "60018",
        `Wrong URL or ${what} doesn't exist. Please use the correct URL, channel and parameters`,
        id,
      );
    }
    this.#socket.send(null, this.#answer("subscribe", arg, id));
    const stream = nameOf(arg);
    if (this.#subscriptions.has(stream)) return;
    const send = (row: string) =>
      this.#socket.send(stream, `{"arg":${JSON.stringify(arg)},"data":[${row}]}`);
    if (arg.channel === "trades-all") {
      const end = swap.tape.watch((row) => send(swapTradeRow(swap, row)));
      this.#subscriptions.set(stream, end);
      return;
    }
    const timer = setInterval(() => {
      const openMs = Math.floor(this.#market.clockMs() / CANDLE_MS) * CANDLE_MS;
      send(`["${openMs}","1","1","1","1","0","0","0","0"]`);
    }, CANDLE_MS);
    this.#subscriptions.set(stream, () => clearInterval(timer));
  }

  #unsubscribe(arg: Channel, id: unknown): void {
    const stream = nameOf(arg);
    this.#subscriptions.get(stream)?.();
    this.#subscriptions.delete(stream);
    this.#socket.send(null, this.#answer("unsubscribe", arg, id));
  }

  #answer(event: string, arg: Channel, id: unknown): string {
    const { channel, instId } = arg;
    return JSON.stringify({ id, event, arg: { channel, instId }, connId: "a4d3ae55" });
  }

  #refuse(code: string, msg: string, id?: unknown): void {
    this.#socket.send(null, JSON.stringify({ id, event: "error", code, msg, connId: "a4d3ae55" }));
  }
}

function nameOf({ channel, instId }: Channel): string {
  return `${channel}/${instId}`;
}
