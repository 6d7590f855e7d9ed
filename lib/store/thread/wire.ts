import { StoreError, type StoreErrorCode } from "../store_error.ts";

/** What a thread is given to answer with, before it is asked anything. */
export interface Channel {
  readonly replies: MessagePort;
  /** How many replies were posted, so that one can sleep until there is another. */
  readonly count: Int32Array<SharedArrayBuffer>;
}

/** What a thread is asked. */
export interface Request {
  readonly id: number;
  /** Whom: the thread itself, its writer, or the alerts or shares of that. */
  readonly part: "thread" | "writer" | "alerts" | "shares";
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What it answers. */
export interface Reply {
  /** The request; `null` when something else has failed: the thread is not to be asked any more. */
  readonly id: number | null;
  readonly value: unknown;
  /** Why there is no value, or `null`. */
  readonly failure: Failure | null;
}

/** An error on its way between threads: what is ours goes by its parts, others as they are. */
export type Failure =
  | { readonly code: StoreErrorCode; readonly path: string; readonly message: string }
  | { readonly code: null; readonly error: Error };

/** Returns an error as it can be sent. */
export function toFailure(error: unknown): Failure {
  if (error instanceof StoreError) {
    return { code: error.code, path: error.path, message: error.message };
  }
  return { code: null, error: error instanceof Error ? error : new Error(String(error)) };
}

/** Returns the error that was sent. */
export function toError(failure: Failure): Error {
  if (failure.code === null) return failure.error;
  const { code, path, message } = failure;
  return new StoreError(code, path, message);
}
