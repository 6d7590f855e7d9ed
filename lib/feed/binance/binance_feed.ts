import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import { sleep } from "../../streams/mod.ts";
import type { Feed, FeedEvent, StreamState } from "../feed.ts";
import { followClock } from "./clock.ts";
import { Inbox } from "./inbox.ts";
import { Interpreter } from "./interpreter.ts";
import type { BinanceFeedOptions } from "./options.ts";
import { Repairer } from "./repair.ts";
import { BinanceRest } from "./rest.ts";
import { Shard } from "./shard.ts";
import { BINANCE_WS_URL, routeOf, socketUrl, streamName } from "./urls.ts";
import { Watermark } from "./watermark.ts";

/** After so many events a batch is handed over even if frames are waiting. */
const BATCH_EVENTS = 4_096;
/** How often streams that wait for something are looked at, ms. */
const TICK_MS = 250;
/** Between the first connections of two sockets, ms. */
const CONNECT_SPACING_MS = 1_000;

/**
 * Returns the trades of Binance USD-M futures, in id order per symbol.
 *
 * Frames are stamped once in the socket's handler and wait in a bounded queue; everything else
 * happens on the reader's side, in the order of the frames: parsing, sequencing by id, duplicates
 * and gaps. Missing `aggTrade` ids are fetched over REST while the symbol's live trades are held;
 * missing `trade` ids are lost once they have stayed away for `reorderMs`. Whatever has no room is
 * dropped, counted and repaired like any other gap. Connections are kept up until the signal is
 * aborted; then the frames already received are delivered and the iteration ends.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { binanceFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = binanceFeed({ symbols: ["BTCUSDT"], signal: AbortSignal.abort() });
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options What to follow and where; everything but the symbols and the signal has a default.
 * @returns The feed; nothing is connected before it is iterated, and it can be iterated once.
 * @throws {TypeError} If an address has not the form it needs.
 */
export function binanceFeed(options: BinanceFeedOptions): Feed {
  return new BinanceFeed(options);
}

class BinanceFeed implements Feed {
  readonly venue = BINANCE_USDM;
  readonly streamKind: StreamKind;
  readonly #options: BinanceFeedOptions;
  readonly #url: string;
  readonly #heartbeat: string;
  readonly #rest: BinanceRest;
  readonly #random: () => number;
  readonly #inbox: Inbox;
  readonly #interpreter: Interpreter;
  readonly #repairer: Repairer;
  readonly #shards: Shard[] = [];
  /** The last id of symbols that were removed. */
  readonly #resumeIds = new Map<string, number>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #started = false;
  #connectFromMs = 0;

