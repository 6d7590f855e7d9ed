import type { StoredClose, StoreReader } from "../store/mod.ts";
import { type HoldOutOptions, Screener } from "../universe/mod.ts";

/** How long a new bar may wait for the same bar of other symbols, ms. */
const SETTLE_MS = 300;

/** More bars that came together are taken in at once: they are not news any more. */
const MOST_ONE_BY_ONE = 5;

/** Rows read at a time while the window fills. */
const SLICE_ROWS = 5_000;

/** So many bars of the past of a symbol that is new: better to read everything again. */
const MOST_UNKNOWN = 10;

/** How far reading the stored bars has come. */
export interface WarmUp {
  /** Bars read. */
  readonly readBars: number;
  /** Bars to read: two windows, or what is stored. */
  readonly ofBars: number;
}

/**
 * A screen of all symbols that follows a database.
 *
 * @example Reading what is stored, then what comes
 * ```ts
 * import { LiveScreen } from "tandem/live";
 * import { openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * using reader = openReader(path);
 * const live = new LiveScreen(reader, {
 *   intervalMs: 1_000,
 *   windowBars: 60,
 *   maxStaleShare: 0.05,
 * });
 * live.warm(() => true);
 * live.poll(performance.now());
 * strictEqual(live.screener.screen().reason, "no symbols");
 * ```
 */
export class LiveScreen {
  readonly #reader: StoreReader;
  readonly #intervalMs: number;
  readonly #filling: Generator<void, void>;
  /** Closes of bars that are not pushed yet, by open time. */
  readonly #pending = new Map<number, StoredClose[]>();
  #pendingSinceMs = Infinity;
  #warmUp: WarmUp | null = { readBars: 0, ofBars: 0 };
  #cursor: number;
  #version: number | null = null;
  #unknown = 0;
  #revision = 0;
  /** The tests and what became of earlier ones. */
  readonly screener: Screener;

  /**
   * Begins empty; `warm()` reads what is stored.
   *
   * @param reader Where the bars are.
   * @param options Length of a bar, bars in the window, and the stale share allowed.
   * @param holdOut How to choose the pairs that are tested again.
   */
  constructor(
    reader: StoreReader,
    options: { intervalMs: number; windowBars: number; maxStaleShare: number },
    holdOut: HoldOutOptions = {},
  ) {
    this.#reader = reader;
    this.#intervalMs = options.intervalMs;
    this.screener = new Screener(options, holdOut);
    this.#cursor = reader.cursor();
    this.#filling = this.#fill(2 * options.windowBars);
  }

  /** How far reading the stored bars has come; `null` once they are read. */
  get warmUp(): WarmUp | null {
    return this.#warmUp;
  }

  /** Changes whenever a screen may come out different. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether bars were stored that only reading everything again can take in. */
  get isOutdated(): boolean {
    return this.#unknown > MOST_UNKNOWN;
  }

  /**
   * Goes on reading the stored bars.
   *
   * @param goOn Asked before each bar whether to read it.
   */
  warm(goOn: () => boolean): void {
    while (this.#warmUp !== null && goOn()) {
      if (this.#filling.next().done === true) this.#warmUp = null;
    }
  }

  *#fill(bars: number): Generator<void, void> {
    const intervalMs = this.#intervalMs;
    const range = this.#reader.closeRange(intervalMs);
    if (range === null) return;
    const fromMs = Math.max(range.firstMs, range.lastMs - (bars - 1) * intervalMs);
    const ofBars = (range.lastMs - fromMs) / intervalMs + 1;
    const symbols = this.#reader.symbols().length;
    const sliceMs = intervalMs * Math.max(1, Math.floor(SLICE_ROWS / symbols));
    for (let sliceFromMs = fromMs; sliceFromMs <= range.lastMs; sliceFromMs += sliceMs) {
      const toMs = Math.min(sliceFromMs + sliceMs, range.lastMs + 1);
      const closes = this.#reader.closes({ intervalMs, fromMs: sliceFromMs, toMs });
      for (const [openTimeMs, bar] of byTime(closes)) {
        this.screener.push(openTimeMs, bar);
        this.#warmUp = { readBars: (openTimeMs - fromMs) / intervalMs + 1, ofBars };
        yield;
      }
    }
  }

  /**
   * Takes in what was written since the last call, once the stored bars are read.
   *
   * @param nowMs The time by any clock, ms: a bar waits a moment for those of other symbols.
   * @param isOneByOne Whether to leave all but the first of a few bars that came together to the
   *   next calls, so that each can be screened.
   */
  poll(nowMs: number, isOneByOne = false): void {
    if (this.#warmUp !== null) return;
    const version = this.#reader.version();
    if (version !== this.#version) this.#takeChanges(nowMs);
    this.#version = version;
    this.#pushSettled(nowMs, isOneByOne);
  }

  #takeChanges(nowMs: number): void {
    // Trades change the database more often than bars do, and bars are looked up symbol by symbol.
    if (this.#reader.cursor() === this.#cursor) return;
    const { closes, cursor } = this.#reader.closeChanges({
      intervalMs: this.#intervalMs,
      cursor: this.#cursor,
    });
    this.#cursor = cursor;
    const newestMs = this.screener.universe.openTimeMs ?? -Infinity;
    for (const [openTimeMs, bar] of byTime(closes)) {
      if (openTimeMs <= newestMs) this.#amend(openTimeMs, bar);
      else this.#hold(openTimeMs, bar, nowMs);
    }
  }

  #amend(openTimeMs: number, bar: readonly StoredClose[]): void {
    const { universe } = this.screener;
    this.#unknown += bar.filter(({ symbol }) => !universe.has(symbol)).length;
    if (this.screener.amend(openTimeMs, bar) > 0) this.#revision++;
  }

  #hold(openTimeMs: number, bar: readonly StoredClose[], nowMs: number): void {
    if (this.#pending.size === 0 || openTimeMs > Math.max(...this.#pending.keys())) {
      this.#pendingSinceMs = nowMs;
    }
    this.#pending.set(openTimeMs, [...this.#pending.get(openTimeMs) ?? [], ...bar]);
  }

  /** Pushes the bars that nobody adds to any more: a later one has begun, or enough time is past. */
  #pushSettled(nowMs: number, isOneByOne: boolean): void {
    const times = [...this.#pending.keys()].sort((a, b) => a - b);
    if (nowMs - this.#pendingSinceMs < SETTLE_MS) times.pop();
    const isFew = times.length <= MOST_ONE_BY_ONE;
    for (const openTimeMs of isOneByOne && isFew ? times.slice(0, 1) : times) {
      this.screener.push(openTimeMs, this.#pending.get(openTimeMs)!);
      this.#pending.delete(openTimeMs);
      this.#revision++;
    }
  }
}

/** Closes in open-time order, by open time. */
function byTime(closes: readonly StoredClose[]): Map<number, StoredClose[]> {
  return Map.groupBy(closes, ({ openTimeMs }) => openTimeMs);
}
