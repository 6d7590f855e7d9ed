import type { GoldenCase } from "../fixture.ts";

/** Runs the cases of one analytic through the project. */
export interface Adapter {
  /** Expected keys whose numbers are counts, lags or flags: they must be equal. */
  readonly exact?: readonly string[];
  /** Parameters that only describe the case and need not be read. */
  readonly ignores?: readonly string[];
  /**
   * Answers a case.
   *
   * @param golden The case; read what it needs.
   * @returns A record with (at least) the keys the case expects.
   * @throws {Error} If it does not know such a case.
   */
  run(golden: GoldenCase): Record<string, unknown>;
}

/** The error of an adapter that meets a case it does not know. */
export function unknownCase(golden: GoldenCase): Error {
  return new Error(`Cannot run case ${golden.id} as its kind "${golden.kind}" is not known`);
}
