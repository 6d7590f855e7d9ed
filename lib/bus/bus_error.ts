/**
 * What is wrong: `unreachable`, no server answers; `refused`, it does not do what is asked;
 * `partitions`, the log is divided otherwise; `taken`, another subscriber took the name over;
 * `too large`, the server takes no message of that size.
 */
export type BusProblem = "unreachable" | "refused" | "partitions" | "taken" | "too large";

/**
 * The bus cannot do what it was asked; the message is one sentence that says what helps.
 *
 * @example What is wrong
 * ```ts
 * import { BusError } from "tandem/bus";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(new BusError("unreachable", "Cannot use the bus: start it").problem, "unreachable");
 * ```
 */
export class BusError extends Error {
  /** The name of the class. */
  override readonly name = "BusError";
  /** What is wrong. */
  readonly problem: BusProblem;

  /**
   * Makes the error.
   *
   * @param problem What is wrong.
   * @param message One sentence for a person.
   * @param options The cause.
   */
  constructor(problem: BusProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** Why a batch cannot be read: it is damaged, or of a version that this program does not know. */
export type BatchProblem = "corrupt" | "newer";

/**
 * A batch cannot be read; the message says why in one sentence.
 *
 * @example Bytes that are no batch
 * ```ts
 * import { BatchError, decodeBatch } from "tandem/bus";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => decodeBatch(new Uint8Array(20)), (e: BatchError) => e.problem === "corrupt");
 * ```
 */
export class BatchError extends Error {
  /** The name of the class. */
  override readonly name = "BatchError";
  /** Why. */
  readonly problem: BatchProblem;

  /**
   * Makes the error.
   *
   * @param problem Why the batch cannot be read.
   * @param message One sentence for a person.
   * @param options The cause.
   */
  constructor(problem: BatchProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
