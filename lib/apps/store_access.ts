import { dirname } from "node:path";
import {
  besideDatabase,
  certificateFile,
  isPostgres,
  passwordFile,
  serverOf,
} from "../store/mod.ts";
import type { Permissions, Place } from "./program.ts";

/** What the client of PostgreSQL looks for in the environment. */
const VARIABLES = ["PGPASSWORD", "PGPASSFILE", "HOME", "PGAPPNAME", "PGTARGETSESSIONATTRS"];

/** The folder of a database file; for a database on a server the one of what is kept beside it. */
export function storeFolder(database: string): string {
  return dirname(besideDatabase(database));
}

/** What a program needs, with what it needs to reach its database where that is on a server. */
export function withServer(needed: Permissions, options: unknown, place: Place): Permissions {
  const { database } = (options ?? {}) as { database?: unknown };
  if (typeof database !== "string" || !isPostgres(database)) return needed;
  const more = <T>(list: readonly T[] | true | undefined, ...others: T[]) =>
    list === true ? true : [...new Set([...list ?? [], ...others])];
  const files = [passwordFile(), certificateFile(database)].filter((file) => file !== null);
  return {
    ...needed,
    net: [...new Set([...needed.net ?? [], ...serverOf(database)])],
    // The thread that talks to the server loads its code when it starts.
    read: more(needed.read, `${place.project}/lib`, ...files),
    env: more(needed.env, ...VARIABLES),
  };
}
