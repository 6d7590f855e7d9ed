/** Why a database cannot be used. */
export type StoreErrorCode =
  | "missing"
  | "unreachable"
  | "offline"
  | "stopped"
  | "foreign"
  | "corrupt"
  | "newer"
  | "outdated"
  | "leased"
  | "lost"
  | "busy"
  | "full"
  | "disk"
  | "stream kind";

/**
 * A database cannot be opened, read or written; the message says what to do.
 *
 * @example Telling a missing database from others
 * ```ts
 * import { openReader, StoreError } from "tandem/store";
 * import { throws } from "node:assert/strict";
 *
 * throws(
 *   () => openReader("no/such/tandem.db"),
 *   (error) => error instanceof StoreError && error.code === "missing",
 * );
 * ```
 */
export class StoreError extends Error {
  /** `StoreError`. */
  override readonly name = "StoreError";
  /** Why. */
  readonly code: StoreErrorCode;
  /** The database: its file, or its URL without a password. */
  readonly path: string;

  /** Whether it may pass by itself, or by what others do: then the same can be tried again. */
  get passes(): boolean {
    return ["full", "busy", "disk", "offline", "stopped"].includes(this.code);
  }

  /** Says why a database cannot be used, in one sentence. */
  constructor(code: StoreErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}
