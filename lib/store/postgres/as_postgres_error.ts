import { StoreError, type StoreErrorCode } from "../store_error.ts";
import type { PostgresLocation } from "./location.ts";
import type { Failure } from "./wire.ts";

/** Codes of a server that starts or ends, and of a socket that is called like one of a server. */
const OFFLINE = /^(57P0|08|EPIPE$|EBUSY$)/;
/** What is wrong with a certificate, as Node.js calls it. */
const CERTIFICATE = /CERT|^UNABLE_TO_|^ERR_TLS/;
/** What a server reports; every other code is of the client or the socket. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What codes do not tell. */
function wordsOf({ code, message }: Failure): string | null {
  if (/before secure TLS/.test(message)) {
    return "as it does not encrypt, which sslmode in the URL asks for: have it do so (ssl = on), or say sslmode=disable";
  }
  if (CERTIFICATE.test(code)) {
    return `as its certificate is not good for it (${message}): name the file of who vouches for it with sslrootcert, and the server as the certificate does`;
  }
  if (/no encryption$/.test(message)) {
    return "as it takes encrypted connections only: say sslmode=verify-full, or require, in the URL";
  }
  if (code === "42P07") {
    return `as a table is in the way (${message}): attach it again (ALTER TABLE … ATTACH PARTITION), or give it another name`;
  }
  return null;
}

const KINDS: readonly [RegExp, StoreErrorCode, (l: PostgresLocation) => string][] = [
  [
    /^(28|SASL|AUTH)/,
    "unreachable",
    (l) =>
      `as it does not let "${l.user}" in: check the user and the password (PGPASSWORD or ~/.pgpass), and its pg_hba.conf`,
  ],
  [
    /^3D000/,
    "missing",
    (l) => `as it has no database "${l.database}": make it with "createdb ${l.database}"`,
  ],
  [/^53100/, "full", () => "as its disk is full: free some space there"],
  [/^(55P03|40P01|40001|57014|53)/, "busy", () => "as it is busy: try again in a moment"],
  [
    /^42501|^25006/,
    "unreachable",
    (l) => `as "${l.user}" lacks the right: use a role that has it (docs/postgres.md)`,
  ],
  [
    /^22012/,
    "leased",
    () =>
      "as the session that writes is not the one that has the right to: connect to the server itself, or through a pooler that keeps a session together",
  ],
  [
    /^(TIMEOUT|CONNECT_TIMEOUT)$/,
    "offline",
    () => "as it does not answer: see whether the server hangs, or the network to it",
  ],
  [/^STOPPED$/, "stopped", () => "any longer as the program was told to end meanwhile"],
  [/^(58|XX)/, "corrupt", () => "as the server reports damage: look at its log"],
];

/** Returns what a failure of PostgreSQL means for a person; the password is nowhere in it. */
export function asPostgresError(location: PostgresLocation, failure: Failure): StoreError {
  const { url, host, port } = location;
  const { code, message } = failure;
  const cause = new Error(`${code} ${message}`);
  const words = wordsOf(failure);
  if (words !== null) {
    const text = `Cannot use PostgreSQL at ${host}:${port} ${words}`;
    // A network may have cut it just then.
    const kind = code === "ECONNRESET" ? "offline" : "unreachable";
    return new StoreError(kind, url, text, { cause });
  }
  for (const [pattern, kind, say] of KINDS) {
    if (pattern.test(code)) {
      const text = `Cannot use PostgreSQL at ${host}:${port} ${say(location)}`;
      return new StoreError(kind, url, text, { cause });
    }
  }
  if (OFFLINE.test(code) || code !== "" && !SQLSTATE.test(code)) {
    const text =
      `Cannot reach PostgreSQL at ${host}:${port} (${message}): is it running, and does it listen there?`;
    return new StoreError("offline", url, text, { cause });
  }
  return new StoreError("unreachable", url, `Cannot use "${url}": ${message}`, { cause });
}
