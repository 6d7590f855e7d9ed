import { receiveMessageOnPort } from "node:worker_threads";
import type { Row } from "../rows.ts";
import { StoreError } from "../store_error.ts";
import { asPostgresError } from "./as_postgres_error.ts";
import { passwordOf } from "./password.ts";
import { authoritiesOf } from "./encryption.ts";
import type { PostgresLocation } from "./location.ts";
import { areSignalsHeeded } from "./signals.ts";
import type { Answer, Grouping, Request, Step, StepResult, ThreadStart, Value } from "./wire.ts";

/** The thread that talks to servers for this one; it ends with the last connection. */
let thread: { readonly port: MessagePort; readonly end: () => void } | null = null;
const signal = new Int32Array(new SharedArrayBuffer(8));
let openLinks = 0;
let lastConnection = 0;
let lastId = 0;

/** What shows no progress for longer has failed, ms. */
const ANSWER_MS = 60_000;
/** A connection that cannot be made is given up after this time, ms … */
const CONNECT_MS = 3_000;
/** … or this, where the last one could not be made either: others wait meanwhile. */
const AGAIN_MS = 1_000;
/** A thread that has shown no sign of life for so long, twice, is gone, ms. */
const DEAD_MS = 15_000;
/** Servers that did not answer when they were last asked for a connection. */
const silent = new Set<string>();

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
   * @param limitMs Without a sign of progress for so long they have failed.
   * @throws {StoreError} If one fails; of a transaction nothing is then done, unless the connection
   *   was lost while it was committed.
   */
  run(grouping: Grouping, steps: readonly Step[], limitMs = ANSWER_MS): readonly StepResult[] {
    const bytes = steps.flatMap((step) => "copy" in step ? [step.bytes.buffer] : []);
    return this.#ask({ connection: this.#connection, steps, grouping, limitMs }, bytes);
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
    const { host, port } = this.location;
    const server = `${host}:${port}`;
    const open = {
      ...this.location,
      password: passwordOf(this.location),
      authorities: authoritiesOf(this.location),
      name: this.#name,
      connectMs: silent.has(server) ? AGAIN_MS : CONNECT_MS,
    };
    this.#connection = ++lastConnection;
    try {
      const [made] = this.#ask({ connection: this.#connection, open });
      silent.delete(server);
      requireUnicode(this.location, made!.rows[0]!.encoding);
    } catch (error) {
      if (isConnectionLost(error)) silent.add(server);
      throw error;
    }
  }

  #leave(): void {
    try {
      if (thread !== null) this.#ask({ connection: this.#connection, close: true });
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

  #ask(question: Question<Request>, bytes: ArrayBuffer[] = []): readonly StepResult[] {
    const id = ++lastId;
    const { port } = thread ??= startThread();
    port.postMessage({ ...question, id }, bytes);
    let quiet = 0;
    while (true) {
      const [seen, alive] = [Atomics.load(signal, 0), Atomics.load(signal, 1)];
      const answer = receiveMessageOnPort(port as never)?.message as Answer | undefined;
      if (answer?.id === id) {
        if (answer.failure === undefined) return answer.results!;
        throw asPostgresError(this.location, answer.failure);
      }
      // An answer that nobody waits for any more.
      if (answer !== undefined) continue;
      const isQuiet = Atomics.wait(signal, 0, seen, DEAD_MS) === "timed-out" &&
        Atomics.load(signal, 1) === alive;
      quiet = isQuiet ? quiet + 1 : 0;
      if (quiet < 2) continue;
      thread.end();
      thread = null;
      throw asPostgresError(this.location, {
        code: "THREAD",
        message: "the thread that talks to it has ended: start again",
      });
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

/** Whether an error means that the connection is of no use any more. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof StoreError && (error.code === "offline" || error.code === "stopped");
}

/** Names of symbols are of every script. */
function requireUnicode({ url, database }: PostgresLocation, encoding: unknown): void {
  if (encoding === "UTF8") return;
  throw new StoreError(
    "unreachable",
    url,
    `Cannot use "${url}" as its encoding is ${encoding}: make it anew with "createdb --template template0 --encoding UTF8 ${database}"`,
  );
}

function startThread() {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  const start: ThreadStart = {
    port: port2,
    signal: signal.buffer,
    heedsSignals: areSignalsHeeded(),
  };
  // Told to whoever asks: nobody waits for an answer of a thread that shows no sign of life.
  worker.onerror = (event) => event.preventDefault();
  worker.postMessage(start, [port2]);
  return {
    port: port1,
    end() {
      port1.close();
      worker.terminate();
    },
  };
}
