import { isAbsolute } from "node:path";
import { StoreError } from "../store_error.ts";

/** Where a database on a PostgreSQL server is, and as whom it is used. */
export interface PostgresLocation {
  /** The URL without its password: what may be shown. */
  readonly url: string;
  /** The server. */
  readonly host: string;
  /** Its TCP port. */
  readonly port: number;
  /** The database. */
  readonly database: string;
  /** The role. */
  readonly user: string;
  /** The password of the URL, or `null` where it has none. */
  readonly password: string | null;
  /** How the connection is encrypted, as libpq calls it. */
  readonly sslMode: SslMode;
  /** The file with the certificates that vouch for the server, or `null` for those of the system. */
  readonly sslRootCert: string | null;
}

/** The ways of encryption that are understood. */
export type SslMode = "disable" | "prefer" | "require" | "verify-full";

const SSL_MODES: readonly string[] = ["disable", "prefer", "require", "verify-full"];
const PARAMETERS: readonly string[] = ["sslmode", "sslrootcert"];
const STANDARD_PORT = 5432;
const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Returns whether a database is one on a PostgreSQL server, not a file.
 *
 * @example The two kinds of store
 * ```ts
 * import { isPostgres } from "tandem/store";
 * import { ok } from "node:assert/strict";
 *
 * ok(isPostgres("postgres://me@localhost/tandem"));
 * ok(!isPostgres("data/tandem.db"));
 * ```
 *
 * @param database What was given as the database.
 * @returns `true` for `postgres://…` and `postgresql://…`.
 */
export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}

/**
 * Reads `postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?sslmode=…&sslrootcert=FILE]`.
 *
 * @throws {StoreError} If it is not such a URL; the message does not repeat it, as it may hold a
 *   password.
 */
export function parsePostgres(text: string): PostgresLocation {
  const url = URL.canParse(text) ? new URL(text) : null;
  const database = decoded(url?.pathname.slice(1) ?? "");
  if (url === null || url.hostname === "" || url.username === "" || !/^[^/]+$/.test(database)) {
    throw unusable("it must look like postgres://USER@HOST:PORT/DATABASE");
  }
  const sslMode = url.searchParams.get("sslmode") ??
    (LOOPBACK.includes(url.hostname) ? "disable" : "prefer");
  const sslRootCert = url.searchParams.get("sslrootcert");
  const odd = url.searchParams.keys().find((key) => !PARAMETERS.includes(key));
  if (odd !== undefined) throw unusable(`"${odd}" in it means nothing here: leave it out`);
  if (!SSL_MODES.includes(sslMode)) {
    throw unusable(`sslmode must be one of ${SSL_MODES.join(", ")}`);
  }
  if (sslRootCert !== null && !(sslMode === "verify-full" && isAbsolute(sslRootCert))) {
    throw unusable("sslrootcert must be a whole path, and goes with sslmode=verify-full");
  }
  const password = decoded(url.password);
  url.password = "";
  return {
    url: url.href,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? STANDARD_PORT : Number(url.port),
    database,
    user: decoded(url.username),
    password: password === "" ? null : password,
    sslMode: sslMode as SslMode,
    sslRootCert,
  };
}

/**
 * Returns the path that files of a database begin with: of its log, of how its ingest is reached.
 * For a file that is the file itself; for one on a server it is in `data` of the project.
 *
 * @example A file stands for itself
 * ```ts
 * import { besideDatabase } from "tandem/store";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * strictEqual(besideDatabase("data/tandem.db"), "data/tandem.db");
 * ok(besideDatabase("postgres://me@db:5433/tandem").endsWith("/data/db-5433-tandem.postgres"));
 * ```
 *
 * @param database The database file, or the URL of one on a server.
 * @returns A path without an ending of its own.
 */
export function besideDatabase(database: string): string {
  if (!isPostgres(database)) return database;
  const { host, port, database: name } = parsePostgres(database);
  const file = `${host}-${port}-${name}`.replace(/[^\p{L}\p{N}._-]/gu, "_");
  return decodeURIComponent(new URL("../../../data/", import.meta.url).pathname) +
    `${file}.postgres`;
}

/**
 * Returns where the server of a database is, as permissions name it.
 *
 * @example The host that a program must reach
 * ```ts
 * import { serverOf } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(serverOf("postgres://me@db/tandem"), ["db:5432"]);
 * deepStrictEqual(serverOf("data/tandem.db"), []);
 * ```
 *
 * @param database The database file, or the URL of one on a server.
 * @returns `host:port`, or nothing for a file.
 * @throws {StoreError} If it is a URL that cannot be used.
 */
export function serverOf(database: string): string[] {
  if (!isPostgres(database)) return [];
  const { host, port } = parsePostgres(database);
  return [`${host.includes(":") ? `[${host}]` : host}:${port}`];
}

/** What percent signs stand for. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unusable('a "%" in it must be written as "%25"');
  }
}

function unusable(why: string): StoreError {
  return new StoreError("unreachable", "postgres://", `Cannot use this PostgreSQL URL: ${why}`);
}
