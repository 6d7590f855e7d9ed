/** What else is known of a failed request. */
export interface RestErrorOptions extends ErrorOptions {
  /** The HTTP status, or `null` when there was no (whole) answer. */
  readonly status: number | null;
  /** The exchange's own code. @default {null} */
  readonly code?: number | null;
  /** How long the exchange wants to be left alone, ms. @default {null} */
  readonly retryAfterMs?: number | null;
}

/**
 * A REST request that got no answer, or not the one it asked for. The message is a sentence for a
 * person.
 *
 * @example Trades older than the exchange gives away
 * ```ts
 * import { RestError } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * const error = new RestError("Search window is restricted", { status: 400, code: -4166 });
 * strictEqual(error.isTemporary, false);
 * ```
 */
export class RestError extends Error {
  /** `RestError`. */
  override readonly name = "RestError";
  /** The HTTP status, or `null` when there was no (whole) answer. */
  readonly status: number | null;
  /** The exchange's own code, for example -1121 for an unknown symbol, or `null`. */
  readonly code: number | null;
  /** How long the exchange wants to be left alone, ms, or `null`. */
  readonly retryAfterMs: number | null;

  /**
   * Makes the error.
   *
   * @param message One sentence: what failed and why.
   * @param options Status, code, pause and cause, as far as known.
   */
  constructor(message: string, options: RestErrorOptions) {
    super(message, options);
    this.status = options.status;
    this.code = options.code ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** Whether the same request may succeed later: no answer, too many requests, or the exchange's fault. */
  get isTemporary(): boolean {
    const { status } = this;
    return status === null || status >= 500 || [200, 403, 408, 418, 429].includes(status);
  }
}

/** Returns whether an error is that of `AbortSignal.timeout()`. */
export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/** Returns how a request failed that got no answer, as the end of a sentence. */
export function networkFailure(error: unknown, timeoutMs: number): string {
  if (isTimeout(error)) return `did not answer within ${timeoutMs / 1_000} s`;
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof Error ? `${message} ${error.cause ?? ""}` : message;
  if (/dns error|failed to lookup/i.test(text)) {
    return "cannot be reached: its host name is not known; check the address and the network";
  }
  if (/refused/i.test(text)) return "cannot be reached: the connection was refused";
  return `cannot be reached: ${message}`;
}
