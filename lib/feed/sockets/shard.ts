import type { Connection } from "./connection.ts";
import type { Lane, Wire } from "../venue/follow.ts";
import { Link, type LinkOptions } from "./link.ts";
import type { Watermark } from "../chain/watermark.ts";

/** What a shard is made of and whom it tells. */
export interface ShardOptions
  extends Omit<LinkOptions, "lane" | "wanted" | "onOpen" | "onSubscribed"> {
  /** Follows the exchange time of the frames. */
  readonly watermark: Watermark;
  /** How many connections carry the same streams: one, or two for safety. */
  readonly copies: 1 | 2;
  /** Called when there is a connection again, before its first frame. */
  readonly onUp: () => void;
  /** Called when the subscriptions of some symbols have been sent. */
  readonly onSubscribed: (symbols: readonly string[], nowMs: number) => void;
}

/** Some symbols and the connections that carry them, all of them the same streams. */
export class Shard implements Lane {
  /** The symbols to carry; call `sync()` after changing them. */
  readonly symbols = new Set<string>();
  readonly watermark: Watermark;
  readonly #options: ShardOptions;
  readonly #links: readonly Link[];

  constructor(options: ShardOptions) {
    this.#options = options;
    this.watermark = options.watermark;
    const linkOptions: LinkOptions = {
      ...options,
      lane: this,
      wanted: () => this.#wanted(),
      onOpen: (connection) => this.#opened(connection),
    };
    this.#links = Array.from({ length: options.copies }, () => new Link(linkOptions));
  }

  /** The open connections. */
  get connections(): Connection[] {
    return this.#links.flatMap((link) => [...link.connections].filter((c) => !c.over.aborted));
  }

  /** When data last came (or a connection was opened), local ms; `null` without a connection. */
  get lastSignMs(): number | null {
    const signs = this.connections.map((c) => c.lastDataMs ?? c.openedMs);
    return signs.length === 0 ? null : Math.max(...signs);
  }

  /** Keeps the connections up. Never fails; ends when the signal is aborted, with all closed. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#links.map((link) => link.run(signal)));
  }

  /** Has the connections subscribe what the symbols ask for. */
  sync(): void {
    for (const connection of this.connections) connection.sync();
  }

  /** Has the stream of a symbol subscribed anew. */
  subscribeAnew(symbol: string): void {
    const name = this.#options.wire.topic(symbol);
    for (const connection of this.connections) connection.subscribeAnew([name]);
  }

  /** Has a connection replaced because the exchange will close it. */
  replaceSoon(wire: Wire): void {
    for (const link of this.#links) link.replaceSoon(wire);
  }

  #opened(connection: Connection): void {
    if (this.connections.every((other) => other === connection)) this.#options.onUp();
    this.#options.onStatus("open", `Connected to ${this.#options.wire.url}`);
  }

  #wanted(): Map<string, string | null> {
    const { wire } = this.#options;
    const wanted = new Map<string, string | null>([[wire.heartbeat, null]]);
    for (const symbol of this.symbols) wanted.set(wire.topic(symbol), symbol);
    return wanted;
  }
}
