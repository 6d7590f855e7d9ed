/**
 * Runs parts of a sweep in a thread of its own; started by `sweepInParallel()`.
 *
 * @module
 */
import { rowsOf, type SharedRows } from "./shared_rows.ts";
import type { FurtherColumns } from "./columns.ts";
import type { SweepOptions, SweepTask } from "./sweep_grid.ts";
import { SweepRunner } from "./sweep_task.ts";

/** What a worker is told: once what to run over, then one task after the other. */
export type SweepMessage =
  | {
    readonly rows: SharedRows;
    readonly options: SweepOptions;
    readonly further: FurtherColumns;
    readonly fromBar: number;
  }
  | { readonly index: number; readonly task: SweepTask };

/** This thread, as far as it is one: the declarations of a page and of a worker exclude each other. */
interface Thread {
  onmessage: ((event: MessageEvent<SweepMessage>) => void) | null;
  postMessage(message: unknown): void;
}

const thread = self as unknown as Thread;
let runner: SweepRunner | null = null;

thread.onmessage = ({ data }) => {
  if ("rows" in data) {
    runner = new SweepRunner(rowsOf(data.rows), data.options, data.further, data.fromBar);
    return;
  }
  thread.postMessage({ index: data.index, outcome: runner!.run(data.task) });
};
