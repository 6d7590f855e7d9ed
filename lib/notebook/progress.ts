import { escapeHtml } from "./bundle.ts";
import { displayAt, type MediaBundle } from "./kernel.ts";
import { stopSignal } from "./prelude.ts";

/** How to show progress. */
export interface ProgressOptions<T = unknown> {
  /** What is being done. @default {""} */
  readonly label?: string;
  /** How many items there are. @default {the length of an array or the size of a set or map} */
  readonly total?: number;
  /** How many one item counts for. @default {1} */
  readonly countOf?: (item: T) => number;
}

/** More often nobody can read it, and it would slow down the work. */
const EVERY_MS = 150;

/**
 * Goes through items and shows below the cell how many are done and how long the rest will take.
 * The stop button ends it between two items, also where the work itself never waits.
 *
 * In a notebook: `for await (const symbol of nb.progress(symbols)) …`
 *
 * @example Three items
 * ```ts
 * import { progress } from "tandem/notebook";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(await Array.fromAsync(progress([1, 2, 3])), [1, 2, 3]);
 * ```
 *
 * @param items What to go through, in order.
 * @param options Label and number of items.
 * @returns The items, one after the other.
 * @throws {DOMException} An `AbortError` when the stop button is pressed.
 */
export async function* progress<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions<T> = {},
): AsyncGenerator<T, void, undefined> {
  const { label = "", total = lengthOf(items), countOf = () => 1 } = options;
  const id = crypto.randomUUID();
  const signal = stopSignal();
  const startedMs = performance.now();
  const show = (done: number, state: State, update = true) =>
    displayAt(id, bundle({ label, done, total, state, ms: performance.now() - startedMs }), update);
  let done = 0;
  let shownMs = startedMs;
  let state: State = "stopped";
  await show(0, "running", false);
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      yield item;
      done += countOf(item);
      if (performance.now() - shownMs < EVERY_MS) continue;
      await show(done, "running");
      // Lets the stop button be heard.
      await new Promise((resolve) => setTimeout(resolve, 0));
      shownMs = performance.now();
    }
    state = "done";
  } finally {
    await show(done, state);
  }
}

type State = "running" | "done" | "stopped";

interface Shown {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
  readonly state: State;
  readonly ms: number;
}

function lengthOf(items: object): number | null {
  if ("length" in items) return Number(items.length);
  return "size" in items ? Number(items.size) : null;
}

function bundle({ label, done, total, state, ms }: Shown): MediaBundle {
  const count = total === null ? `${done}` : `${done} of ${total}`;
  const left = total === null || done === 0 ? "" : `, ${seconds(ms / done * (total - done))} left`;
  const words = {
    running: `${count}${left}`,
    done: `${count} in ${seconds(ms)}`,
    stopped: `${count}, stopped after ${seconds(ms)}`,
  }[state];
  const max = Math.max(1, total ?? done);
  const value = total === null && state === "running" ? "" : ` value="${Math.min(done, max)}"`;
  return {
    "text/html": `<label style="display:flex;gap:10px;align-items:center;` +
      `font:13px system-ui,sans-serif;font-variant-numeric:tabular-nums">${escapeHtml(label)}` +
      `<progress${value} max="${max}" style="width:240px"></progress>${words}</label>`,
    "text/plain": label === "" ? words : `${label}: ${words}`,
  };
}

function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round(ms % 60_000 / 1_000)} s`;
}
