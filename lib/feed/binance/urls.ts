import { checkedUrl } from "../checked_url.ts";
import type { StreamKind } from "../../market/mod.ts";

/** The two doors of the exchange's sockets; a stream lives behind exactly one of them. */
export type Route = "market" | "public";

/** The streams that are used, as the exchange spells them. */
export type StreamType = StreamKind | "bookTicker" | "markPrice@1s";

/** Where sockets are opened, unless configured otherwise. */
export const BINANCE_WS_URL = "wss://fstream.binance.com";

/** Where REST requests go, unless configured otherwise. */
export const BINANCE_REST_URL = "https://fapi.binance.com";

const ROUTES: Readonly<Record<StreamType, Route>> = {
  "aggTrade": "market",
  "markPrice@1s": "market",
  "trade": "public",
  "bookTicker": "public",
};

/**
 * Returns the route that delivers a stream. On the other one a subscription is acknowledged and
 * stays silent.
 *
 * @example Aggregates and single trades live apart
 * ```ts
 * import { routeOf } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([routeOf("aggTrade"), routeOf("trade")], ["market", "public"]);
 * ```
 *
 * @param type The stream's type.
 * @returns The route.
 */
export function routeOf(type: StreamType): Route {
  return ROUTES[type];
}

/**
 * Returns the address of a route's combined socket.
 *
 * @example The real exchange and a simulated one
 * ```ts
 * import { socketUrl } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(socketUrl("wss://fstream.binance.com", "market"),
 *   "wss://fstream.binance.com/market/stream");
 * strictEqual(socketUrl("ws://127.0.0.1:9000/", "public"), "ws://127.0.0.1:9000/public/stream");
 * ```
 *
 * @param baseUrl The address before the route, `ws:` or `wss:`.
 * @param route The route.
 * @returns The address to connect to.
 * @throws {TypeError} If `baseUrl` is not such an address.
 */
export function socketUrl(baseUrl: string, route: Route): string {
  return `${checkedUrl(baseUrl, "wsUrl", ["ws:", "wss:"])}/${route}/stream`;
}

/**
 * Returns the name of a stream. ASCII letters are lowered as the exchange demands; symbols of
 * other scripts stay as they are.
 *
 * @example A plain and a Chinese symbol
 * ```ts
 * import { streamName } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   [streamName("BTCUSDT", "markPrice@1s"), streamName("牛来USDT", "aggTrade")],
 *   ["btcusdt@markPrice@1s", "牛来usdt@aggTrade"],
 * );
 * ```
 *
 * @param symbol The symbol as the exchange writes it, upper case.
 * @param type The stream's type.
 * @returns The name to subscribe to.
 */
export function streamName(symbol: string, type: StreamType): string {
  return `${symbol.replace(/[A-Z]+/g, (ascii) => ascii.toLowerCase())}@${type}`;
}

/** A name list must leave room in 4 kB for the method and the id around it. */
const MAX_NAMES = 200;
const MAX_BYTES = 4_000;

/**
 * Splits stream names into lists that fit one control frame each: at most 200 names and, on the
 * wire, less than 4 kB (a larger frame is accepted and never answered).
 *
 * @param names The stream names.
 * @returns The lists, in order; none for no names.
 */
export function controlBatches(names: readonly string[]): string[][] {
  const batches: string[][] = [];
  const encoder = new TextEncoder();
  let bytes = Infinity;
  for (const name of names) {
    const size = encoder.encode(name).length + 3;
    if (bytes + size > MAX_BYTES || batches.at(-1)!.length === MAX_NAMES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(name);
    bytes += size;
  }
  return batches;
}
