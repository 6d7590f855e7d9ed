import type { QuarantineEvent, StatusEvent } from "../../market/mod.ts";
import { BoundedQueue } from "../../streams/mod.ts";
import type { ControlReply, ShutdownNotice } from "../parsed_frame.ts";
import { Shards } from "../sockets/shards.ts";
import type { Shard } from "../sockets/shard.ts";
import type { TimeTeller, VenueWire } from "../venue/adapter.ts";
import type { Frame, Lane } from "../venue/follow.ts";
import { feedSettings } from "../venue/options.ts";
import { AsidePerSecond } from "./aside_per_second.ts";
import type { InSecond, OnePerSecond } from "./one_per_second.ts";
import { SilenceWatch } from "./silence_watch.ts";

/** How a feed beside that of the trades is kept up. */
export interface SideFeedOptions {
  /** Ends the feed. */
  readonly signal: AbortSignal;
  /** Called for every frame before anyone interprets it, with the local time in ns. */
  readonly onFrame?: (text: string, receivedNs: bigint) => void;
  /** How many events may wait for the reader; more are dropped and counted. @default {100_000} */
  readonly capacity?: number;
  /** How many symbols one socket carries, 1 to 1,000. @default {200} */
  readonly symbolsPerSocket?: number;
  /** About which age a socket is replaced at, ms. @default {82_800_000} */
  readonly rotateMs?: number;
  /**
   * A symbol of which nothing is told for so long is subscribed anew, later its connection replaced,
   * ms; of quotes also how long one stands without a word. @default {30_000 of marks, 300_000 of quotes}
   */
  readonly quietMs?: number;
}

/** What a frame of a side feed means: a row, why there is none, or nothing of interest. */
export type SideFrame<Row> =
  | { readonly kind: "row"; readonly row: Row }
  | QuarantineEvent
  | ControlReply
  | ShutdownNotice
  | { readonly kind: "nothing" };

/** What makes a side feed that of one stream of a venue. */
export interface SideStream<Row> {
  readonly wire: VenueWire;
  readonly clock: TimeTeller;
  /** A symbol of which nothing is told for so long may have lost its subscription, ms. */
  readonly quietMs: number;
  /** Makes what thins the rows of one shard. */
  thin(): OnePerSecond<Row>;
  read(text: string, receivedMs: number): SideFrame<Row>;
}

/** What a side feed delivers, in the order in which it came. */
export type SideEvent<Row> =
  | { readonly kind: "row"; readonly row: Row }
  | QuarantineEvent
  | StatusEvent;

/**
 * A feed of what is told beside the trades, on sockets of its own, so that it neither waits for them
 * nor holds them up: one row per symbol and second, thinned before it waits for anybody. What was
 * told while there was no connection is not told again: no venue gives it a second time. A symbol
 * that falls silent is asked for again: a venue may acknowledge a subscription and forget it.
 *
 * @example Which symbols are followed may change at any time
 * ```ts
 * import { BinanceRest, markFeed, type SideFeed } from "tandem/feed";
 * import type { Mark } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed: SideFeed<Mark> = markFeed({ rest: new BinanceRest(), signal: AbortSignal.abort() });
 * feed.follow(new Set(["BTCUSDT", "ETHUSDT"]));
 * feed.follow(new Set(["ETHUSDT"]));
 * deepStrictEqual([...feed.symbols], ["ETHUSDT"]);
 * ```
 */
export interface SideFeed<Row> extends AsyncIterable<readonly SideEvent<Row>[]> {
  /** How many rows and frames were dropped as nobody took them in time. */
  readonly dropped: number;
  /** How many frames that cannot be read were not set aside, as one of the second was. */
  readonly leftOut: number;
  /** The symbols it follows. */
  readonly symbols: ReadonlySet<string>;
  /** Follows these symbols from now on, and no others. */
  follow(symbols: ReadonlySet<string>): void;
}

/** How often is looked for silent symbols, in parts of the time after which they are. */
const LOOKS = 8;

/** A side feed on sockets of one stream. */
export class StreamSideFeed<Row extends InSecond> implements SideFeed<Row> {
  readonly #stream: SideStream<Row>;
  readonly #options: SideFeedOptions;
  readonly #queue: BoundedQueue<SideEvent<Row>>;
  readonly #shards: Shards;
  readonly #tasks = new Set<Promise<void>>();
  readonly #thinnings = new Map<Lane, OnePerSecond<Row>>();
  readonly #silences: SilenceWatch;
  readonly #aside = new AsidePerSecond();
  #symbols: ReadonlySet<string> = new Set();
  #isRunning = false;
  #dropped = 0;

