import type { AlignedRow } from "../pairs/mod.ts";
import type { FurtherColumns } from "./columns.ts";
import { shareRows } from "./shared_rows.ts";
import { firstBar, sweepBacktest, sweepResult } from "./sweep.ts";
import { type SweepGrid, type SweepOptions, type SweepResult, sweepTasks } from "./sweep_grid.ts";
import type { SweepOutcome } from "./sweep_task.ts";
import type { SweepMessage } from "./sweep_worker.ts";

/** How to spread a sweep. */
export interface ParallelOptions {
  /** Threads beside this one. @default {the cores of the machine} */
  readonly workers?: number;
  /** Ends the sweep early. */
  readonly signal?: AbortSignal;
  /** Told after every part: cells done and cells in all. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Cells given to a worker at a time: enough to outweigh a message, few enough to share out. */
const CELLS_AT_ONCE = 64;
/** Cells times bars below which threads do not pay. */
const LEAST_WORK = 2e7;

/**
 * Runs a sweep in as many threads as there are cores; the result is that of `sweepBacktest()`, bit
 * for bit. A small one runs here at once.
 *
 * @example As in one thread
 * ```ts
 * import { sweepBacktest, sweepInParallel } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 300 }, (_, row) => {
 *   const x = 100 + 10 * Math.sin(row / 37);
 *   const y = 2 * x + Math.sin(row / 5) * (1 + row % 3);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const grid = { entries: [1, 1.5], exits: [0], windows: [20] };
 * const options = { periodsPerYear: 525_600, blocks: 4 };
 * deepStrictEqual(await sweepInParallel(rows, grid, options), sweepBacktest(rows, grid, options));
 * ```
 *
 * @param rows Rows with consecutive numbers, oldest first.
 * @param grid What to try.
 * @param options As for `sweepBacktest()`.
 * @param further Opens and funding rates, one per row.
 * @param parallel Threads, an end, and who is told of progress.
 * @returns What the sweep found.
 * @throws {RangeError} If the grid is empty or an option is out of range.
 * @throws What the signal was aborted with.
 */
export async function sweepInParallel(
  rows: readonly AlignedRow[],
  grid: SweepGrid,
  options: SweepOptions,
  further: FurtherColumns = {},
  parallel: ParallelOptions = {},
): Promise<SweepResult> {
  const cores = parallel.workers ?? navigator.hardwareConcurrency;
  const tasks = sweepTasks(grid, options, CELLS_AT_ONCE);
  const all = tasks.reduce((sum, { thresholds }) => sum + thresholds.length, 0);
  const workers = Math.min(cores, tasks.length);
  if (workers < 2 || (parallel.workers === undefined && all * rows.length < LEAST_WORK)) {
    return sweepBacktest(rows, grid, options, further);
  }
  const start: SweepMessage = {
    rows: shareRows(rows),
    options,
    further,
    fromBar: firstBar(grid, options),
  };
  const outcomes = await share(tasks.length, workers, start, (index) => ({
    index,
    task: tasks[index]!,
  }), {
    ...parallel,
    onDone: (index) => tasks[index]!.thresholds.length,
    all,
  });
  return sweepResult(rows, grid, options, further, tasks, outcomes);
}

interface Sharing extends ParallelOptions {
  /** Cells of a task. */
  readonly onDone: (index: number) => number;
  readonly all: number;
}

/**
 * Tasks in as many stretches as there are workers, so that each makes the readings of few windows;
 * who has none left takes the last one of the longest stretch.
 */
class Stretches {
  readonly #ends: { next: number; end: number }[];

  constructor(tasks: number, workers: number) {
    const cut = (i: number) => Math.round(i * tasks / workers);
    this.#ends = Array.from({ length: workers }, (_, i) => ({ next: cut(i), end: cut(i + 1) }));
  }

  /** The next task of a worker, or `null` when all are given. */
  take(worker: number): number | null {
    const own = this.#ends[worker]!;
    if (own.next < own.end) return own.next++;
    const longest = this.#ends.reduce((a, b) => b.end - b.next > a.end - a.next ? b : a);
    return longest.next < longest.end ? --longest.end : null;
  }
}

/** Gives tasks to workers, each another one as soon as it is free. */
async function share(
  tasks: number,
  workers: number,
  start: SweepMessage,
  taskOf: (index: number) => SweepMessage,
  { signal, onProgress, onDone, all }: Sharing,
): Promise<SweepOutcome[]> {
  signal?.throwIfAborted();
  const outcomes: SweepOutcome[] = [];
  const threads: Worker[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const stretches = new Stretches(tasks, workers);
  let [finished, done] = [0, 0];
  try {
    for (let i = 0; i < workers; i++) {
      const thread = new Worker(new URL("./sweep_worker.ts", import.meta.url), { type: "module" });
      threads.push(thread);
      const give = () => {
        const index = stretches.take(i);
        if (index !== null) thread.postMessage(taskOf(index));
      };
      thread.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`A part of the sweep failed: ${event.message}`));
      };
      thread.onmessage = ({ data }: MessageEvent<{ index: number; outcome: SweepOutcome }>) => {
        outcomes[data.index] = data.outcome;
        done += onDone(data.index);
        onProgress?.(done, all);
        if (++finished === tasks) resolve();
        else give();
      };
      thread.postMessage(start);
      give();
    }
    await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    for (const thread of threads) thread.terminate();
  }
  return outcomes;
}
