/** Where sockets are opened, unless configured otherwise. */
export const OKX_WS_URL = "wss://ws.okx.com:8443";

/** Where REST requests go, unless configured otherwise. */
export const OKX_REST_URL = "https://www.okx.com";

const PREFIX = "okx:";

/**
 * Returns the name under which an instrument of OKX is stored.
 *
 * @example The name among those of all venues
 * ```ts
 * import { okxSymbol } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(okxSymbol("BTC-USDT-SWAP"), "okx:BTC-USDT-SWAP");
 * ```
 *
 * @param instId What OKX calls it.
 * @returns The symbol.
 */
export function okxSymbol(instId: string): string {
  return `${PREFIX}${instId}`;
}

/**
 * Returns what OKX calls a symbol; the inverse of `okxSymbol()`.
 *
 * @example The name at the venue
 * ```ts
 * import { instIdOf } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(instIdOf("okx:BTC-USDT-SWAP"), "BTC-USDT-SWAP");
 * ```
 *
 * @param symbol The symbol, with or without the venue before it.
 * @returns The instrument's id.
 */
export function instIdOf(symbol: string): string {
  return symbol.startsWith(PREFIX) ? symbol.slice(PREFIX.length) : symbol;
}
