import { StoreError } from "./store_error.ts";
import type { WriterIdentity } from "./writer.ts";

/** Returns who writes a database, for a person. */
export function holderText(
  { pid, host, startedAtMs }: Pick<WriterIdentity, "pid" | "host" | "startedAtMs">,
): string {
  return `process ${pid} on ${host}, started ${new Date(startedAtMs).toISOString()}`;
}

/**
 * Says that somebody else writes a database.
 *
 * @param holder Who, or `null` where that cannot be told.
 */
export function leasedError(path: string, holder: string | null): StoreError {
  return new StoreError(
    "leased",
    path,
    `Cannot write "${path}" as another program is writing it${
      inBrackets(holder)
    }: use "deno task ` +
      'status" to see it and "deno task stop" to end it, or name another database with --db',
  );
}

/** Says that somebody else came to write a database while its writer could not reach it. */
export function takenOverError(path: string, how: string, holder: string | null): StoreError {
  return new StoreError(
    "leased",
    path,
    `Cannot go on writing "${path}" as the connection was lost and another program ${how}` +
      `${
        inBrackets(holder)
      }: start again when no other writes it ("deno task status" tells), and ` +
      "what was received since is fetched again",
  );
}

function inBrackets(holder: string | null): string {
  return holder === null ? "" : ` (${holder})`;
}
