import type { FaultySocket, VenueClient } from "../faulty_socket.ts";
import type { TradeRow } from "../trade_row.ts";
import { sequenced, socketRow } from "./linear.ts";
import type { Market, MarketTape } from "../venue_market.ts";

/** The most trades that one message holds. */
const MOST_TRADES = 1_024;
/** So long it waits for what else is traded in the same millisecond, ms. */
const MOMENT_MS = 5;
const TICKER_MS = 500;
/** A client that sent nothing for so long is cut off, ms. */
const IDLE_MS = 600_000;

/** One client of the simulated Bybit, on its socket of linear contracts. */
export class BybitSocket implements VenueClient {
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
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#socket.close(1000, "idle"), IDLE_MS);
  }

  closed(): void {
    clearTimeout(this.#idle);
    for (const end of this.#subscriptions.values()) end();
  }

  receive(text: string): void {
    this.opened();
    let request: { readonly req_id?: unknown; readonly op?: unknown; readonly args?: unknown };
    try {
      request = JSON.parse(text);
    } catch {
      return this.#answer({ op: "", success: false, message: "Invalid request" });
    }
    const { op, args } = request;
    const id = typeof request.req_id === "string" ? request.req_id : "";
    if (op === "ping") return this.#answer({ op, id, success: true, message: "pong" });
    const topics = Array.isArray(args) ? args.map(String) : [];
    if ((op !== "subscribe" && op !== "unsubscribe") || topics.length === 0) {
      return this.#answer({ op: String(op), id, success: false, message: "Invalid request" });
    }
    const unknown = topics.find((topic) => this.#begin(topic) === null);
    if (unknown !== undefined) {
      const message = `error:handler not found,topic:${unknown}`;
      return this.#answer({ op, id, success: false, message });
    }
    this.#answer({ op, id, success: true, message: "" });
    for (const topic of topics) {
      if (op === "unsubscribe") {
        this.#subscriptions.get(topic)?.();
        this.#subscriptions.delete(topic);
      } else if (!this.#subscriptions.has(topic)) {
        this.#subscriptions.set(topic, this.#begin(topic)!());
      }
    }
  }

  /** What begins the stream of a topic and gives what ends it; `null` for an unknown one. */
  #begin(topic: string): (() => () => void) | null {
    const [channel, symbol] = topic.split(".");
    const tape = this.#market.tapes.get(symbol ?? "");
    if (tape === undefined) return null;
    if (channel === "publicTrade") return () => this.#sendTrades(topic, tape);
    return channel === "tickers" ? () => this.#sendTickers(topic) : null;
  }

  /** Sends the fills of one taker in one message: a moment later, when all of them are there. */
  #sendTrades(topic: string, tape: MarketTape): () => void {
    let rows: TradeRow[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const send = () => {
      const nowMs = this.#market.clockMs();
      const open = rows.findIndex((row) => row.timeMs >= nowMs);
      const from = tape.trades.size - rows.length;
      const whole = open < 0 ? rows : rows.slice(0, open);
      rows = open < 0 ? [] : rows.slice(open);
      timer = open < 0 ? undefined : setTimeout(send, MOMENT_MS);
      const numbered = sequenced(tape, whole, from);
      for (let at = 0; at < numbered.length; at += MOST_TRADES) {
        const part = numbered.slice(at, at + MOST_TRADES).map((row) => socketRow(tape, row));
        this.#push(topic, "snapshot", `[${part.join(",")}]`);
      }
    };
    const end = tape.watch((row) => {
      rows.push(row);
      timer ??= setTimeout(send, MOMENT_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }

  #sendTickers(topic: string): () => void {
    const timer = setInterval(() => this.#push(topic, "delta", "{}"), TICKER_MS);
    return () => clearInterval(timer);
  }

  #push(topic: string, type: string, data: string): void {
    const ts = this.#market.clockMs();
    this.#socket.send(topic, `{"topic":"${topic}","type":"${type}","ts":${ts},"data":${data}}`);
  }

  #answer({ op, id = "", success, message }: {
    readonly op: string;
    readonly id?: string;
    readonly success: boolean;
    readonly message: string;
  }): void {
    const answer = { success, ret_msg: message, conn_id: "d6ki1eae0cl5", req_id: id, op };
    this.#socket.send(null, JSON.stringify(answer));
  }
}
