import { createHistogram } from "node:perf_hooks";

/** How often it is looked whether the event loop is in time, ms. */
const EVERY_MS = 20;

/** How late the event loop comes to what is due, ms. */
export interface LoopDelaySummary {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Measures how late the event loop comes to what is due, until it is disposed. */
export class LoopDelay implements Disposable {
  // Deno's own monitorEventLoopDelay() does not see a loop that is held up.
  readonly #delays = createHistogram();
  readonly #timer: ReturnType<typeof setInterval>;
  #dueMs = performance.now() + EVERY_MS;

  constructor() {
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** What was measured since the start. */
  get summary(): LoopDelaySummary {
    const { count, max } = this.#delays;
    if (count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
    const quantile = (percent: number) => milliseconds(this.#delays.percentile(percent));
    return { p50Ms: quantile(50), p99Ms: quantile(99), maxMs: milliseconds(max) };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    // One look that came late stands for all that should have been.
    for (let lateMs = nowMs - this.#dueMs; lateMs > -EVERY_MS; lateMs -= EVERY_MS) {
      this.#delays.record(Math.max(1, Math.round(1_000 * lateMs)));
    }
    this.#dueMs = nowMs + EVERY_MS;
  }
}

function milliseconds(microseconds: number): number {
  return Math.round(microseconds / 10) / 100;
}
