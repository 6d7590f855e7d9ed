import type { WriterShares } from "../writer.ts";
import { HOLDERS, type Session } from "./session.ts";

const HOLD = "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held";
const GIVE_BACK = "SELECT pg_advisory_unlock(hashtextextended($1, 0))";

/**
 * The shares of a session: each a lock of the very session that commits, so that whoever has lost
 * the lock has lost the connection, and with it the means to commit anything.
 */
export class PostgresShares implements WriterShares {
  readonly #session: Session;
  readonly #onHeld: () => void;

  /** @param onHeld Called when there is another share: its former holder may have written. */
  constructor(session: Session, onHeld: () => void) {
    this.#session = session;
    this.#onHeld = onHeld;
  }

  writers(): number {
    return Number(this.#rows(HOLDERS)[0]!.holders);
  }

  hold(share: string): boolean {
    if (this.#rows(HOLD, share)[0]!.held !== true) return false;
    this.#session.heldShares++;
    this.#onHeld();
    return true;
  }

  giveBack(share: string): void {
    this.#rows(GIVE_BACK, share);
    this.#session.heldShares--;
  }

  #rows(sql: string, ...args: string[]) {
    this.#session.ready();
    return this.#session.read((link) => link.rows(sql, ...args));
  }
}
