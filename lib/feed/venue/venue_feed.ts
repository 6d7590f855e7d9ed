import type { StreamKind } from "../../market/mod.ts";
import { sleep } from "../../streams/mod.ts";
import type { Feed, FeedEvent, FeedHealth, StreamState } from "../feed.ts";
import { endLagging } from "../sockets/lag_watchdog.ts";
import type { Shard } from "../sockets/shard.ts";
import { Shards } from "../sockets/shards.ts";
import type { VenueAdapter } from "./adapter.ts";
import { followClock } from "./clock.ts";
import { ExchangeClock } from "./exchange_clock.ts";
import type { ChainEnd, Follow } from "./follow.ts";
import { feedHealth } from "./health.ts";
import { Inbox } from "./inbox.ts";
import { Interpreter } from "./interpreter.ts";
import { type FeedOptions, type FeedSettings, feedSettings } from "./options.ts";
import { Repairer } from "./repair.ts";
import { StreamWatchdog } from "./stream_watchdog.ts";

/** After so many events a batch is handed over even if frames are waiting. */
const BATCH_EVENTS = 4_096;
/** How often streams that wait for something are looked at, ms. */
const TICK_MS = 250;

/**
 * The feed of a venue: everything that is the same at all of them. What a venue does in its own way
 * is in its adapter.
 *
 * Frames are stamped once in the socket's handler and wait in a bounded queue; everything else
 * happens on the reader's side, in the order of the frames: parsing, sequencing by id, duplicates
 * and gaps. Nothing is connected before the feed is iterated, and it can be iterated once.
 */
export class VenueFeed implements Feed {
  readonly venue: string;
  readonly streamKind: StreamKind;
  readonly #adapter: VenueAdapter;
  readonly #options: FeedOptions;
  readonly #settings: FeedSettings;
  readonly #inbox: Inbox;
  readonly #interpreter: Interpreter;
  readonly #repairer: Repairer | null;
  readonly #shards: Shards;
  readonly #clock: ExchangeClock;
  readonly #watchdog: StreamWatchdog | null;
  /** Where the chains of symbols that were removed end. */
  readonly #ends = new Map<string, ChainEnd>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #started = false;

  /**
   * Makes a feed; connects nothing.
   *
   * @throws {RangeError} If `symbolsPerSocket` is out of its range.
   */
  constructor(adapter: VenueAdapter, options: FeedOptions) {
    const settings = feedSettings(options);
    this.venue = adapter.venue;
    this.streamKind = adapter.streamKind;
    this.#adapter = adapter;
    this.#options = options;
    this.#settings = settings;
    this.#inbox = new Inbox(settings.queueCapacity);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#clock = new ExchangeClock(
      adapter.clock,
      ({ skewMs, roundTripMs }) =>
        this.#inbox.post((out) => out.push({ kind: "clock", skewMs, roundTripMs })),
    );
    const { wire, missing, newest } = adapter;
    this.#interpreter = new Interpreter({
      ...settings,
      venue: adapter.venue,
      streamKind: adapter.streamKind,
      parse: wire.parse,
      chain: adapter.chain,
      repairs: missing !== null,
      clock: this.#clock,
      // Nothing is asked before the feed is read.
      onMissing: (follow) => this.#inbox.post(() => this.#repair(follow)),
      onShutdown: (wire) => this.#shards.replaceSoon(wire),
    });
    const parts = { inbox: this.#inbox, interpreter: this.#interpreter, signal: this.#signal };
    const { reorderMs, refusedMs, random } = settings;
    this.#repairer = missing === null
      ? null
      : new Repairer({ ...parts, source: missing, reorderMs, refusedMs, random });
    const { follows } = this.#interpreter;
    this.#shards = new Shards({
      wire,
      rest: adapter.clock,
      settings,
      onFrame: (frame) => {
        if (options.onFrame !== undefined) this.#record(options.onFrame, frame.text);
        this.#inbox.receive(frame);
      },
      onUp: (shard) => this.#inbox.post(() => follows.opened(shard)),
      onSubscribed: (symbols, nowMs) => this.#inbox.post(() => follows.subscribed(symbols, nowMs)),
      onStatus: (event) => this.#inbox.post((out) => out.push(event)),
      run: (shard) => this.#started && this.#run(shard),
    });
    const { quietMs } = settings;
    this.#watchdog = newest === null ? null : new StreamWatchdog({
      ...parts,
      newest,
      shards: this.#shards,
      clock: this.#clock,
      quietMs,
    });
    this.add(options.symbols);
  }

  add(symbols: readonly string[]): void {
    const { lastIds, openGaps, recent, sureId } = this.#options;
    for (const symbol of symbols) {
      if (this.#interpreter.follows.get(symbol) !== undefined) continue;
      const end = this.#ends.get(symbol);
      const lastId = end?.lastId ?? lastIds?.get(symbol) ?? null;
      this.#interpreter.follow(symbol, this.#shards.add(symbol), {
        lastId,
        openGaps: lastId === null ? [] : openGaps?.(symbol) ?? end?.openGaps ?? [],
        recent: lastId === null ? [] : recent?.(symbol) ?? [],
        sureId: lastId === null ? null : sureId?.(symbol) ?? null,
      });
    }
    this.#shards.sync();
  }

  remove(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const end = this.#interpreter.dismiss(symbol);
      if (end === null) continue;
      this.#ends.set(symbol, end);
      this.#repairer?.cancel(symbol);
      this.#shards.remove(symbol);
    }
    this.#shards.sync();
  }

  streams(): ReadonlyMap<string, StreamState> {
    return new Map([...this.#interpreter.follows].map((f) => [f.symbol, f.state]));
  }

  async catchUp(symbols: readonly string[]): Promise<void> {
    for (const follow of this.#interpreter.follows.of(symbols)) {
      await this.#watchdog?.catchUp(follow);
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
        if (this.#inbox.tellDropped(out)) this.#interpreter.doubt();
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
      rest: this.#adapter.clock,
      clock: this.#clock,
      shards: this.#shards,
      inbox: this.#inbox,
      signal: this.#signal,
    };
    for (const shard of this.#shards) this.#run(shard);
    this.#spawn(() => this.#tick());
    this.#spawn(() => followClock(parts));
    this.#spawn(() => endLagging({ ...parts, lagMs: this.#settings.lagMs }));
    if (this.#watchdog !== null) this.#spawn(() => this.#watchdog!.run());
    const { beside } = this.#adapter;
    if (beside !== undefined) {
      this.#spawn(() => beside({ ...parts, interpreter: this.#interpreter }));
    }
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#inbox.close();
  }

  #repair(follow: Follow): void {
    if (this.#interpreter.follows.get(follow.symbol) !== follow) return;
    this.#spawn(() => this.#repairer!.repair(follow.chain));
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
  #record(onFrame: NonNullable<FeedOptions["onFrame"]>, text: string): void {
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
