import { holderText } from "../leased_error.ts";
import { StoreError } from "../store_error.ts";
import type { Link } from "./link.ts";

/**
 * Returns who writes a database on a server, as it says itself, for a person; `null` where it does
 * not say, or this connection may not see.
 *
 * @param own A token of the lease: the database still names whoever had that.
 */
export function holderOf(link: Link, own: string | null = null): string | null {
  try {
    const [writer] = link.rows("SELECT lease, pid, host, started_at_ms FROM writer");
    if (writer === undefined || writer.started_at_ms === null || writer.lease === own) return null;
    const holder = holderText({
      pid: Number(writer.pid),
      host: String(writer.host),
      startedAtMs: Number(writer.started_at_ms),
    });
    // Of those who share it the last that began is known, which others may have outlived.
    return String(writer.lease).startsWith("shared as ")
      ? `stores of one log; the last that began was ${holder}`
      : holder;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
