import type { AlignedRow } from "./aligned_row.ts";
import { KalmanLine } from "./kalman_line.ts";
import { type CheckedOptions, checkOptions, onScale, PairEngine } from "./pair_engine.ts";
import type { PairOptions, PairReading } from "./pair_reading.ts";

/**
 * Measures a pair row by row: hedge ratio, spread, z-score, correlation, half-life.
 *
 * No reading sees the future: the spread uses the hedge ratio known before its row, the z-score
 * the mean and deviation of the spreads before it. Readings of a prefix are the prefix of the
 * readings, bit for bit, and `pairReadings()` is the same code. A monitor that begins later agrees
 * bit for bit once its windows are full (method `rolling-ols`, rows on a grid).
 *
 * A reading needs `2 windowBars + 1` rows to have every number. O(1) per row.
 *
 * @example A warm-up, then a z-score
 * ```ts
 * import { PairMonitor } from "tandem/pairs";
 * import { deepStrictEqual, ok } from "node:assert/strict";
 *
 * const monitor = new PairMonitor({ windowBars: 3 });
 * const wave = (row: number) => 100 + 3 * Math.sin(row) + row % 2;
 * const readings = [...Array(8).keys()].map((row) =>
 *   monitor.push({
 *     row, openTimeMs: row * 1_000, y: 2 * wave(row) + row % 3, x: wave(row), stale: false,
 *     complete: true, revision: 0,
 *   })
 * );
 * deepStrictEqual(readings[2]!.reason, "warming up: 2 of 3 bars");
 * deepStrictEqual(readings[2]!.zScore, null);
 * ok(Number.isFinite(readings[7]!.zScore));
 * ```
 */
export class PairMonitor {
  readonly #options: CheckedOptions;
  readonly #historyRows: number;
  #rows: AlignedRow[] = [];
  #engine: PairEngine | null = null;
  /** The filter of `kalman` after the rows that are no longer in the history. */
  #forgotten: KalmanLine | null = null;
  /** Whether the history still begins with the first row that ever came. */
  #whole = true;

  /**
   * Begins without rows.
   *
   * @param options How to measure; `historyRows` is how many rows back a revised row is still
   *   taken (default 10,000, at least what a reading depends on).
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: PairOptions & { readonly historyRows?: number }) {
    this.#options = checkOptions(options);
    this.#historyRows = Math.max(
      options.historyRows ?? 10_000,
      2 * PairEngine.warmUpRows(this.#options),
      2 * this.#options.estimationBars,
    );
  }

  /**
   * Takes the next row.
   *
   * @param row The row after the last one.
   * @returns Its reading.
   * @throws {RangeError} If it is not the next row.
   */
  push(row: AlignedRow): PairReading {
    const last = this.#rows.at(-1);
    if (last !== undefined && row.row !== last.row + 1) {
      throw new RangeError(
        `Cannot read a pair as the row after ${last.row} must be ${
          last.row + 1
        }: current value is ${row.row}`,
      );
    }
    this.#rows.push(row);
    if (this.#rows.length > 2 * this.#historyRows) {
      this.#forget(this.#rows.length - this.#historyRows);
    }
    this.#engine ??= new PairEngine(this.#options, row.row);
    return this.#engine.push(row);
  }

  /**
   * Takes new and changed rows, as `CloseAligner.push()` returns them.
   *
   * From a changed row on, readings are made again: they equal the readings of the rows as they are
   * now. Readings that depend on rows older than the history stay as they were.
   *
   * @param rows Rows with consecutive numbers, oldest first.
   * @returns New and renewed readings, oldest first; from the first changed row to the newest row.
   * @throws {RangeError} If the rows do not follow each other or leave a hole.
   */
  update(rows: readonly AlignedRow[]): PairReading[] {
    const oldest = this.#rows[0]?.row ?? -Infinity;
    const taken = rows.filter((row) => row.row >= oldest);
    const [first] = taken;
    if (first === undefined) return [];
    const at = this.#rows.length === 0 ? 0 : first.row - oldest;
    if (at >= this.#rows.length) return taken.map((row) => this.push(row));
    const all = [
      ...this.#rows.slice(0, at),
      ...taken,
      ...this.#rows.slice(at + taken.length),
    ];
    return this.#retake(
      all,
      this.#whole ? at : Math.max(at, PairEngine.warmUpRows(this.#options)),
    );
  }

  /** Lets go of the oldest rows; a filter remembers them all the same. */
  #forget(count: number): void {
    if (this.#options.method === "kalman") {
      this.#forgotten ??= new KalmanLine(this.#options);
      for (const row of this.#rows.slice(0, count)) {
        const [y, x] = onScale(row, this.#options.scale);
        this.#forgotten.push(x, y);
      }
    }
    this.#rows = this.#rows.slice(count);
    this.#whole = false;
  }

  /** Goes back to the state before the row at a place and takes the rows from there again. */
  #retake(rows: readonly AlignedRow[], at: number): PairReading[] {
    const target = rows[at]!.row;
    const known = this.#engine?.fit ?? null;
    const fit = known !== null && this.#whole && target < known.fromRow ? null : known;
    const { method } = this.#options;
    const fromStart = method === "kalman" || method === "ols" && fit === null;
    const start = fromStart ? 0 : Math.max(0, at - PairEngine.warmUpRows(this.#options));
    const line = this.#forgotten?.copy() ?? null;
    this.#engine = new PairEngine(this.#options, rows[start]!.row, fit, line);
    for (const row of rows.slice(start, at)) this.#engine.push(row);
    this.#rows = rows.slice(0, at);
    return rows.slice(at).map((row) => this.push(row));
  }
}

/**
 * Returns the readings of a pair over a series of rows: `PairMonitor` in one go.
 *
 * @example Absent numbers have a reason
 * ```ts
 * import { alignCloses, pairReadings } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * const bars = (closes: number[]) =>
 *   closes.map((close, i) => ({ openTimeMs: i * 60_000, close, complete: true, revision: 0 }));
 * const rows = alignCloses(bars([10, 11, 12, 11, 13]), bars([5, 5, 5, 5, 5]), {
 *   intervalMs: 60_000,
 *   fill: "previous",
 * });
 * const last = pairReadings(rows, { windowBars: 3 }).at(-1)!;
 * strictEqual(last.hedgeRatio, null);
 * strictEqual(last.reason, "hedge ratio: x did not move in the window");
 * ```
 *
 * @param rows Rows with consecutive numbers, oldest first.
 * @param options How to measure.
 * @returns One reading per row.
 * @throws {RangeError} If an option is out of range or the rows leave a hole.
 */
export function pairReadings(rows: Iterable<AlignedRow>, options: PairOptions): PairReading[] {
  const monitor = new PairMonitor(options);
  const readings: PairReading[] = [];
  for (const row of rows) readings.push(monitor.push(row));
  return readings;
}
