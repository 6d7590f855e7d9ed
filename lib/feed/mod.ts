/**
 * Where trades come from: live sockets with repair over REST.
 *
 * A feed is an async iterable of batches of events; gaps, duplicates, frames set aside and the
 * state of connections are events like trades. Trades leave in id order per symbol.
 *
 * ```ts
 * import { binanceFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = binanceFeed({ symbols: ["BTCUSDT", "ETHUSDT"], signal: AbortSignal.abort() });
 * deepStrictEqual([...feed.streams()], [["BTCUSDT", "pending"], ["ETHUSDT", "pending"]]);
 * ```
 *
 * @module
 */
export * from "./feed.ts";
export * from "./binance/binance_feed.ts";
export * from "./binance/message.ts";
export * from "./binance/payload.ts";
export * from "./binance/rest.ts";
export { RestError, type RestErrorOptions } from "./binance/rest_error.ts";
export type { DayTicker, Kline } from "./binance/rest_shapes.ts";
export * from "./binance/sequencer.ts";
export * from "./binance/urls.ts";
export * from "./binance/watermark.ts";
export * from "./binance/weight_limiter.ts";
