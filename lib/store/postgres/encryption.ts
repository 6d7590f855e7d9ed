import { StoreError } from "../store_error.ts";
import type { PostgresLocation } from "./location.ts";
import type { ConnectionOptions } from "./wire.ts";

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
