import { StoreError, type StoreReader } from "../store/mod.ts";
import {
  type EncodedMatrix,
  encodeMatrix,
  type MatrixPart,
  type ScreenReport,
} from "../universe/mod.ts";
import { HubError } from "./hub_error.ts";
import { ScreenFeed, type ScreenWatcher, windowOf } from "./screen_feed.ts";
import { screenOptions, type ScreenQuery } from "./screen_query.ts";
import type { Source } from "./source.ts";

const POLL_MS = 150;
/** Reading stored bars holds up other work for no longer than this, and then gives way for a while. */
const WARM_MS = 12;
const GIVE_WAY_MS = 4;
/** A window that nobody asks for is dropped after this long. */
const IDLE_MS = 120_000;
const MOST_WINDOWS = 8;
/** A table that is sent on every bar must stay small. */
const MOST_ROWS = 500;

interface Entry {
  readonly feed: ScreenFeed;
  usedAtMs: number;
}

/** Screens all symbols of a database once per window, however many look at it. */
export class ScreenBook implements Disposable {
  readonly #source: Source;
  readonly #entries = new Map<string, Entry>();
  #polling: ReturnType<typeof setInterval> | undefined;
  #warming: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** How many windows are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Begins to look at a screen: how it is now, then every change, until it is disposed.
   *
   * @throws {HubError} If there is no database yet, or too many other windows are looked at.
   */
  watch(query: ScreenQuery, watcher: ScreenWatcher): Disposable {
    const limit = Math.min(query.limit, MOST_ROWS);
    return this.#feed(query).watch({ ...query, limit }, watcher);
  }

  /** The screen of the newest bar, once the stored bars are read. */
  async report(query: ScreenQuery): Promise<ScreenReport> {
    const screener = await this.#current(query);
    return screener.screen(screenOptions(query));
  }

  /** The matrices of the newest bar, likewise. */
  async matrix(query: ScreenQuery): Promise<EncodedMatrix> {
    const screener = await this.#current(query);
    const parts: MatrixPart[] = query.of === "both" ? ["correlation", "pValue"] : [query.of];
    return encodeMatrix(screener.matrix({ ...screenOptions(query), parts }), parts);
  }

  [Symbol.dispose](): void {
    const error = new HubError(503, "ending", "Cannot go on as the hub is ending");
    for (const { feed } of this.#entries.values()) feed.fail(error);
    this.#entries.clear();
    this.#stop();
  }

  async #current(query: ScreenQuery) {
    const feed = this.#feed(query);
    await feed.screener();
    this.#source.read(() => feed.poll(performance.now()));
    return await feed.screener();
  }

  #feed(query: ScreenQuery): ScreenFeed {
    const key = JSON.stringify(windowOf(query));
    const entry = this.#entries.get(key) ?? this.#source.read((reader) => {
      this.#makeRoom();
      const entry = { feed: new ScreenFeed(reader, query), usedAtMs: 0 };
      this.#entries.set(key, entry);
      return entry;
    });
    entry.usedAtMs = performance.now();
    this.#polling ??= setInterval(() => this.#poll(), POLL_MS);
    this.#warming ??= setTimeout(() => this.#warm(), 0);
    return entry.feed;
  }

  /** Drops the window that nobody has looked at for longest if there are too many. */
  #makeRoom(): void {
    if (this.#entries.size < MOST_WINDOWS) return;
    const idle = [...this.#entries].filter(([, { feed }]) => !feed.isWatched && !feed.isWarming)
      .sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    const [oldest] = idle;
    if (oldest === undefined) {
      throw new HubError(
        429,
        "too_many",
        `Cannot screen more than ${MOST_WINDOWS} different windows at once`,
      );
    }
    this.#entries.delete(oldest[0]);
  }

  #poll(): void {
    const nowMs = performance.now();
    for (const [key, { feed, usedAtMs }] of this.#entries) {
      if (!feed.isWatched && nowMs - usedAtMs > IDLE_MS) this.#entries.delete(key);
    }
    this.#each((feed, reader) => {
      if (feed.reader !== reader) feed.reopen(reader);
      feed.poll(nowMs, true);
      if (feed.isWarming) this.#warming ??= setTimeout(() => this.#warm(), 0);
    });
    if (this.#entries.size === 0) this.#stop();
  }

  /** Reads stored bars for a moment, one window after the other. */
  #warm(): void {
    const endMs = performance.now() + WARM_MS;
    this.#each((feed, reader) => {
      if (feed.reader === reader) feed.warm(() => performance.now() < endMs);
    });
    const isDone = [...this.#entries.values()].every(({ feed }) => !feed.isWarming);
    this.#warming = isDone ? undefined : setTimeout(() => this.#warm(), GIVE_WAY_MS);
  }

  /** Does something with every feed; one that cannot go on ends, the others go on. */
  #each(work: (feed: ScreenFeed, reader: StoreReader) => void): void {
    try {
      this.#source.read((reader) => {
        for (const [key, { feed }] of this.#entries) {
          try {
            work(feed, reader);
          } catch (error) {
            if (error instanceof StoreError) throw error;
            this.#entries.delete(key);
            feed.fail(error);
          }
        }
      });
    } catch (error) {
      // Whoever asks is told; the next poll tries again.
      if (!(error instanceof HubError)) throw error;
    }
  }

  #stop(): void {
    clearInterval(this.#polling);
    clearTimeout(this.#warming);
    this.#polling = this.#warming = undefined;
  }
}
