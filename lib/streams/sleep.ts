/** A timer that is set for longer, about 25 days, ends at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Waits, unless a signal ends it first. Leaves no timer and no listener behind.
 *
 * @example A wait that is given up
 * ```ts
 * import { sleep } from "tandem/streams";
 * import { rejects } from "node:assert/strict";
 *
 * const controller = new AbortController();
 * const waiting = sleep(60_000, controller.signal);
 * controller.abort(new Error("enough"));
 * await rejects(waiting, /enough/);
 * ```
 *
 * @param ms How long, ms, also weeks or `Infinity`; values <= 0 wait for the next turn of the event
 *   loop.
 * @param signal Ends the wait.
 * @returns A promise that is fulfilled after `ms`.
 * @throws The signal's reason, as soon as it is aborted.
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let timer: ReturnType<typeof setTimeout>;
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const wait = (leftMs: number) => {
      timer = setTimeout(() => {
        if (leftMs > LONGEST_MS) return wait(leftMs - LONGEST_MS);
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, Math.min(leftMs, LONGEST_MS));
    };
    wait(ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Waits for a promise, unless a signal ends the wait first. The promise itself goes on.
 *
 * @example An answer that never comes
 * ```ts
 * import { abortable } from "tandem/streams";
 * import { rejects } from "node:assert/strict";
 *
 * const never = new Promise<string>(() => {});
 * await rejects(abortable(never, AbortSignal.abort(new Error("enough"))), /enough/);
 * ```
 *
 * @param promise What to wait for.
 * @param signal Ends the wait.
 * @returns What the promise is fulfilled with.
 * @throws The promise's or the signal's reason, whichever comes first.
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * Waits for a promise, but not for ever. The promise itself goes on, and its late failure is handled.
 *
 * @example Somebody who never answers
 * ```ts
 * import { atMost } from "tandem/streams";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(await atMost(5, new Promise(() => {})), false);
 * strictEqual(await atMost(60_000, Promise.resolve()), true);
 * ```
 *
 * @param ms How long, ms.
 * @param promise What to wait for.
 * @returns Whether it was fulfilled in time.
 * @throws The promise's reason, if it comes in time.
 */
export async function atMost(ms: number, promise: PromiseLike<unknown>): Promise<boolean> {
  const done = new AbortController();
  const late = sleep(ms, done.signal).then(() => false, () => false);
  try {
    return await Promise.race([late, promise.then(() => true)]);
  } finally {
    done.abort();
  }
}
