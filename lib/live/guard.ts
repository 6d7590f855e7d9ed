import { timingSafeEqual } from "node:crypto";
import { HubError } from "./hub_error.ts";

/** Who may use a hub. */
export interface Access {
  /** The address it listens on. */
  readonly hostname: string;
  /** What a request must carry, or `null` on loopback. */
  readonly token: string | null;
  /** Whether pages of any origin may read, if they carry the token in the path. */
  readonly allowAnyOrigin: boolean;
  /** Whether requests come through a proxy, which may keep the name it is known by as their Host. */
  readonly isProxied: boolean;
}

/** A request that may pass. */
export interface Admitted {
  /** The path without the token. */
  readonly path: string;
  /** Whether the token was in the path. */
  readonly byPath: boolean;
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

/** Whether an address can be reached from this machine alone. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.has(bare(hostname)) || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Checks Host, Origin and token of a request.
 *
 * The Host check stops a web page that points its own name at this address (DNS rebinding); the
 * Origin check stops pages of other sites from reading or opening sockets.
 *
 * @throws {HubError} 401, 403 or 421.
 */
export function admit(request: Request, access: Access): Admitted {
  const url = new URL(request.url);
  const { token } = access;
  const inPath = /^\/t\/([^/]*)(\/.*)?$/.exec(url.pathname);
  checkHost(request, access);
  if (token !== null) {
    const given = inPath?.[1] ?? url.searchParams.get("token") ??
      /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (given === undefined || given === null || !isSame(decode(given), token)) {
      throw new HubError(
        401,
        "unauthorized",
        "Cannot answer without the token: use the address that was printed at the start",
      );
    }
  }
  const byPath = token !== null && inPath !== null;
  if (!(byPath && access.allowAnyOrigin)) checkOrigin(request);
  return { path: byPath ? inPath[2] ?? "" : url.pathname, byPath };
}

function checkHost(request: Request, { hostname, token, isProxied }: Access): void {
  const host = request.headers.get("host") ?? "";
  const name = bare(host.replace(/:\d+$/, ""));
  const own = bare(hostname);
  const isAny = own === "0.0.0.0" || own === "::";
  // A page that points its own name here does not know the token.
  if (isProxied && token !== null) return;
  if (isLoopback(name) || name === own || (isAny && token !== null)) return;
  throw new HubError(421, "wrong_host", `Cannot answer for host "${host}"`);
}

/** An address without the brackets that IPv6 has in a URL. */
function bare(address: string): string {
  return address.replace(/^\[(.*)\]$/, "$1").toLowerCase();
}

function checkOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (origin === null) return;
  const host = request.headers.get("host");
  if (origin === `http://${host}` || origin === `https://${host}`) return;
  throw new HubError(403, "wrong_origin", `Cannot answer a page of "${origin}"`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => new TextEncoder().encode(text));
  return a!.length === b!.length && timingSafeEqual(a!, b!);
}
