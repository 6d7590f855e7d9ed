import { leasedError, takenOverError } from "../leased_error.ts";
import { StoreError } from "../store_error.ts";
import type { WriterIdentity } from "../writer.ts";
import { holderOf } from "./holder.ts";
import { isConnectionLost, Link } from "./link.ts";
import type { PostgresLocation } from "./location.ts";
import { migrate, requireSharedSchema } from "./migrate.ts";
import type { Step, StepResult } from "./wire.ts";

/** "TAND" and the number of the lock: what an advisory lock of ours is known by. */
const LOCK = "1413566020, 1";
/** A session that the server does not know to be gone yet is waited for so often … */
const ATTEMPTS = 20;
/** … so long apart, ms. */
const ATTEMPT_MS = 50;

/** Whether the lease of the database of this connection is held, by whichever session. */
export const IS_LEASED =
  `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
  WHERE d.datname = current_database() AND l.locktype = 'advisory'
    AND (l.classid, l.objid, l.objsubid) = (${LOCK}, 2) AND l.granted) AS leased`;

/** How many shares the session that asks holds: locks named by one number, where the lease has two. */
const HELD_SHARES = `(SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()
  AND locktype = 'advisory' AND objsubid = 1 AND mode = 'ExclusiveLock' AND granted)`;

/** How many sessions of this database hold the lease, alone or with others. */
export const HOLDERS = `SELECT count(DISTINCT l.pid)::int AS holders FROM pg_locks l
  JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database()
    AND l.locktype = 'advisory' AND (l.classid, l.objid, l.objsubid) = (${LOCK}, 2) AND l.granted`;

/** How a session shares the lease with others. */
export interface Sharing {
  /** What all name who share it. */
  readonly sharedAs: string;
  /** After so long without a word the server ends it, ms. */
  readonly mostSilenceMs: number;
}

/** From version 14 on a server ends a session that is silent; an earlier one has only the socket. */
const END_SILENT = `SELECT set_config(name, $1, false) FROM pg_settings
  WHERE name IN ('idle_session_timeout', 'idle_in_transaction_session_timeout')`;

/**
 * The right to write a database on a server, and the connection that has it: a lock of the session,
 * which the server drops with the connection, however that ends. A connection that was lost is made
 * again, as long as nobody else has written meanwhile.
 *
 * Sessions that name the same hold the lease together, and each for itself locks of shares; with
 * the connection all of that is over, as others take the shares then.
 */
export class Session implements Disposable {
  /** How many shares it holds. */
  heldShares = 0;
  readonly #link: Link;
  /** What the database knows its writer, or those who write together, by. */
  readonly #token: string;
  readonly #sharing: Sharing | null;
  /** What the server knows our session by. */
  #backend: { readonly pid: number; readonly since: string } = { pid: 0, since: "" };
  #isLost = false;
  #doubt: string | null = null;

