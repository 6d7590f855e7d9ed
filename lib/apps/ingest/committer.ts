import { StoreError } from "../../store/mod.ts";
import type { Report } from "../program.ts";
import type { Pipeline } from "./pipeline.ts";

/** A commit follows the first uncommitted event after this time, in ms … */
const COMMIT_MS = 100;
/** … or later where commits are slow, so that they take at most a quarter of the time … */
const COMMIT_SHARE = 4;
/** … but never later than this, in ms, or as soon as there is a batch of it. */
const LONGEST_COMMIT_MS = 250;
/** A database that cannot be written is tried again after this time, in ms, then twice of it … */
const RETRY_MS = 500;
/** … up to this. */
const LONGEST_RETRY_MS = 5_000;

/** What else is to be written does not wait for a batch that has been under way for so long, ms. */
const HELD_UP_MS = 300;

/** Why nothing can be stored now. */
export interface StorageProblem {
  /** A sentence for a person. */
  readonly message: string;
  /** Since when, local ms since the epoch. */
  readonly sinceMs: number;
}

/**
 * Decides when a pipeline commits, and what happens when it cannot: on a full disk or a foreign
 * lock it holds what it has, takes no more, and tries again. The feed's queue is bounded and turns
 * what it cannot hold into gaps, which are repaired afterwards.
 *
 * One batch is written at a time. While a writer in a thread of its own does so, the next one
 * gathers; when that is as large as it may be, this thread sleeps until the first is written:
 * what comes meanwhile waits in the socket, where it costs nothing.
 */
export class Committer implements Disposable {
  readonly #pipeline: Pipeline;
  readonly #report: Report;
  readonly #probe: () => void;
  readonly #fail: (error: unknown) => void;
  readonly #leaving: () => () => void;
  readonly #batchTrades: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when the batch under way is written or could not be; `null` where there is none. */
  #underWay: Promise<void> | null = null;
  /** What to call when it is written. */
  #tell = () => {};
  /** Whether events were applied since it has left. */
  #isBehind = false;
  #startedAt = 0;
  #lastCommitMs = 0;
  #retryMs = RETRY_MS;
  #problem: StorageProblem | null = null;
  #healed = Promise.withResolvers<void>();

  constructor(pipeline: Pipeline, report: Report, {
    probe,
    fail,
    batchTrades,
    leaving = () => () => {},
  }: {
    /** Writes something small: whether the database can be written again. */
    readonly probe: () => void;
    /** Called with what cannot pass by itself: the ingest is to end. */
    readonly fail: (error: unknown) => void;
    /** So many trades are committed at once, and wait at most while others are. */
    readonly batchTrades: number;
    /**
     * Called when all that was applied and is not stored leaves to be written; what it returns is
     * called if that succeeds.
     */
    readonly leaving?: () => () => void;
  }) {
    this.#pipeline = pipeline;
    this.#report = report;
    this.#probe = probe;
    this.#fail = fail;
    this.#leaving = leaving;
    this.#batchTrades = batchTrades;
  }

  /** Why nothing can be stored now, or `null`. */
  get problem(): StorageProblem | null {
    return this.#problem;
  }

  /** Whether a batch takes so long that whatever else is asked of the writer waits behind it. */
  get isHeldUp(): boolean {
    return this.#underWay !== null && performance.now() - this.#startedAt > HELD_UP_MS;
  }

  /** Events were applied. Resolves when more may be: at once, unless nothing can be stored now. */
  async applied(signal: AbortSignal): Promise<void> {
    if (this.#underWay !== null && this.#pipeline.pending >= this.#batchTrades) this.#end();
    if (this.#underWay === null) this.#plan();
    else this.#isBehind = true;
    if (this.#problem === null || signal.aborted) return;
    const ended = Promise.withResolvers<void>();
    const end = () => ended.resolve();
    signal.addEventListener("abort", end);
    await Promise.race([this.#healed.promise, ended.promise]);
    signal.removeEventListener("abort", end);
  }

  /** Does something that writes the database besides the pipeline; what passes by itself is left. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }

  /**
   * Does something that writes the database besides the pipeline, again until it succeeds: on a full
   * disk or a foreign lock it waits, as every commit does.
   *
   * @throws The signal's reason.
   */
  async written(work: () => void, signal: AbortSignal): Promise<void> {
    for (let isDone = false; !isDone;) {
      this.guard(() => {
        work();
        isDone = true;
      });
      await this.applied(signal);
      signal.throwIfAborted();
    }
  }

  /** Commits nothing more by itself; what is under way is for the pipeline's next commit to see. */
  [Symbol.dispose](): void {
    this.#underWay = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #intervalMs(): number {
    return Math.min(LONGEST_COMMIT_MS, Math.max(COMMIT_MS, COMMIT_SHARE * this.#lastCommitMs));
  }

  /** Sees to it that what waits is committed in time. */
  #plan(passedMs = 0): void {
    if (this.#problem === null && this.#pipeline.pending >= this.#batchTrades) this.#commit();
    else if (this.#timer === undefined) this.#commitAfter(this.#intervalMs() - passedMs);
  }

  #commitAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#commit(), ms);
  }

  #commit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#underWay !== null) return this.#end();
    this.#startedAt = performance.now();
    this.#isBehind = false;
    this.#tell = this.#leaving();
    try {
      const written = this.#underWay = this.#pipeline.beginCommit();
      written.then(() => {
        if (this.#underWay === written) this.#end();
      });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Sees what has become of the batch under way; sleeps until that is known. */
  #end(): void {
    this.#underWay = null;
    try {
      this.#pipeline.endCommit();
      if (this.#problem !== null) this.#probe();
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#lastCommitMs = performance.now() - this.#startedAt;
    this.#tell();
    if (this.#problem !== null) this.#heal(this.#problem);
    if (this.#isBehind) this.#plan(this.#lastCommitMs);
  }

  #failed(error: unknown): void {
    if (!(error instanceof StoreError && error.passes)) return this.#fail(error);
    if (this.#problem === null) {
      this.#problem = { message: error.message, sinceMs: Date.now() };
      this.#report.warn(`${error.message}; what was received waits, and is stored then`);
    } else this.#retryMs = Math.min(LONGEST_RETRY_MS, 2 * this.#retryMs);
    this.#commitAfter(this.#retryMs);
  }

  #heal({ sinceMs }: StorageProblem): void {
    this.#problem = null;
    this.#retryMs = RETRY_MS;
    this.#report.info(`Storing again after ${Math.round((Date.now() - sinceMs) / 1_000)} s`);
    this.#healed.resolve();
    this.#healed = Promise.withResolvers();
  }
}
