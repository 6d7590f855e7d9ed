import { report } from "./prelude.ts";

/** What became of a job. */
export type JobState = "running" | "done" | "failed" | "stopped";

/** Work that goes on while other cells run. */
export interface Job {
  /** Its name; there is one job per name. */
  readonly name: string;
  /** What became of it. */
  readonly state: JobState;
  /** Fulfilled when it has ended, however it ended. */
  readonly ended: Promise<void>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

class RunningJob implements Job {
  readonly name: string;
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  #state: JobState = "running";

  constructor(
    name: string,
    work: (signal: AbortSignal) => void | Promise<void>,
    before: Promise<void>,
  ) {
    this.name = name;
    this.ended = before.then(() => this.#run(work));
  }

  get state(): JobState {
    return this.#state;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new DOMException(`The job "${this.name}" was stopped`, "AbortError"));
    await this.ended;
  }

  async #run(work: (signal: AbortSignal) => void | Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    try {
      if (!signal.aborted) await work(signal);
      this.#state = signal.aborted ? "stopped" : "done";
    } catch (error) {
      this.#state = signal.aborted ? "stopped" : "failed";
      if (!signal.aborted) report(`job "${this.name}"`, error);
    }
  }
}

const running = new Map<string, RunningJob>();

/**
 * Starts work that goes on while other cells run, and answers at once.
 *
 * Running its cell again ends the job of the same name first, then starts the new one: never two
 * at a time. An error ends the job and is kept in `faults`. The stop button does not end it;
 * `stop()` does.
 *
 * @example Run its cell as often as you like
 * ```ts
 * import { job } from "tandem/notebook";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const until: AbortSignal[] = [];
 * const watch = () => job("watch", async (signal) => {
 *   until.push(signal);
 *   await new Promise((resolve) => signal.addEventListener("abort", resolve));
 * });
 * const first = watch();
 * await Promise.resolve();
 * const second = watch();
 * await first.ended;
 * deepStrictEqual([first.state, second.state], ["stopped", "running"]);
 * await second.stop();
 * strictEqual(second.state, "stopped");
 * ```
 *
 * @param name Names the job.
 * @param work What to do; ends when the signal is aborted.
 * @returns The job.
 */
export function job(
  name: string,
  work: (signal: AbortSignal) => void | Promise<void>,
): Job {
  const before = running.get(name)?.stop() ?? Promise.resolve();
  const next = new RunningJob(name, work, before);
  running.set(name, next);
  return next;
}

/**
 * Returns the newest job of every name, in the order the names were first used.
 *
 * @example What runs
 * ```ts
 * import { job, jobs } from "tandem/notebook";
 * import { ok } from "node:assert/strict";
 *
 * await job("hello", () => {}).ended;
 * ok(jobs().some((job) => job.name === "hello" && job.state === "done"));
 * ```
 *
 * @returns The jobs.
 */
export function jobs(): Job[] {
  return [...running.values()];
}
