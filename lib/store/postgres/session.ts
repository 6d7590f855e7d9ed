import { StoreError } from "../store_error.ts";
import type { WriterIdentity } from "../writer.ts";
import { Link } from "./link.ts";
import type { PostgresLocation } from "./location.ts";
import { migrate } from "./migrate.ts";
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

/**
 * The right to write a database on a server, and the connection that has it: a lock of the session,
 * which the server drops with the connection, however that ends. A connection that was lost is made
 * again, as long as nobody else has written meanwhile.
 */
export class Session implements Disposable {
  readonly #link: Link;
  readonly #token = crypto.randomUUID();
  readonly #identity: WriterIdentity;
  /** What the server knows our session by. */
  #backend: { readonly pid: number; readonly since: string } = { pid: 0, since: "" };
  #isLost = false;
  #doubt: string | null = null;

  /** @throws {StoreError} With code `leased` if another session holds it. */
  constructor(location: PostgresLocation, identity: WriterIdentity) {
    this.#identity = identity;
    this.#link = new Link(location, "tandem writer");
    try {
      if (!this.#lockSoon()) throw this.#leased("another ingest is writing it");
      migrate(this.#link);
      this.transact([{ sql: "UPDATE writer SET lease = $1", args: [this.#token] }]);
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
    this.#link.reconnect();
    if (!this.#lockSoon()) throw this.#leased("another ingest has taken it over");
    const [writer] = this.#link.rows("SELECT lease, batch FROM writer");
    if (writer!.lease !== this.#token) {
      throw this.#leased("another ingest has written it meanwhile");
    }
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
      // A session without the lease divides by zero.
      const count = {
        sql: `UPDATE writer SET batch = coalesce($2, batch), version = version +
          1 / (current_setting('tandem.lease', true) IS NOT DISTINCT FROM $1)::int`,
        args: [this.#token, name],
      };
      return this.#link.run("transaction", [...steps, count]);
    } catch (error) {
      this.#note(error, name);
      throw error;
    }
  }

  /** Runs reads; takes note when the connection is lost. */
  read<T>(work: (link: Link) => T): T {
    try {
      return work(this.#link);
    } catch (error) {
      this.#note(error, null);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }

  #note(error: unknown, name: string | null): void {
    if (!(error instanceof StoreError && error.code === "offline")) return;
    this.#isLost = true;
    this.#doubt ??= name;
  }

  #lock(): boolean {
    const [row] = this.#link.rows(
      `SELECT pg_try_advisory_lock(${LOCK}) AS held, pid, backend_start::text AS since
       FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    );
    if (row!.held !== true) return false;
    this.#backend = { pid: Number(row!.pid), since: String(row!.since) };
    this.#link.rows("SELECT set_config('tandem.lease', $1, false)", this.#token);
    return true;
  }

  /** The server may hold our last session for alive, which still has the lock: it is to end. */
  #lockSoon(): boolean {
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const { pid, since } = this.#backend;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (this.#lock()) return true;
      this.#link.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid = $1 AND backend_start::text = $2`,
        ...[pid, since],
      );
      Atomics.wait(clock, 0, 0, ATTEMPT_MS);
    }
    return false;
  }

  #leased(why: string): StoreError {
    const { url } = this.#link.location;
    const { pid, host } = this.#identity;
    return new StoreError(
      "leased",
      url,
      `Cannot write "${url}" as ${why}: use "deno task status" to see it and "deno task stop" to end it, or name another database with --db (this is process ${pid} on ${host})`,
    );
  }
}
