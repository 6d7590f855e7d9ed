import type { Failure } from "./protocol.ts";

/**
 * Why a request is refused or a hub cannot start, as it is told to whoever asked.
 *
 * @example Telling a port in use from other errors
 * ```ts
 * import { HubError, startHub } from "tandem/live";
 * import { openReader } from "tandem/store";
 * import { rejects } from "node:assert/strict";
 *
 * const open = () => openReader("no/such/tandem.db");
 * await using hub = await startHub({ open });
 * await rejects(
 *   startHub({ open, port: hub.port }),
 *   (error) => error instanceof HubError && error.code === "port_in_use",
 * );
 * ```
 */
export class HubError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** Short and stable, for example `unknown_symbol`. */
  readonly code: string;

  /**
   * Makes an error.
   *
   * @param status The HTTP status.
   * @param code Short and stable.
   * @param message One sentence.
   * @param options The cause, if another error lies behind it.
   */
  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HubError";
    this.status = status;
    this.code = code;
  }

  /** The body of the answer. */
  toFailure(): Failure {
    return { code: this.code, message: this.message };
  }
}
