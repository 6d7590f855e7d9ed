import { parsePostgres, type PostgresLocation } from "./location.ts";

/**
 * Returns the password for a server: that of the URL, else `PGPASSWORD`, else the first line of
 * `PGPASSFILE` or `~/.pgpass` that fits; `null` where nothing tells one.
 *
 * @param location The server, the database and the role.
 * @returns The password; never to be shown.
 */
export function passwordOf(location: PostgresLocation): string | null {
  return location.password ?? variable("PGPASSWORD") ?? ofFile(location);
}

/**
 * Takes the password out of a URL, and keeps it for this process and those it starts, as
 * `PGPASSWORD`: what names a database can then be shown, logged and passed on.
 *
 * @example A URL that may be shown
 * ```ts
 * import { withoutPassword } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(withoutPassword("postgres://me:secret@db/tandem"), "postgres://me@db/tandem");
 * strictEqual(Deno.env.get("PGPASSWORD"), "secret");
 * ```
 *
 * @param url The URL of a database on a server.
 * @returns The URL without a password.
 * @throws {StoreError} If it is not such a URL.
 */
export function withoutPassword(url: string): string {
  const { url: shown, password } = parsePostgres(url);
  if (password !== null) Deno.env.set("PGPASSWORD", password);
  return shown;
}

/**
 * Returns the file in which passwords of servers may be.
 *
 * @example The file of the environment
 * ```ts
 * import { passwordFile } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * Deno.env.set("PGPASSFILE", "/etc/tandem.pgpass");
 * strictEqual(passwordFile(), "/etc/tandem.pgpass");
 * ```
 *
 * @returns `PGPASSFILE`, else `.pgpass` of the home folder; `null` without either.
 */
export function passwordFile(): string | null {
  const home = variable("HOME");
  return variable("PGPASSFILE") ?? (home === null ? null : `${home}/.pgpass`);
}

function ofFile({ host, port, database, user }: PostgresLocation): string | null {
  const path = passwordFile();
  if (path === null) return null;
  const wanted = [host, String(port), database, user];
  for (const line of readLines(path)) {
    // A colon or a backslash within a field is written after a backslash; the last one may have any.
    const fields =
      /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):(.*?)\r?$/
        .exec(line)?.slice(1).map((field) => field.replace(/\\(.)/g, "$1"));
    if (line.startsWith("#") || fields === undefined) continue;
    if (wanted.every((word, k) => fields[k] === "*" || fields[k] === word)) return fields[4]!;
  }
  return null;
}

function readLines(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n");
  } catch {
    return [];
  }
}

/** A program that may not look at it has none. */
function variable(name: string): string | null {
  try {
    return Deno.env.get(name) || null;
  } catch {
    return null;
  }
}
