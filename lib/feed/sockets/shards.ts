import { Pacer, PrioritySlots } from "../../streams/mod.ts";
import type { Frame, Wire } from "../venue/follow.ts";
import type { Inbox } from "../venue/inbox.ts";
import type { Interpreter } from "../venue/interpreter.ts";
import type { FeedSettings } from "../venue/options.ts";
import type { TimeTeller, VenueWire } from "../venue/adapter.ts";
import { Shard } from "./shard.ts";
import { Watermark } from "../chain/watermark.ts";

/** What all shards of a feed share. */
export interface ShardsOptions {
  readonly settings: FeedSettings;
  readonly wire: VenueWire;
  readonly rest: TimeTeller;
  readonly inbox: Inbox;
  readonly interpreter: Interpreter;
  readonly onFrame: (frame: Frame) => void;
  /** Runs the connections of a shard. */
  readonly run: (shard: Shard) => void;
}

/** The symbols of a feed, spread over shards. */
export class Shards implements Iterable<Shard> {
  readonly #options: ShardsOptions;
  readonly #connects: Pacer;
  readonly #rotations = new PrioritySlots(1);
  readonly #shards: Shard[] = [];

  /** Connects nothing. */
  constructor(options: ShardsOptions) {
    this.#options = options;
    this.#connects = new Pacer(options.settings.connectSpacingMs, Date.now);
  }

  [Symbol.iterator](): Iterator<Shard> {
    return this.#shards.values();
  }

  /** The shard that carries a symbol. */
  of(symbol: string): Shard | undefined {
    return this.#shards.find(({ symbols }) => symbols.has(symbol));
  }

  /** Gives a symbol a place; `sync()` subscribes it. */
  add(symbol: string): Shard {
    const { symbolsPerSocket } = this.#options.settings;
    const shard = this.#shards.find((s) => s.symbols.size < symbolsPerSocket) ?? this.#make();
    shard.symbols.add(symbol);
    return shard;
  }

  /** Takes a symbol away; `sync()` ends its subscription. */
  remove(symbol: string): void {
    this.of(symbol)?.symbols.delete(symbol);
  }

  /** Has all connections subscribe what their symbols ask for. */
  sync(): void {
    for (const shard of this.#shards) shard.sync();
  }

  /** Has the connection of a wire replaced because the exchange will close it. */
  replaceSoon(wire: Wire): void {
    for (const shard of this.#shards) shard.replaceSoon(wire);
  }

  #make(): Shard {
    const { settings, wire, rest, inbox, interpreter, onFrame } = this.#options;
    const shard: Shard = new Shard({
      ...settings,
      wire,
      rest,
      watermark: new Watermark(settings.graceMs),
      copies: settings.redundant ? 2 : 1,
      connects: this.#connects,
      rotations: this.#rotations,
      onFrame,
      onUp: () => inbox.post(() => interpreter.follows.opened(shard)),
      onSubscribed: (symbols, nowMs) =>
        inbox.post(() => interpreter.follows.subscribed(symbols, nowMs)),
      onStatus: (status, message) =>
        inbox.post((out) =>
          out.push({ kind: "status", status, message, symbols: [...shard.symbols] })
        ),
    });
    this.#shards.push(shard);
    this.#options.run(shard);
    return shard;
  }
}
