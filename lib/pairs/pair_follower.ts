import { CloseAligner, type CloseBar, type Leg } from "./close_aligner.ts";
import { PairMonitor } from "./pair_monitor.ts";
import type { PairOptions, PairReading } from "./pair_reading.ts";

/** Stored bars that can be followed; any `StoreReader` will do. */
export interface BarSource {
  /** Bars of a symbol, oldest first: all from `fromMs` on, or the newest `limit`. */
  priceBars(query: BarSourceQuery): readonly CloseBar[];
  /** The cursor of this moment for `barChanges()`. */
  cursor(): number;
  /** New and revised bars since a cursor, in open-time order, and the next cursor. */
  barChanges(query: { symbol: string; intervalMs: number; cursor: number }): {
    readonly bars: readonly CloseBar[];
    readonly cursor: number;
  };
}

/** Which bars of a source. */
export interface BarSourceQuery {
  /** As the venue writes it. */
  readonly symbol: string;
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /** First open time, ms since the epoch. */
  readonly fromMs?: number;
  /** At most so many, the newest. */
  readonly limit?: number;
}

/** Which pair to follow and how to measure it. */
export interface FollowOptions extends PairOptions {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /** How many readings are kept, the newest; the first of them have every number. */
  readonly limit: number;
}

const LEGS: readonly Leg[] = ["y", "x"];

/** How many rows before a row its reading depends on. */
const warmUpRows = (windowBars: number) => 2 * windowBars + 1;

/**
 * The readings of one pair, kept up with stored bars.
 *
 * Bars that are revised or come late change the readings from there on: what it holds always
 * equals the readings of the bars as they are stored.
 *
 * @example Bars that are there already
 * ```ts
 * import { PairFollower } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * const wave = (k: number) => 100 + 3 * Math.sin(k) + k % 2;
 * const bars = (close: (k: number) => number) =>
 *   Array.from({ length: 20 }, (_, k) => (
 *     { openTimeMs: k * 1_000, close: close(k), complete: true, revision: 0 }
 *   ));
 * const stored = { A: bars((k) => 2 * wave(k) + k % 3), B: bars(wave) };
 * const source = {
 *   priceBars: ({ symbol }: { symbol: string }) => stored[symbol as "A" | "B"],
 *   cursor: () => 0,
 *   barChanges: () => ({ bars: [], cursor: 0 }),
 * };
 * const pair = new PairFollower(source, {
 *   y: "A", x: "B", intervalMs: 1_000, windowBars: 3, limit: 100,
 * });
 * strictEqual(pair.readings.length, 20);
 * strictEqual(pair.poll(), Infinity);
 * ```
 */
export class PairFollower {
  readonly #source: BarSource;
  readonly #options: FollowOptions;
  readonly #aligner: CloseAligner;
  readonly #monitor: PairMonitor;
  readonly #cursors: Record<Leg, number>;
  readonly #readings: PairReading[] = [];
  #newestMs = -Infinity;

  /**
   * Reads the newest stored bars.
   *
   * @param source Where bars are stored.
   * @param options Which pair, how it is measured and how many readings are kept.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(source: BarSource, options: FollowOptions) {
    const { intervalMs, windowBars, limit } = options;
    this.#source = source;
    this.#options = options;
    const rows = limit + warmUpRows(windowBars);
    this.#aligner = new CloseAligner({ intervalMs, fill: "previous", historyBars: rows });
    this.#monitor = new PairMonitor({ ...options, historyRows: rows });
    const cursor = source.cursor();
    this.#cursors = { y: cursor, x: cursor };
    this.#load(rows);
  }

  /** The newest readings, oldest first. */
  get readings(): readonly PairReading[] {
    return this.#readings;
  }

  /**
   * Takes what was stored since the last call.
   *
   * @returns The open time from which on readings are new or changed, ms since the epoch;
   *   `Infinity` if none is.
   */
  poll(): number {
    return this.#takeAll((leg) => {
      const { bars, cursor } = this.#source.barChanges({
        symbol: this.#options[leg],
        intervalMs: this.#options.intervalMs,
        cursor: this.#cursors[leg],
      });
      this.#cursors[leg] = cursor;
      return bars;
    });
  }

  #load(rows: number): void {
    const { intervalMs } = this.#options;
    const read = (leg: Leg, range: { readonly fromMs?: number; readonly limit?: number }) =>
      this.#source.priceBars({ symbol: this.#options[leg], intervalMs, ...range });
    const newest = LEGS.map((leg) => read(leg, { limit: 1 }).at(-1)?.openTimeMs ?? -Infinity);
    const fromMs = Math.max(...newest) - rows * intervalMs;
    this.#takeAll((leg) => read(leg, { fromMs }));
  }

  /** Takes bars of both legs and answers from when on readings changed; `Infinity` if none did. */
  #takeAll(barsOf: (leg: Leg) => readonly CloseBar[]): number {
    let fromMs = Infinity;
    for (const leg of LEGS) {
      for (const bar of barsOf(leg)) {
        this.#newestMs = Math.max(this.#newestMs, bar.openTimeMs);
        fromMs = Math.min(fromMs, this.#update(this.#aligner.push(leg, bar)));
      }
    }
    // A leg that did not trade holds nothing up once the other has gone on by an interval.
    fromMs = Math.min(fromMs, this.#update(this.#aligner.advance(this.#newestMs)));
    const excess = this.#readings.length - this.#options.limit;
    if (excess > 0) this.#readings.splice(0, excess);
    return fromMs;
  }

  #update(rows: Parameters<PairMonitor["update"]>[0]): number {
    const readings = this.#monitor.update(rows);
    const fromMs = readings[0]?.openTimeMs ?? Infinity;
    let keep = this.#readings.length;
    while (keep > 0 && this.#readings[keep - 1]!.openTimeMs >= fromMs) keep--;
    if (fromMs < Infinity) this.#readings.length = keep;
    for (const reading of readings) this.#readings.push(reading);
    return fromMs;
  }
}
