import { StoreError } from "../store_error.ts";
import { isPostgres, parsePostgres, type PostgresLocation } from "./location.ts";
import type { ConnectionOptions } from "./wire.ts";

/**
 * Returns the file of the certificates that vouch for the server of a database.
 *
 * @example The file that a URL names
 * ```ts
 * import { certificateFile } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const url = "postgres://me@db/tandem?sslmode=verify-full&sslrootcert=/etc/db.pem";
 * strictEqual(certificateFile(url), "/etc/db.pem");
 * strictEqual(certificateFile("data/tandem.db"), null);
 * ```
 *
 * @param database The database file, or the URL of one on a server.
 * @returns What `sslrootcert` names, or `null` where nothing does.
 * @throws {StoreError} If it is a URL that cannot be used.
 */
export function certificateFile(database: string): string | null {
  return isPostgres(database) ? parsePostgres(database).sslRootCert : null;
}

/**
 * Reads the certificates that vouch for a server, PEM; `null` where the system knows them.
 *
 * @throws {StoreError} If the file of them cannot be read.
 */
export function authoritiesOf({ url, sslRootCert }: PostgresLocation): string | null {
  if (sslRootCert === null) return null;
  try {
    return Deno.readTextFileSync(sslRootCert);
  } catch (cause) {
    throw new StoreError(
      "unreachable",
      url,
      `Cannot read the certificates in "${sslRootCert}", which sslrootcert names: name a PEM file that can be read`,
      { cause },
    );
  }
}

/** How a connection is encrypted, as the client wants to be told. */
export function encryptionOf({ sslMode, authorities, host }: ConnectionOptions) {
  if (sslMode === "disable") return false;
  if (sslMode !== "verify-full" || authorities === null) return sslMode;
  return { ca: authorities, host, rejectUnauthorized: true };
}
