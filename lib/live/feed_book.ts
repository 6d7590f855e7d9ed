import { candleSpec, type ChartSpec, type Columns, pairSpec } from "../charts/mod.ts";
import { StoreError, type StoreReader } from "../store/mod.ts";
import { BarFeed } from "./bar_feed.ts";
import type { LiveFeed, RowChange } from "./feed.ts";
import { PairFeed } from "./pair_feed.ts";
import type { Pulse, Summary } from "./protocol.ts";
import { type BarsQuery, type PairQuery, requireSymbols } from "./query.ts";
import type { Source } from "./source.ts";

const POLL_MS = 150;

/** What somebody looks at. */
export type Watched =
  | ({ readonly kind: "pair" } & PairQuery)
  | ({ readonly kind: "bars" } & BarsQuery);

/** Who is told of changes. */
export interface Watcher {
  /** Rows were added or replaced. */
  changed(change: RowChange): void;
  /** What there is to say beyond the rows. */
  summarized(summary: Summary): void;
  /** The database was read anew: ask for a snapshot. */
  restarted(): void;
  /** It ended. */
  failed(error: unknown): void;
}

/** What a watcher holds. */
export interface Watching extends Disposable {
  /** What to draw. */
  readonly spec: ChartSpec;
  /** Every row as of now. */
  snapshot(): { readonly columns: Columns; readonly summary: Summary | null };
}

interface Entry {
  readonly watched: Watched;
  readonly watchers: Set<Watcher>;
  reader: StoreReader;
  feed: LiveFeed;
}

/** Computes what is looked at once, however many look at it, and tells them what changes. */
export class FeedBook implements Disposable {
  readonly #source: Source;
  readonly #entries = new Map<string, Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** How many different things are looked at. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether data still comes in. */
  pulse(): Pulse {
    return this.#source.pulse();
  }

  /**
   * Begins to look at something.
   *
   * @throws {HubError} If there is no database yet or it does not hold the symbols.
   */
  watch(watched: Watched, watcher: Watcher): Watching {
    const key = keyOf(watched);
    const entry = this.#entries.get(key) ?? this.#open(key, watched);
    entry.watchers.add(watcher);
    this.#timer ??= setInterval(() => {
      this.poll();
      this.#refreshOne();
    }, POLL_MS);
    return {
      spec: specOf(watched, this.pulse().simulated),
      snapshot: () => ({ columns: entry.feed.columns(), summary: entry.feed.summary() }),
      [Symbol.dispose]: () => {
        entry.watchers.delete(watcher);
        if (entry.watchers.size === 0 && this.#entries.get(key) === entry) {
          this.#entries.delete(key);
        }
        if (this.#entries.size === 0) this.#stop();
      },
    };
  }

  /** Reads what has changed and tells it. */
  poll(): void {
    this.#source.poll((reader) => {
      for (const [key, entry] of this.#entries) {
        this.#guard(key, entry, () => {
          if (entry.reader !== reader) reopen(reader, entry);
          else tell(entry);
        });
      }
    });
  }

  [Symbol.dispose](): void {
    this.#entries.clear();
    this.#stop();
  }

  /** One at a time, so that what takes long holds up nothing for long. */
  #refreshOne(): void {
    const nowMs = performance.now();
    for (const [key, entry] of this.#entries) {
      let isDone = false;
      this.#guard(key, entry, () => {
        isDone = entry.feed.refresh(nowMs);
        if (!isDone) return;
        for (const watcher of entry.watchers) watcher.summarized(entry.feed.summary()!);
      });
      if (isDone) return;
    }
  }

  /** Ends what cannot go on, and tells its watchers; the others go on. */
  #guard(key: string, entry: Entry, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      this.#entries.delete(key);
      for (const watcher of entry.watchers) watcher.failed(error);
    }
  }

  #open(key: string, watched: Watched): Entry {
    return this.#source.read((reader) => {
      const entry = {
        watched,
        reader,
        feed: openFeed(reader, watched),
        watchers: new Set<Watcher>(),
      };
      this.#entries.set(key, entry);
      return entry;
    });
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function openFeed(reader: StoreReader, watched: Watched): LiveFeed {
  if (watched.kind === "bars") {
    requireSymbols(reader, watched.symbol);
    return new BarFeed(reader, watched);
  }
  requireSymbols(reader, watched.y, watched.x);
  return new PairFeed(reader, watched);
}

function reopen(reader: StoreReader, entry: Entry): void {
  entry.feed = openFeed(reader, entry.watched);
  entry.reader = reader;
  for (const watcher of entry.watchers) watcher.restarted();
}

function tell(entry: Entry): void {
  const change = entry.feed.poll();
  if (change === null) return;
  const summary = entry.feed.summary();
  for (const watcher of entry.watchers) {
    watcher.changed(change);
    // The verdict is told when it is made: it is long, and rarely another.
    if (summary !== null) watcher.summarized({ reading: summary.reading });
  }
}

/** The chart of what is looked at; one of made-up trades says so. */
function specOf(watched: Watched, simulated: boolean): ChartSpec {
  const { interval: intervalMs } = watched;
  const spec = watched.kind === "bars"
    ? candleSpec({ title: watched.symbol, intervalMs })
    : pairSpec({ ...watched, intervalMs, windowBars: watched.window });
  return simulated ? { ...spec, subtitle: `${spec.subtitle}, SIMULATED` } : spec;
}

/** What is computed alike has the same key; thresholds only change what is drawn. */
function keyOf(watched: Watched): string {
  const { interval, limit } = watched;
  return JSON.stringify(
    watched.kind === "bars"
      ? [watched.symbol, interval, limit]
      : [watched.y, watched.x, interval, watched.window, watched.method, watched.scale, limit],
  );
}
