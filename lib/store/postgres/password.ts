import type { PostgresLocation } from "./location.ts";

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

function ofFile({ host, port, database, user }: PostgresLocation): string | null {
  const home = variable("HOME");
  const path = variable("PGPASSFILE") ?? (home === null ? null : `${home}/.pgpass`);
  if (path === null) return null;
  const wanted = [host, String(port), database, user];
  for (const line of readLines(path)) {
    // A colon or a backslash within a field is written after a backslash.
    const fields = line.match(/(?:\\.|[^:\\])*(?::|$)/g)?.map((f) =>
      f.replace(/:$/, "").replace(/\\(.)/g, "$1")
    );
    if (line.startsWith("#") || fields === undefined || fields.length < 5) continue;
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

/** A program that may not look at it has it from the launcher. */
function variable(name: string): string | null {
  try {
    return Deno.env.get(name) || null;
  } catch {
    return null;
  }
}