  /** Connects nothing before it is iterated. @throws {RangeError} If an option is out of range. */
  constructor(stream: SideStream<Row>, options: SideFeedOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#queue = new BoundedQueue(options.capacity ?? 100_000);
    this.#silences = new SilenceWatch(stream.quietMs);
    const { signal, symbolsPerSocket, rotateMs } = options;
    this.#shards = new Shards({
      settings: feedSettings({
        ...{ symbols: [], signal },
        ...(symbolsPerSocket === undefined ? {} : { symbolsPerSocket }),
        ...(rotateMs === undefined ? {} : { rotateMs }),
      }),
      wire: stream.wire,
      rest: stream.clock,
      onFrame: (frame) => this.#receive(frame),
      onUp: (shard) => {
        this.#thinnings.get(shard)?.interrupt();
        this.#silences.interrupt(shard.symbols);
      },
      onSubscribed: (symbols, nowMs) => this.#silences.asked(symbols, nowMs),
      onStatus: (event) => this.#queue.pushAlways(event),
      run: (shard) => this.#isRunning && this.#run(shard),
    });
  }

  get dropped(): number {
    return this.#dropped;
  }

  get leftOut(): number {
    return this.#aside.leftOut;
  }

  get symbols(): ReadonlySet<string> {
    return this.#symbols;
  }

  follow(symbols: ReadonlySet<string>): void {
    const added = symbols.difference(this.#symbols);
    const removed = this.#symbols.difference(symbols);
    if (added.size + removed.size === 0) return;
    this.#symbols = new Set(symbols);
    for (const thinning of this.#thinnings.values()) thinning.retain(this.#symbols);
    this.#silences.retain(this.#symbols);
    for (const symbol of removed) this.#shards.remove(symbol);
    for (const symbol of added) this.#shards.add(symbol);
    this.#shards.sync();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly SideEvent<Row>[], void, undefined> {
    const { signal } = this.#options;
    this.#isRunning = true;
    for (const shard of this.#shards) this.#run(shard);
    const ended = this.#end(signal);
    const watching = setInterval(() => this.#renew(Date.now()), this.#stream.quietMs / LOOKS);
    try {
      for await (const events of this.#queue) yield events;
      await ended;
    } finally {
      clearInterval(watching);
    }
  }

  /** Closes the queue when the signal has ended all there is. */
  async #end(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    if (!signal.aborted) await aborted.promise;
    this.#isRunning = false;
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#queue.close();
  }

  #run(shard: Shard): void {
    const running = shard.run(this.#options.signal).finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  #receive({ text, receivedMs, wire }: Frame): void {
    this.#record(text);
    const frame = this.#stream.read(text, receivedMs);
    switch (frame.kind) {
      case "row": {
        this.#thin(frame.row, wire.lane, receivedMs);
        break;
      }
      case "quarantine":
        if (this.#aside.offer(frame.frame)) this.#push(frame);
        break;
      case "reply":
        if (frame.error !== null) this.#notice(`The exchange objects: ${frame.error.message}`);
        break;
      case "shutdown":
        this.#shards.replaceSoon(wire);
        break;
    }
  }

  /** The exchange time of a shard is that of its own frames: others may come late, or early. */
  #thin(row: Row, lane: Lane, receivedMs: number): void {
    const thinning = this.#thinnings.getOrInsertComputed(lane, () => this.#stream.thin());
    for (const over of thinning.reach(row.timeMs)) this.#push({ kind: "row", row: over });
    // The stream that shows that a socket is alive may be of a symbol that it does not carry.
    if (!lane.symbols.has(row.symbol)) return;
    this.#silences.heard(row.symbol, receivedMs);
    const kept = thinning.offer(row);
    if (kept !== null) this.#push({ kind: "row", row: kept });
  }

  /** Asks again for what has fallen silent: first on the same connection, then on another one. */
  #renew(nowMs: number): void {
    const replaced = new Set<Shard>();
    for (const { symbol, times } of this.#silences.look(nowMs)) {
      const shard = this.#shards.of(symbol);
      if (shard === undefined || shard.connections.length === 0) continue;
      if (times > 1) {
        replaced.add(shard);
        continue;
      }
      // What changes between the two subscriptions nobody tells.
      this.#thinnings.get(shard)?.interrupt(symbol);
      shard.subscribeAnew(symbol);
    }
    for (const shard of replaced) {
      for (const connection of shard.connections) shard.replaceSoon(connection);
    }
  }

  /** A recorder that fails ends the feed, with its error for the reader. */
  #record(text: string): void {
    try {
      this.#options.onFrame?.(text, Temporal.Now.instant().epochNanoseconds);
    } catch (error) {
      this.#queue.fail(error);
    }
  }

  #push(event: SideEvent<Row>): void {
    if (!this.#queue.push(event)) this.#dropped++;
  }

  #notice(message: string): void {
    this.#queue.pushAlways({ kind: "status", status: "notice", message, symbols: [] });
  }
}
