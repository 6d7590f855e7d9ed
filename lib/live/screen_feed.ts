import type { StoreReader } from "../store/mod.ts";
import type { Screener } from "../universe/mod.ts";
import { LiveScreen } from "./live_screen.ts";
import type { ScreenUpdate } from "./protocol.ts";
import { screenOptions, type ScreenQuery } from "./screen_query.ts";
import { screenUpdate } from "./screen_update.ts";

/** After a screen it rests for this many times as long as it took. */
const REST = 4;

/** Who is told of a screen. */
export interface ScreenWatcher {
  /** The screen of another bar, or how far reading the stored bars has come. */
  screened(update: ScreenUpdate): void;
  /** It ended. */
  failed(error: unknown): void;
}

/** A question and who wants to know. */
interface Ask {
  readonly query: ScreenQuery;
  readonly watchers: Set<ScreenWatcher>;
  /** What `told` tells of. */
  revision: number;
  told: ScreenUpdate;
  dueAtMs: number;
}

/** The window of a question; questions that share it share the work of following the database. */
export function windowOf(query: ScreenQuery) {
  const { interval: intervalMs, window: windowBars, maxStale: maxStaleShare } = query;
  return { intervalMs, windowBars, maxStaleShare };
}

/** One window over all symbols, kept up with the database, and the questions about it. */
export class ScreenFeed {
  readonly #window: ReturnType<typeof windowOf>;
  readonly #asks = new Map<string, Ask>();
  #live: LiveScreen;
  #ready = Promise.withResolvers<void>();
  /** Where the bars are. */
  reader: StoreReader;

  constructor(reader: StoreReader, query: ScreenQuery) {
    this.#window = windowOf(query);
    this.reader = reader;
    this.#live = new LiveScreen(reader, this.#window);
    this.#mayBeIgnored();
  }

  /** Whether somebody looks at it. */
  get isWatched(): boolean {
    return this.#asks.size > 0;
  }

  /** Whether stored bars are still being read. */
  get isWarming(): boolean {
    return this.#live.warmUp !== null;
  }

  /** The screener, once the stored bars are read. */
  async screener(): Promise<Screener> {
    await this.#ready.promise;
    return this.#live.screener;
  }

  /** Tells a watcher how things are, and then of every change until it is disposed. */
  watch(query: ScreenQuery, watcher: ScreenWatcher): Disposable {
    const key = JSON.stringify(query);
    const ask = this.#asks.getOrInsertComputed(key, () => ({
      query,
      watchers: new Set<ScreenWatcher>(),
      revision: this.#live.revision,
      told: this.#screen(query),
      dueAtMs: -Infinity,
    }));
    ask.watchers.add(watcher);
    watcher.screened(ask.told);
    return {
      [Symbol.dispose]: () => {
        ask.watchers.delete(watcher);
        if (ask.watchers.size === 0) this.#asks.delete(key);
      },
    };
  }

  /** Goes on reading the stored bars as long as `goOn` says. */
  warm(goOn: () => boolean): void {
    if (!this.isWarming) return;
    this.#live.warm(goOn);
    if (!this.isWarming) this.#ready.resolve();
  }

  /** Takes in what was written, a bar at a time if asked, and tells it. */
  poll(nowMs: number, isOneByOne = false): void {
    if (isOneByOne && this.#isBehind(nowMs)) return;
    const wasRead = !this.isWarming;
    this.#live.poll(nowMs, isOneByOne);
    if (this.#live.isOutdated) this.reopen(this.reader);
    for (const ask of this.#asks.values()) {
      const isNew = ask.revision !== this.#live.revision || !wasRead || ask.told.warmUp !== null;
      if (isNew && nowMs >= ask.dueAtMs) this.#tell(ask, nowMs);
    }
  }

  /** Begins anew, from a database that was opened anew. */
  reopen(reader: StoreReader): void {
    if (!this.isWarming) {
      this.#ready = Promise.withResolvers();
      this.#mayBeIgnored();
    }
    this.reader = reader;
    this.#live = new LiveScreen(reader, this.#window);
  }

  /** Ends it and says why. */
  fail(error: unknown): void {
    this.#ready.reject(error);
    for (const { watchers } of this.#asks.values()) {
      for (const watcher of watchers) watcher.failed(error);
    }
    this.#asks.clear();
  }

  /** Whether somebody has yet to be told of the newest bar, and the next one has to wait for that. */
  #isBehind(nowMs: number): boolean {
    return this.#asks.values()
      .some(({ revision, dueAtMs }) => revision !== this.#live.revision && nowMs < dueAtMs);
  }

  #tell(ask: Ask, nowMs: number): void {
    const startedMs = performance.now();
    ask.told = this.#screen(ask.query);
    ask.revision = this.#live.revision;
    ask.dueAtMs = nowMs + REST * (performance.now() - startedMs);
    for (const watcher of ask.watchers) watcher.screened(ask.told);
  }

  #screen(query: ScreenQuery): ScreenUpdate {
    const report = this.#live.screener.screen(screenOptions(query));
    return screenUpdate(report, this.#live.warmUp);
  }

  /** Nobody may wait for it. */
  #mayBeIgnored(): void {
    this.#ready.promise.catch(() => {});
  }
}
