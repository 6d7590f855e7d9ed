import { StoreError } from "../store_error.ts";
import { Link, readAgain } from "./link.ts";
import { parsePostgres } from "./location.ts";
import { IS_LEASED } from "./session.ts";

/** Who asks once asks again: programs that wait for each other do so many times a second. */
const links = new Map<string, Link>();

/** Returns whether some session holds the lease of a database on a server. */
export function isPostgresLeased(url: string): boolean {
  try {
    const link = links.getOrInsertComputed(
      url,
      () => new Link(parsePostgres(url), "tandem lease"),
    );
    return readAgain(link, () => link.rows(IS_LEASED))[0]!.leased === true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
