/**
 * The thread that talks to PostgreSQL for one that waits: it owns the asynchronous connections.
 *
 * @module
 */
import { connect as connectSocket, type Socket } from "node:net";
import { setDefaultHighWaterMark } from "node:stream";
import type postgres from "npm:postgres@3.4.9";
import { ColumnDecoder } from "./column_decoder.ts";
import type { Answer, ConnectionOptions, Failure, Request, Step, StepResult } from "./wire.ts";

/** A connection that cannot be made is given up after this time, s. */
const CONNECT_SECONDS = 3;
/** Bytes of a COPY that are given to the socket at a time. */
const CHUNK_BYTES = 1 << 18;
/** The types int8 and numeric count up to 2^53 here: everything stored as such is that small. */
const NUMBERS = { to: 20, from: [20, 1700], serialize: String, parse: Number };
/** JSON stays the text it is. */
const JSON_TEXT = { to: 114, from: [114, 3802], serialize: String, parse: (text: string) => text };

/** How soon a server notices that a client is gone: what holds a lock must not hold it for hours. */
const KEEPALIVE = {
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  idle_in_transaction_session_timeout: 60_000,
} as const;

/** What the client would look for in variables that a program need not be allowed to read. */
const STANDARD = {
  sslnegotiation: null,
  max_pipeline: 100,
  keep_alive: 60,
  prepare: true,
  debug: false,
  publications: "alltables",
  target_session_attrs: undefined,
};

// The client stops reading its socket when a COPY is ahead of who takes it, and does not go on where
// that was the last of it: every later answer would be waited for in vain.
setDefaultHighWaterMark(false, 2 ** 30);

const connections = new Map<number, postgres.Sql>();
/** The end of what each connection has been asked. */
const tails = new Map<number, Promise<void>>();

/**
 * A socket that sends at once. The client's own gathers: the end of a COPY then waits some 40 ms, until
 * the server acknowledges its rows.
 */
function socketTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port, noDelay: true, timeout: 1_000 * CONNECT_SECONDS });
    socket.once("connect", () => {
      resolve(Object.assign(socket.setTimeout(0), { host, port }));
    });
    socket.once("timeout", () => {
      socket.destroy(Object.assign(new Error("connection timed out"), { code: "CONNECT_TIMEOUT" }));
    });
    socket.once("error", reject);
  });
}

async function open(connection: number, options: ConnectionOptions): Promise<postgres.Sql> {
  const { default: connect } = await import("npm:postgres@3.4.9");
  const { host, port, database, user, password, sslMode, name } = options;
  return connect({
    ...{ host, port, database, user, password: password ?? "" },
    ssl: sslMode === "disable" ? false : sslMode,
    socket: () => socketTo(host, port),
    // One connection, so that statements follow each other and a lock of the session stays held.
    max: 1,
    ...STANDARD,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: CONNECT_SECONDS,
    backoff: () => 0,
    fetch_types: false,
    connection: { application_name: name, search_path: "tandem", ...KEEPALIVE },
    types: { bigint: NUMBERS, json: JSON_TEXT },
    onnotice() {},
    // A lost connection is not made again behind the back of whoever holds a lock with it.
    onclose: () => void connections.delete(connection),
  } as postgres.Options<Record<string, postgres.PostgresType>>);
}

async function take(request: Request): Promise<StepResult[]> {
  const { connection } = request;
  if ("open" in request) {
    const sql = await open(connection, request.open);
    connections.set(connection, sql);
    await sql.unsafe("SELECT 1");
    return [];
  }
  const sql = connections.get(connection);
  if ("close" in request) {
    connections.delete(connection);
    await sql?.end({ timeout: 1 });
    return [];
  }
  if (sql === undefined) throw { code: "CONNECTION_CLOSED", message: "the connection was lost" };
  if (request.grouping === "plain") return await runAll(sql, request.steps);
  await sql.unsafe("BEGIN");
  try {
    const results = await runTogether(sql, request.steps);
    await sql.unsafe("COMMIT");
    return results;
  } catch (error) {
    // On a new connection there would be nothing to roll back.
    if (connections.get(connection) === sql) await sql.unsafe("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function runAll(sql: postgres.Sql, steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) results.push(await run(sql, step));
  return results;
}

/**
 * Runs the steps of a transaction. Statements that follow each other are sent together: after one
 * that fails the server refuses the others, and that failure comes first.
 */
async function runTogether(sql: postgres.Sql, steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (let from = 0; from < steps.length;) {
    const isAlone = !("sql" in steps[from]!);
    const end = steps.findIndex((step, k) => k > from && (isAlone || !("sql" in step)));
    const to = end === -1 ? steps.length : end;
    const group = steps.slice(from, to).map((step) => run(sql, step));
    results.push(...await Promise.all(group));
    from = to;
  }
  return results;
}

async function run(sql: postgres.Sql, step: Step): Promise<StepResult> {
  if ("sql" in step) {
    const rows = step.args === undefined
      ? await sql.unsafe(step.sql)
      : await sql.unsafe(step.sql, step.args as never[], { prepare: true });
    return { rows: [...rows], count: rows.count ?? 0, columns: [] };
  }
  if ("columns" in step) {
    const decoder = new ColumnDecoder(step.width);
    const query = sql.unsafe(`COPY (${step.columns}) TO STDOUT (FORMAT binary)`);
    for await (const chunk of await query.readable()) decoder.push(chunk);
    return { rows: [], count: decoder.length, columns: decoder.columns() };
  }
  const stream = await sql.unsafe(step.copy).writable();
  await new Promise<void>((resolve, reject) => {
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
  try {
    give({ id: request.id, results: await take(request) });
  } catch (error) {
    give({ id: request.id, failure: failureOf(error) });
  }
  if ("close" in request) tails.delete(request.connection);
}

interface WorkerScope {
  onmessage:
    | ((event: MessageEvent<{ port: MessagePort; signal: SharedArrayBuffer }>) => void)
    | null;
}

// What a socket tells when nobody waits for it is told to whoever asks next.
addEventListener("unhandledrejection", (event) => event.preventDefault());

(globalThis as unknown as WorkerScope).onmessage = ({ data }) => {
  port = data.port;
  signal = new Int32Array(data.signal);
  port.onmessage = ({ data: request }: MessageEvent<Request>) => {
    // One after the other: whoever waited too long may ask the next while the last is under way.
    const before = tails.get(request.connection) ?? Promise.resolve();
    tails.set(request.connection, before.then(() => answer(request)));
  };
};
