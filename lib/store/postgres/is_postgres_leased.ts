import { StoreError } from "../store_error.ts";
import { Link, readAgain } from "./link.ts";
import { parsePostgres } from "./location.ts";
import { IS_LEASED } from "./session.ts";

/** A connection is kept for so long after it was last used, ms: it keeps the process from ending. */
const KEPT_MS = 1_000;

interface Kept {
  readonly link: Link;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Who asks once asks again: programs that wait for each other do so many times a second. */
const links = new Map<string, Kept>();

/** Returns whether some session holds the lease of a database on a server. */
export function isPostgresLeased(url: string): boolean {
  try {
    const kept = links.getOrInsertComputed(url, () => ({
      link: new Link(parsePostgres(url), "tandem lease"),
      closing: undefined,
    }));
    clearTimeout(kept.closing);
    kept.closing = setTimeout(() => {
      links.delete(url);
      kept.link[Symbol.dispose]();
    }, KEPT_MS);
    return readAgain(kept.link, () => kept.link.rows(IS_LEASED))[0]!.leased === true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
