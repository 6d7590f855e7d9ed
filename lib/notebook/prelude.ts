import { abortable, sleep as abortableSleep } from "../streams/mod.ts";
import { isInNotebook, printError } from "./kernel.ts";

/** Something that went wrong in the background, where no cell waits for it. */
export interface Fault {
  /** When, ms since the epoch. */
  readonly atMs: number;
  /** What failed: a job, a promise that nobody awaits, or a callback. */
  readonly where: string;
  /** The message of the error. */
  readonly message: string;
  /** Its stack, or `null`. */
  readonly stack: string | null;
}

/** Older faults are forgotten. */
const MOST_FAULTS = 100;

const kept: Fault[] = [];

/** What went wrong in the background since the kernel started, newest last; at most 100. */
export const faults: readonly Fault[] = kept;

/** Keeps a fault and prints it. */
export function report(where: string, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (kept.length === MOST_FAULTS) kept.shift();
  kept.push({ atMs: Date.now(), where, message: error.message, stack: error.stack ?? null });
  printError(`In the background (${where}): ${error.message}`);
}

let stop = new AbortController();

/**
 * Returns a signal that is aborted when the stop button is pressed. Ask for it anew in each cell:
 * a pressed button aborts what waits now, not what begins later.
 *
 * @example Give up a request
 * ```ts
 * import { stopSignal } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * const signal = stopSignal();
 * strictEqual(signal.aborted, false);
 * ```
 *
 * @returns The signal.
 */
export function stopSignal(): AbortSignal {
  return stop.signal;
}

/**
 * Waits; the stop button ends it.
 *
 * @example A moment
 * ```ts
 * import { sleep } from "tandem/notebook";
 *
 * await sleep(5);
 * ```
 *
 * @param ms How long, ms.
 * @returns A promise that is fulfilled after `ms`.
 * @throws {DOMException} An `AbortError` when the stop button is pressed.
 */
export function sleep(ms: number): Promise<void> {
  return abortableSleep(ms, stop.signal);
}

/**
 * Waits for a promise; the stop button ends the waiting, not what the promise stands for.
 *
 * @example A promise
 * ```ts
 * import { wait } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(await wait(Promise.resolve(42)), 42);
 * ```
 *
 * @param promise What to wait for.
 * @returns What the promise is fulfilled with.
 * @throws The promise's reason; a `DOMException` `AbortError` when the stop button is pressed.
 */
export function wait<T>(promise: Promise<T>): Promise<T> {
  return abortable(promise, stop.signal);
}

/**
 * An error that nobody handles freezes every timer of a kernel, without a word, until the next
 * cell runs; the stop button ends a kernel that does not listen. Both are mended here.
 */
function guard(): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    report("promise", event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    report("callback", event.error ?? event.message);
  });
  // The store does not heed it as in a program: the next cell is to read, not to end.
  Deno.addSignalListener("SIGINT", () => {
    const pressed = stop;
    stop = new AbortController();
    pressed.abort(new DOMException("The stop button was pressed", "AbortError"));
  });
}

if (isInNotebook) guard();
