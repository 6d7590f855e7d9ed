import type { LibraryVenue } from "./library.ts";

/** The hosts that ccxt knows of a venue, as `host:port`, each once. */
export function hostsOf(venue: LibraryVenue): string[] {
  const hosts: string[] = [];
  eachUrl(venue.urls.api, (url) => {
    const { hostname, port, protocol } = new URL(venue.implodeHostname(url));
    hosts.push(`${hostname}:${port || (/^(https|wss):$/.test(protocol) ? 443 : 80)}`);
    return url;
  });
  return [...new Set(hosts)].sort();
}

/** Has a venue reached at another address: every path stays, and what is a socket stays one. */
export function moveTo(venue: LibraryVenue, baseUrl: string): void {
  const base = baseUrl.replace(/\/$/, "");
  venue.urls.api = eachUrl(venue.urls.api, (url) => {
    const { pathname, search, protocol } = new URL(venue.implodeHostname(url));
    const path = pathname === "/" ? "" : pathname;
    return `${protocol.startsWith("ws") ? base.replace(/^http/, "ws") : base}${path}${search}`;
  });
}

function eachUrl(value: unknown, change: (url: string) => string): unknown {
  if (typeof value === "string") return /^(https?|wss?):/.test(value) ? change(value) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, eachUrl(inner, change)]),
  );
}
