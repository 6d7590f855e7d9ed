/** Where sockets are opened, unless configured otherwise. */
export const BYBIT_WS_URL = "wss://stream.bybit.com";

/** Where REST requests go, unless configured otherwise. */
export const BYBIT_REST_URL = "https://api.bybit.com";

const PREFIX = "bybit:";

/**
 * Returns the name under which an instrument of Bybit is stored.
 *
 * @example The name among those of all venues
 * ```ts
 * import { bybitSymbol } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(bybitSymbol("BTCUSDT"), "bybit:BTCUSDT");
 * ```
 *
 * @param name What Bybit calls it.
 * @returns The symbol.
 */
export function bybitSymbol(name: string): string {
  return `${PREFIX}${name}`;
}

/**
 * Returns what Bybit calls a symbol; the inverse of `bybitSymbol()`.
 *
 * @example The name at the venue
 * ```ts
 * import { bybitNameOf } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(bybitNameOf("bybit:BTCUSDT"), "BTCUSDT");
 * ```
 *
 * @param symbol The symbol, with or without the venue before it.
 * @returns The name.
 */
export function bybitNameOf(symbol: string): string {
  return symbol.startsWith(PREFIX) ? symbol.slice(PREFIX.length) : symbol;
}
