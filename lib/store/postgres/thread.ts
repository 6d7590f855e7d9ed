/**
 * The thread that talks to PostgreSQL for one that waits: it owns the asynchronous connections.
 *
 * @module
 */
import { setDefaultHighWaterMark } from "node:stream";
import { ColumnDecoder } from "./column_decoder.ts";
import { type Connection, connectTo, SET_UP } from "./client.ts";
import { isGivenUp, Watch } from "./watch.ts";
import type {
  Answer,
  ConnectionOptions,
  Failure,
  Request,
  Step,
  StepResult,
  ThreadStart,
} from "./wire.ts";

/** So long a server may take to see that a connection is ended, s. */
const LAST_WORD_SECONDS = 0.5;
/** Bytes of a COPY that are given to the socket at a time. */
const CHUNK_BYTES = 1 << 18;
// The client stops reading its socket when a COPY is ahead of who takes it, and does not go on where
// that was the last of it: every later answer would be waited for in vain.
setDefaultHighWaterMark(false, 2 ** 30);

const connections = new Map<number, Connection>();
/** Where the server of each is. */
const servers = new Map<number, ConnectionOptions>();
const watch = new Watch(() => Atomics.add(signal, 1, 1));

async function take(request: Exclude<Request, { close: true }>): Promise<StepResult[]> {
  const { connection } = request;
  if ("open" in request) {
    // A lost connection is not made again behind the back of whoever holds a lock with it.
    const sql = await connectTo(request.open, () => void connections.delete(connection));
    connections.set(connection, sql);
    try {
      return [await run(connection, sql, { sql: SET_UP })];
    } catch (error) {
      // The client says nothing of the end of what was never made, and would keep what is asked of it.
      connections.delete(connection);
      throw error;
    }
  }
  const sql = connections.get(connection);
  if (sql === undefined) throw { code: "CONNECTION_CLOSED", message: "the connection was lost" };
  if (request.grouping === "plain") return await runAll(connection, sql, request.steps);
  await sql.unsafe("BEGIN");
  try {
    const results = await runTogether(connection, sql, request.steps);
    await sql.unsafe("COMMIT");
    return results;
  } catch (error) {
    // On a new connection there would be nothing to roll back.
    if (connections.get(connection) === sql) await sql.unsafe("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function runAll(
  connection: number,
  sql: Connection,
  steps: readonly Step[],
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) results.push(await run(connection, sql, step));
  return results;
}

/**
 * Runs the steps of a transaction. Statements that follow each other are sent together: after one
 * that fails the server refuses the others, and that failure comes first.
 */
async function runTogether(
  connection: number,
  sql: Connection,
  steps: readonly Step[],
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (let from = 0; from < steps.length;) {
    const isAlone = !("sql" in steps[from]!);
    const end = steps.findIndex((step, k) => k > from && (isAlone || !("sql" in step)));
    const to = end === -1 ? steps.length : end;
    const group = steps.slice(from, to).map((step) => run(connection, sql, step));
    results.push(...await Promise.all(group));
    from = to;
  }
  return results;
}

async function run(connection: number, sql: Connection, step: Step): Promise<StepResult> {
  const result = await runStep(connection, sql, step);
  watch.heard(connection);
  return result;
}

async function runStep(connection: number, sql: Connection, step: Step): Promise<StepResult> {
  if ("sql" in step) {
    const rows = step.args === undefined
      ? await sql.unsafe(step.sql)
      : await sql.unsafe(step.sql, step.args as never[], { prepare: true });
    return { rows: [...rows], count: rows.count ?? 0, columns: [] };
  }
  if ("columns" in step) {
    const decoder = new ColumnDecoder(step.width);
    const query = sql.unsafe(`COPY (${step.columns}) TO STDOUT (FORMAT binary)`);
    for await (const chunk of await query.readable()) {
      decoder.push(chunk);
      watch.heard(connection);
    }
    return { rows: [], count: decoder.length, columns: decoder.columns() };
  }
  const query = sql.unsafe(step.copy);
  const stream = await query.writable();
  await new Promise<void>((resolve, reject) => {
    // What the server refuses once all was sent the client tells the query, which is settled by now.
    Object.assign(query, { reject });
    stream.on("error", reject);
    stream.on("finish", resolve);
    for (let at = 0; at < step.bytes.length; at += CHUNK_BYTES) {
      stream.write(step.bytes.subarray(at, at + CHUNK_BYTES));
    }
    stream.end();
  });
  return { rows: [], count: 0, columns: [] };
}

function failureOf(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: String(code ?? ""), message: String(message || error) };
}

/** Whoever waits is woken by this number's change. */
let signal: Int32Array;
let port: MessagePort;

function give(answer: Answer): void {
  const buffers = (answer.results ?? []).flatMap(({ columns }) => columns.map((c) => c.buffer));
  port.postMessage(answer, buffers as ArrayBuffer[]);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

async function answer(request: Request): Promise<void> {
  const { id, connection } = request;
  try {
    if ("close" in request) {
      servers.delete(connection);
      await close(connection, watch.isEnding ? 0 : LAST_WORD_SECONDS);
      return give({ id, results: [] });
    }
    if ("open" in request) servers.set(connection, request.open);
    const limitMs = "steps" in request ? request.limitMs : Infinity;
    const work = () => take(request);
    const results = await watch.guard(connection, servers.get(connection)!, limitMs, work);
    give({ id, results });
  } catch (error) {
    const failure = failureOf(error);
    if (isGivenUp(failure)) close(connection, 0).catch(() => {});
    give({ id, failure });
  }
}

/** Ends a connection; what is under way on it fails after some seconds. */
async function close(connection: number, seconds: number): Promise<void> {
  const sql = connections.get(connection);
  connections.delete(connection);
  await sql?.end({ timeout: seconds });
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<ThreadStart>) => void) | null;
}

// What a socket tells when nobody waits for it is told to whoever asks next.
addEventListener("unhandledrejection", (event) => event.preventDefault());
addEventListener("error", (event) => {
  event.preventDefault();
  watch.failAll(failureOf((event as ErrorEvent).error));
});

(globalThis as unknown as WorkerScope).onmessage = ({ data }) => {
  port = data.port;
  signal = new Int32Array(data.signal);
  port.onmessage = ({ data: request }: MessageEvent<Request>) => void answer(request);
  if (!data.heedsSignals) return;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => watch.stop());
  }
};
