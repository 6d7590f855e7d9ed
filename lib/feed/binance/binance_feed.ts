import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import { sleep } from "../../streams/mod.ts";
import type { Feed, FeedEvent, FeedHealth, StreamState } from "../feed.ts";
import { followClock } from "./clock.ts";
import { ExchangeClock } from "./exchange_clock.ts";
import type { ChainEnd, Follow } from "./follow.ts";
import { feedHealth } from "./health.ts";
import { Inbox } from "./inbox.ts";
import { Interpreter } from "./interpreter.ts";
import { endLagging } from "./lag_watchdog.ts";
import { type BinanceFeedOptions, type FeedSettings, feedSettings } from "./options.ts";
import { Repairer } from "./repair.ts";
import { BinanceRest } from "./rest.ts";
import type { Shard } from "./shard.ts";
import { Shards } from "./shards.ts";
import { StreamWatchdog } from "./stream_watchdog.ts";

/** After so many events a batch is handed over even if frames are waiting. */
const BATCH_EVENTS = 4_096;
/** How often streams that wait for something are looked at, ms. */
const TICK_MS = 250;

/**
 * Returns the trades of Binance USD-M futures, in id order per symbol but for late ones.
 *
 * Frames are stamped once in the socket's handler and wait in a bounded queue; everything else
 * happens on the reader's side, in the order of the frames: parsing, sequencing by id, duplicates
 * and gaps. Missing `aggTrade` ids are fetched over REST while the symbol's live trades are held, as
 * long as `holdMs` and `holdCapacity` allow; then these go on, and the ids are delivered late.
 * Missing `trade` ids are lost once they have stayed away for `reorderMs`. A frame without room is
 * dropped, counted and repaired like any other gap. Once the signal is aborted, the frames already
 * received are delivered and the iteration ends. How connections are kept up: docs/feed.md.
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
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function binanceFeed(options: BinanceFeedOptions): Feed {
  return new BinanceFeed(options);
}

class BinanceFeed implements Feed {
  readonly venue = BINANCE_USDM;
  readonly streamKind: StreamKind;
  readonly #options: BinanceFeedOptions;
  readonly #settings: FeedSettings;
  readonly #rest: BinanceRest;
  readonly #inbox: Inbox;
  readonly #interpreter: Interpreter;
  readonly #repairer: Repairer;
  readonly #shards: Shards;
  readonly #clock: ExchangeClock;
  readonly #watchdog: StreamWatchdog;
  /** Where the chains of symbols that were removed end. */
  readonly #ends = new Map<string, ChainEnd>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #started = false;

  constructor(options: BinanceFeedOptions) {
    const settings = feedSettings(options);
    const { streamKind, reorderMs, refusedMs, random } = settings;
    this.streamKind = streamKind;
    this.#options = options;
    this.#settings = settings;
    this.#rest = options.rest ??
      new BinanceRest(options.restUrl === undefined ? {} : { baseUrl: options.restUrl });
    this.#inbox = new Inbox(settings.queueCapacity);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#clock = new ExchangeClock(
      this.#rest,
      ({ skewMs, roundTripMs }) =>
        this.#inbox.post((out) => out.push({ kind: "clock", skewMs, roundTripMs })),
    );
    this.#interpreter = new Interpreter({
      ...settings,
      clock: this.#clock,
      // Nothing is asked before the feed is read.
      onMissing: (follow) => this.#inbox.post(() => this.#repair(follow)),
      onShutdown: (wire) => this.#shards.replaceSoon(wire),
    });
    const parts = { rest: this.#rest, inbox: this.#inbox, interpreter: this.#interpreter };
    const asked = { reorderMs, refusedMs, random, signal: this.#signal };
    this.#repairer = new Repairer({ ...parts, ...asked });
    this.#shards = new Shards({
      ...parts,
      settings,
      onFrame: (frame) => {
        if (options.onFrame !== undefined) this.#record(options.onFrame, frame.text);
        this.#inbox.receive(frame);
      },
      run: (shard) => this.#started && this.#run(shard),
    });
    const { quietMs } = settings;
    this.#watchdog = new StreamWatchdog({
      ...parts,
      shards: this.#shards,
      clock: this.#clock,
      streamKind,
      quietMs,
      signal: this.#signal,
    });
    this.add(options.symbols);
  }

  add(symbols: readonly string[]): void {
    const { lastIds, openGaps } = this.#options;
    for (const symbol of symbols) {
      if (this.#interpreter.follows.get(symbol) !== undefined) continue;
      const end = this.#ends.get(symbol);
      const lastId = end?.lastId ?? lastIds?.get(symbol) ?? null;
      this.#interpreter.follow(symbol, this.#shards.add(symbol), {
        lastId,
        openGaps: lastId === null ? [] : openGaps?.(symbol) ?? end?.openGaps ?? [],
      });
    }
    this.#shards.sync();
  }

  remove(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const end = this.#interpreter.dismiss(symbol);
      if (end === null) continue;
      this.#ends.set(symbol, end);
      this.#repairer.cancel(symbol);
      this.#shards.remove(symbol);
    }
    this.#shards.sync();
  }

  streams(): ReadonlyMap<string, StreamState> {
    return new Map([...this.#interpreter.follows].map((f) => [f.symbol, f.state]));
  }

  async catchUp(symbols: readonly string[]): Promise<void> {
    for (const follow of this.#interpreter.follows.of(symbols)) {
      await this.#watchdog.catchUp(follow);
    }
  }

  health(): FeedHealth {
    const { follows } = this.#interpreter;
    return feedHealth({ clock: this.#clock, shards: this.#shards, follows });
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
    const ended = this.#runAll();
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
  async #runAll(): Promise<void> {
    const parts = {
      rest: this.#rest,
      clock: this.#clock,
      shards: this.#shards,
      inbox: this.#inbox,
      signal: this.#signal,
    };
    for (const shard of this.#shards) this.#run(shard);
    this.#spawn(() => this.#tick());
    this.#spawn(() => followClock(parts));
    this.#spawn(() => endLagging({ ...parts, lagMs: this.#settings.lagMs }));
    this.#spawn(() => this.#watchdog.run());
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#inbox.close();
  }

  #repair(follow: Follow): void {
    if (this.#interpreter.follows.get(follow.symbol) !== follow) return;
    this.#spawn(() => this.#repairer.repair(follow.sequencer));
  }

  #run(shard: Shard): void {
    this.#spawn(() => shard.run(this.#signal));
  }

  /** Starts a task that lasts until it is done or the feed ends; its failure is the reader's. */
  #spawn(task: () => Promise<void>): void {
    const running = task().catch((error) => {
      if (!this.#signal.aborted) this.#inbox.fail(error);
    }).finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  /** A recorder that fails ends the feed, with its error for the reader. */
  #record(onFrame: NonNullable<BinanceFeedOptions["onFrame"]>, text: string): void {
    try {
      onFrame(text, Temporal.Now.instant().epochNanoseconds);
    } catch (error) {
      this.#inbox.fail(error);
    }
  }

  /** Wakes the reader now and then. */
  async #tick(): Promise<void> {
    while (true) {
      await sleep(TICK_MS, this.#signal);
      const nowMs = Date.now();
      this.#inbox.post((out) => this.#interpreter.tick(nowMs, out));
    }
  }
}
