import { receiveMessageOnPort } from "node:worker_threads";
import type { Row } from "../rows.ts";
import { StoreError } from "../store_error.ts";
import { asPostgresError } from "./as_postgres_error.ts";
import { passwordOf } from "./password.ts";
import type { PostgresLocation } from "./location.ts";
import type { Answer, Grouping, Request, Step, StepResult, Value } from "./wire.ts";

/** The thread that talks to servers for this one; it ends with the last connection. */
let thread: { readonly port: MessagePort; readonly end: () => void } | null = null;
const signal = new Int32Array(new SharedArrayBuffer(4));
let openLinks = 0;
let lastConnection = 0;
let lastId = 0;

/** What takes longer has failed, ms. */
const ANSWER_MS = 60_000;
const CLOSE_MS = 3_000;

type Question<R> = R extends unknown ? Omit<R, "id"> : never;

/**
 * A connection to PostgreSQL that answers before it returns: another thread asks the server, and
 * this one waits for it, so that the store is the same to its callers wherever it rests.
 */
export class Link implements Disposable {
  readonly location: PostgresLocation;
  readonly #name: string;
  #connection = 0;
  #isOpen = true;

  /** @param name What the server calls the connection in its lists. */
  constructor(location: PostgresLocation, name: string) {
    this.location = location;
    this.#name = name;
    openLinks++;
    try {
      this.#connect();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Leaves a connection that is lost, or does not answer, and makes another. */
  reconnect(): void {
    this.#leave();
    this.#connect();
  }

  /** Runs a statement; gives its rows. */
  rows(sql: string, ...args: Value[]): readonly Row[] {
    return this.run("plain", [{ sql, args }])[0]!.rows;
  }

  /** Runs a query whose cells are all float8; gives its columns, NULL as NaN. */
  columns(sql: string, width: number): readonly Float64Array[] {
    return this.run("plain", [{ columns: sql, width }])[0]!.columns;
  }

  /**
   * Runs steps.
   *
   * @throws {StoreError} If one fails; of a transaction nothing is then done, unless the connection
   *   was lost while it was committed.
   */
  run(grouping: Grouping, steps: readonly Step[]): readonly StepResult[] {
    const bytes = steps.flatMap((step) => "copy" in step ? [step.bytes.buffer] : []);
    return this.#ask({ connection: this.#connection, steps, grouping }, ANSWER_MS, bytes);
  }

  /** Runs reads of which one depends on another; all see the same state. */
  snapshot<T>(work: () => T): T {
    this.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
      return work();
    } finally {
      this.#endSnapshot();
    }
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#leave();
    if (--openLinks > 0) return;
    thread?.end();
    thread = null;
  }

  #connect(): void {
    const open = {
      ...this.location,
      ...{ password: passwordOf(this.location), name: this.#name },
    };
    this.#connection = ++lastConnection;
    this.#ask({ connection: this.#connection, open }, ANSWER_MS);
  }

  #leave(): void {
    try {
      if (thread !== null) this.#ask({ connection: this.#connection, close: true }, CLOSE_MS);
    } catch {
      // The server sees the end of the socket then.
    }
  }

  #endSnapshot(): void {
    try {
      this.rows("COMMIT");
    } catch {
      // With its connection the transaction is gone too; what failed before is what is told.
    }
  }

  #ask(
    question: Question<Request>,
    timeoutMs: number,
    bytes: ArrayBuffer[] = [],
  ): readonly StepResult[] {
    const id = ++lastId;
    const { port } = thread ??= startThread();
    port.postMessage({ ...question, id }, bytes);
    const deadline = performance.now() + timeoutMs;
    while (true) {
      const seen = Atomics.load(signal, 0);
      const answer = receiveMessageOnPort(port as never)?.message as Answer | undefined;
      if (answer?.id === id) {
        if (answer.failure === undefined) return answer.results!;
        throw asPostgresError(this.location, answer.failure);
      }
      // An answer that nobody waits for any more.
      if (answer !== undefined) continue;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        const message = `no answer within ${timeoutMs / 1_000} s`;
        throw asPostgresError(this.location, { code: "TIMEOUT", message });
      }
      Atomics.wait(signal, 0, seen, leftMs);
    }
  }
}

/** Runs reads; once more on a new connection where the old one is lost, as nothing is held by it. */
export function readAgain<T>(link: Link, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StoreError && error.code === "offline")) throw error;
    link.reconnect();
    return work();
  }
}

function startThread() {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port2, signal: signal.buffer }, [port2]);
  return {
    port: port1,
    end() {
      port1.close();
      worker.terminate();
    },
  };
}