  constructor(options: BinanceFeedOptions) {
    const { streamKind = "aggTrade", reorderMs = 250, heartbeatSymbol = "BTCUSDT" } = options;
    const route = routeOf(streamKind);
    this.streamKind = streamKind;
    this.#options = options;
    this.#url = socketUrl(options.wsUrl ?? BINANCE_WS_URL, route);
    this.#heartbeat = streamName(
      heartbeatSymbol,
      route === "market" ? "markPrice@1s" : "bookTicker",
    );
    this.#rest = options.rest ??
      new BinanceRest(options.restUrl === undefined ? {} : { baseUrl: options.restUrl });
    this.#random = options.random ?? Math.random;
    this.#inbox = new Inbox(options.queueCapacity ?? 65_536);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    const interpreter = new Interpreter({
      streamKind,
      holdCapacity: options.holdCapacity ?? 100_000,
      reorderMs,
      silentMs: options.silentMs ?? 30_000,
      onMissing: ({ sequencer }) => this.#spawn(() => this.#repairer.repair(sequencer)),
    });
    this.#interpreter = interpreter;
    this.#repairer = new Repairer({
      rest: this.#rest,
      reorderMs,
      random: this.#random,
      signal: this.#signal,
      inbox: this.#inbox,
      interpreter,
    });
    this.add(options.symbols);
  }

  add(symbols: readonly string[]): void {
    const { lastIds, symbolsPerSocket = 200 } = this.#options;
    for (const symbol of symbols) {
      if (this.#interpreter.follows.has(symbol)) continue;
      const shard = this.#shards.find((s) => s.symbols.size < symbolsPerSocket) ?? this.#newShard();
      const lastId = this.#resumeIds.get(symbol) ?? lastIds?.get(symbol) ?? null;
      this.#interpreter.follow(symbol, shard, lastId);
      shard.symbols.add(symbol);
    }
    for (const shard of this.#shards) shard.sync();
  }

  remove(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const follow = this.#interpreter.follows.get(symbol);
      if (follow === undefined) continue;
      const { lastId } = follow.sequencer;
      if (lastId !== null) this.#resumeIds.set(symbol, lastId);
      this.#repairer.cancel(symbol);
      this.#interpreter.dismiss(symbol);
      for (const shard of this.#shards) shard.symbols.delete(symbol);
    }
    for (const shard of this.#shards) shard.sync();
  }

  streams(): ReadonlyMap<string, StreamState> {
    return new Map(this.#interpreter.follows.values().map((f) => [f.symbol, f.state]));
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly FeedEvent[]> {
    if (this.#started) throw new TypeError("Cannot iterate a feed twice");
    this.#started = true;
    const events = this.#events();
    return {
      next: () => events.next(),
      // A pending next() is ended first, or the generator would wait for it for ever.
      return: () => {
        this.#stop.abort();
        return events.return();
      },
    };
  }

  async *#events(): AsyncGenerator<readonly FeedEvent[], void, undefined> {
    const ended = this.#run();
    try {
      for await (const inputs of this.#inbox) {
        let out: FeedEvent[] = [];
        for (const input of inputs) {
          if (typeof input === "function") input(out);
          else this.#interpreter.frame(input, out);
          if (out.length < BATCH_EVENTS) continue;
          yield out;
          out = [];
        }
        this.#interpreter.settle(out);
        this.#inbox.tellDropped(out);
        if (out.length > 0) yield out;
      }
      const last: FeedEvent[] = [];
      this.#interpreter.finish(last);
      if (last.length > 0) yield last;
    } finally {
      this.#stop.abort();
      await ended;
    }
  }

  /** Runs everything that happens beside the reader, and closes the queue when all has ended. */
  async #run(): Promise<void> {
    for (const shard of this.#shards) this.#spawn(() => this.#connect(shard));
    this.#spawn(() => this.#tick());
    this.#spawn(() =>
      followClock({
        rest: this.#rest,
        shards: () => this.#shards,
        inbox: this.#inbox,
        signal: this.#signal,
      })
    );
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#inbox.close();
  }

  /** Starts a task that lasts until it is done or the feed ends; its failure is the reader's. */
  #spawn(task: () => Promise<void>): void {
    const running = task().catch((error) => {
      if (!this.#signal.aborted) this.#inbox.fail(error);
    }).finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  #newShard(): Shard {
    const { connectTimeoutMs = 10_000, staleMs = 15_000, graceMs = 500, onFrame } = this.#options;
    const shard: Shard = new Shard({
      url: this.#url,
      rest: this.#rest,
      streamKind: this.streamKind,
      heartbeat: this.#heartbeat,
      watermark: new Watermark(graceMs),
      connectTimeoutMs,
      staleMs,
      random: this.#random,
      onFrame: (text, receivedMs) => {
        if (onFrame !== undefined) this.#record(onFrame, text);
        this.#inbox.receive({ lane: shard, text, receivedMs });
      },
      onSubscribed: (symbols, nowMs) =>
        this.#inbox.post(() => this.#interpreter.subscribed(symbols, nowMs)),
      onStatus: (status, message) =>
        this.#inbox.post((out) => {
          if (status === "open") this.#interpreter.opened(shard);
          out.push({ kind: "status", status, message, symbols: [...shard.symbols] });
        }),
    });
    this.#shards.push(shard);
    if (this.#started) this.#spawn(() => this.#connect(shard));
    return shard;
  }

  /** A recorder that fails ends the feed, with its error for the reader. */
  #record(onFrame: NonNullable<BinanceFeedOptions["onFrame"]>, text: string): void {
    try {
      onFrame(text, Temporal.Now.instant().epochNanoseconds);
    } catch (error) {
      this.#inbox.fail(error);
    }
  }

  async #connect(shard: Shard): Promise<void> {
    const nowMs = Date.now();
    const waitMs = this.#connectFromMs - nowMs;
    this.#connectFromMs = Math.max(nowMs, this.#connectFromMs) + CONNECT_SPACING_MS;
    if (waitMs > 0) await sleep(waitMs, this.#signal);
    await shard.run(this.#signal);
  }

  /** Wakes the reader now and then, for what is due although no frame comes. */
  async #tick(): Promise<void> {
    while (true) {
      await sleep(TICK_MS, this.#signal);
      const nowMs = Date.now();
      this.#inbox.post((out) => this.#interpreter.tick(nowMs, out));
    }
  }
}
