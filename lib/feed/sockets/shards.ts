import { Pacer, PrioritySlots } from "../../streams/mod.ts";
import type { StatusEvent } from "../feed.ts";
import type { Frame, Wire } from "../venue/follow.ts";
import type { FeedSettings } from "../venue/options.ts";
import type { TimeTeller, VenueWire } from "../venue/adapter.ts";
import { Shard } from "./shard.ts";
import { Watermark } from "../chain/watermark.ts";

/** What all shards of a feed share. */
export interface ShardsOptions {
  readonly settings: FeedSettings;
  readonly wire: VenueWire;
  readonly rest: TimeTeller;
  readonly onFrame: (frame: Frame) => void;
  /** Called when a shard has a connection again, before its first frame. */
  readonly onUp: (shard: Shard) => void;
  /** Called when the subscriptions of some symbols have been sent. */
  readonly onSubscribed: (symbols: readonly string[], nowMs: number) => void;
  /** Called when the state of a connection has changed. */
  readonly onStatus: (event: StatusEvent) => void;
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
    const { settings, wire, rest, onFrame, onSubscribed } = this.#options;
    const shard: Shard = new Shard({
      ...settings,
      wire,
      rest,
      watermark: new Watermark(settings.graceMs),
      copies: settings.redundant ? 2 : 1,
      connects: this.#connects,
      rotations: this.#rotations,
      onFrame,
      onUp: () => this.#options.onUp(shard),
      onSubscribed,
      onStatus: (status, message) =>
        this.#options.onStatus({ kind: "status", status, message, symbols: [...shard.symbols] }),
    });
    this.#shards.push(shard);
    this.#options.run(shard);
    return shard;
  }
}