  /**
   * @param sharing How it writes together with others; `null` to write alone.
   * @throws {StoreError} With code `leased` if another session holds it.
   */
  constructor(
    location: PostgresLocation,
    identity: WriterIdentity,
    sharing: Sharing | null = null,
  ) {
    this.#sharing = sharing;
    this.#token = sharing === null ? crypto.randomUUID() : `shared as ${sharing.sharedAs}`;
    this.#link = new Link(location, "tandem writer");
    try {
      if (sharing !== null) this.#link.rows(END_SILENT, String(sharing.mostSilenceMs));
      if (this.#lockSoon(sharing === null ? ATTEMPTS : 1)) {
        migrate(this.#link);
        this.#sign(identity);
        if (sharing !== null) this.#letOthersIn();
      } else if (sharing !== null && this.#join()) this.#sign(identity);
      else throw leasedError(location.url, holderOf(this.#link));
    } catch (error) {
      this.#link[Symbol.dispose]();
      throw error;
    }
  }

  /** The connection, for reads. */
  get link(): Link {
    return this.#link;
  }

  /**
   * Sees to it that there is a connection with the lease.
   *
   * @returns `null` where nothing was amiss; else what became of the named transaction in whose
   *   commit the connection was lost: whether it was committed.
   * @throws {StoreError} If the server cannot be reached, or another has written meanwhile.
   */
  ready(): { readonly committed: boolean } | null {
    if (!this.#isLost) return null;
    if (this.#sharing !== null) throw this.#lost();
    this.#link.reconnect();
    if (!this.#lockSoon(ATTEMPTS)) throw this.#takenOver("is writing it now", this.#token);
    const [writer] = this.#link.rows("SELECT lease, batch FROM writer");
    if (writer!.lease !== this.#token) throw this.#takenOver("has written it meanwhile");
    const committed = this.#doubt !== null && writer!.batch === this.#doubt;
    this.#isLost = false;
    this.#doubt = null;
    return { committed };
  }

  /**
   * Runs steps in one transaction, which only the holder of the lease can commit.
   *
   * @param name Names it, where it must be known later whether it was committed.
   */
  transact(steps: readonly Step[], name: string | null = null): readonly StepResult[] {
    try {
      // A session without the lease, or without a share that it thinks it has, divides by zero.
      const holdsShares = this.#sharing === null ? "" : `AND ${HELD_SHARES} = ${this.heldShares}`;
      const count = {
        sql: `UPDATE writer SET batch = coalesce($2, batch), version = version +
          1 / (current_setting('tandem.lease', true) IS NOT DISTINCT FROM $1 ${holdsShares})::int`,
        args: [this.#token, name],
      };
      return this.#link.run("transaction", [...steps, count]);
    } catch (error) {
      throw this.#noted(error, name);
    }
  }

  /** Runs reads; takes note when the connection is lost. */
  read<T>(work: (link: Link) => T): T {
    try {
      return work(this.#link);
    } catch (error) {
      throw this.#noted(error, null);
    }
  }

  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }

  #noted(error: unknown, name: string | null): unknown {
    if (!isConnectionLost(error)) return error;
    this.#isLost = true;
    this.#doubt ??= name;
    return this.#sharing === null ? error : this.#lost(error);
  }

  #lock(): boolean {
    const [row] = this.#link.rows(
      `SELECT pg_try_advisory_lock(${LOCK}) AS held, pid, backend_start::text AS since
       FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    );
    if (row!.held !== true) return false;
    this.#backend = { pid: Number(row!.pid), since: String(row!.since) };
    this.#tellServer();
    return true;
  }

  /** From now on others that name the same may hold the lease, too. */
  #letOthersIn(): void {
    this.#link.rows(`SELECT pg_advisory_lock_shared(${LOCK}), pg_advisory_unlock(${LOCK})`);
  }

  /** Holds the lease together with others, if they let us. */
  #join(): boolean {
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // Whoever only tries must not be counted as one of those who write together.
      if (this.#isOurs()) {
        const [row] = this.#link.rows(`SELECT pg_try_advisory_lock_shared(${LOCK}) AS held`);
        if (row!.held === true) {
          requireSharedSchema(this.#link);
          this.#tellServer();
          return this.#isOurs();
        }
      }
      // Whoever comes first has it alone for a moment.
      Atomics.wait(clock, 0, 0, ATTEMPT_MS);
    }
    return false;
  }

  /** Whether those who write are those we name. */
  #isOurs(): boolean {
    const [table] = this.#link.rows("SELECT to_regclass('writer') IS NOT NULL AS made");
    if (table!.made !== true) return false;
    const [writer] = this.#link.rows("SELECT lease FROM writer");
    return writer?.lease === this.#token;
  }

  /** Says in the database who writes it, at once with what its writer is known by. */
  #sign({ pid, host, startedAtMs, simulated }: WriterIdentity): void {
    this.transact([{
      sql: `UPDATE writer SET lease = $1, pid = $2, host = $3, started_at_ms = $4,
        heartbeat_at_ms = $4, simulated = greatest(simulated, $5)`,
      args: [this.#token, pid, host, startedAtMs, simulated ? 1 : 0],
    }]);
  }

  #tellServer(): void {
    this.#link.rows("SELECT set_config('tandem.lease', $1, false)", this.#token);
  }

  /** The server may hold our last session for alive, which still has the lock: it is to end. */
  #lockSoon(attempts: number): boolean {
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const { pid, since } = this.#backend;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (this.#lock()) return true;
      if (attempts === 1) return false;
      this.#link.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid = $1 AND backend_start::text = $2`,
        ...[pid, since],
      );
      Atomics.wait(clock, 0, 0, ATTEMPT_MS);
    }
    return false;
  }

  #lost(cause?: unknown): StoreError {
    const { url } = this.#link.location;
    return new StoreError(
      "lost",
      url,
      `Cannot go on writing "${url}" in this session as its connection was lost, and its shares with it: begin another`,
      { cause },
    );
  }

  /** @param own Our token, where the database may still name us. */
  #takenOver(how: string, own: string | null = null): StoreError {
    return takenOverError(this.#link.location.url, how, holderOf(this.#link, own));
  }
}
