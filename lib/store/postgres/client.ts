import { connect as connectSocket, type Socket } from "node:net";
import type postgres from "npm:postgres@3.4.9";
import { encryptionOf } from "./encryption.ts";
import type { ConnectionOptions } from "./wire.ts";

/** A connection, as the client of PostgreSQL has it. */
export type Connection = postgres.Sql;

/** The types int8 and numeric count up to 2^53 here: everything stored as such is that small. */
const NUMBERS = { to: 20, from: [20, 1700], serialize: String, parse: Number };
/** JSON stays the text it is. */
const JSON_TEXT = { to: 114, from: [114, 3802], serialize: String, parse: (text: string) => text };

/** What is set for a session, where the server knows it. */
const SETTINGS: Readonly<Record<string, string>> = {
  search_path: "tandem",
  // How soon a server notices that a client's host is gone: it must not hold a lock for hours, nor
  // work. Also while it waits for more of a COPY, for which it has no other limit.
  tcp_keepalives_idle: "4s",
  tcp_keepalives_interval: "2s",
  tcp_keepalives_count: "3",
  // Where the system knows it, it goes before the count.
  tcp_user_timeout: "10s",
  client_connection_check_interval: "10s",
  idle_in_transaction_session_timeout: "60s",
  // Who waits for the lock of another says so, and tries again.
  lock_timeout: "10s",
};

/** The first statement of a session; tells the encoding of its database. */
export const SET_UP = `SELECT current_setting('server_encoding') AS encoding,
  count(set_config(name, value, false))
FROM pg_settings JOIN (VALUES ${
  Object.entries(SETTINGS).map(([name, value]) => `('${name}', '${value}')`).join()
}) AS wanted (name, value) USING (name)`;

/** What the client would look for in variables that a program need not be allowed to read. */
const STANDARD = {
  sslnegotiation: null,
  max_pipeline: 100,
  keep_alive: 10,
  prepare: true,
  debug: false,
  publications: "alltables",
  target_session_attrs: undefined,
};

/** Makes a connection when it is first asked something; calls back when that is lost. */
export async function connectTo(
  options: ConnectionOptions,
  onLost: () => void,
): Promise<Connection> {
  const { default: connect } = await import("npm:postgres@3.4.9");
  const { host, port, database, user, password, name, connectMs } = options;
  return connect({
    ...{ host, port, database, user, password: password ?? "" },
    ssl: encryptionOf(options),
    socket: () => socketTo(options),
    // One connection, so that statements follow each other and a lock of the session stays held.
    max: 1,
    ...STANDARD,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: connectMs / 1_000,
    backoff: () => 0,
    fetch_types: false,
    connection: { application_name: name },
    types: { bigint: NUMBERS, json: JSON_TEXT },
    onnotice() {},
    onclose: onLost,
  } as postgres.Options<Record<string, postgres.PostgresType>>);
}

/**
 * A socket that sends at once. The client's own gathers: the end of a COPY then waits some 40 ms, until
 * the server acknowledges its rows.
 */
function socketTo({ host, port, connectMs }: ConnectionOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port, noDelay: true, timeout: connectMs });
    socket.once("connect", () => {
      resolve(Object.assign(socket.setTimeout(0), { host, port }));
    });
    socket.once("timeout", () => {
      socket.destroy(Object.assign(new Error("connection timed out"), { code: "CONNECT_TIMEOUT" }));
    });
    socket.once("error", reject);
  });
}
