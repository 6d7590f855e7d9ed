/**
 * Where trades come from: live sockets with repair over REST.
 *
 * A feed is an async iterable of batches of events; gaps, duplicates, frames set aside and the
 * state of connections are events like trades. Trades leave in id order per symbol, but for those of
 * a gap told before that could not be repaired soon.
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
export type { ConnectionHealth, Feed, FeedHealth, StreamHealth, StreamState } from "./feed.ts";
export { LatencyHistogram, type LatencySummary } from "./latency_histogram.ts";
export { FrameRecorder, type RecordingOptions } from "./recording.ts";
export { binanceFeed } from "./binance/binance_feed.ts";
export { parseMark } from "./binance/mark_message.ts";
export { type NumberedQuote, parseQuote } from "./binance/quote_message.ts";
export { type BinanceSideOptions, markFeed, quoteFeed } from "./binance/side_feeds.ts";
export { parseAnyFrame, parseFrame } from "./binance/message.ts";
export { bybitFeed } from "./bybit/bybit_feed.ts";
export { bybitFrameParser } from "./bybit/message.ts";
export { BYBIT_REST_URL, BYBIT_WS_URL, bybitNameOf, bybitSymbol } from "./bybit/names.ts";
export type { BybitFeedOptions } from "./bybit/options.ts";
export { BybitRest, type BybitRestOptions, type RecentTrades } from "./bybit/rest.ts";
export { ccxtFeed } from "./ccxt/ccxt_feed.ts";
export type { CcxtInstrument } from "./ccxt/instruments.ts";
export { CCXT_URL, ccxtSymbol } from "./ccxt/names.ts";
export type { CcxtFeedOptions } from "./ccxt/options.ts";
export { CcxtRest, type CcxtRestOptions } from "./ccxt/rest.ts";
export { baseQuantity } from "./okx/base_quantity.ts";
export type { OkxInstrument } from "./okx/instruments.ts";
export { parseOkxFrame } from "./okx/message.ts";
export { instIdOf, OKX_REST_URL, OKX_WS_URL, okxSymbol } from "./okx/names.ts";
export { okxFeed } from "./okx/okx_feed.ts";
export type { OkxFeedOptions } from "./okx/options.ts";
export { OkxRest, type OkxRestOptions, type OkxTradesQuery } from "./okx/rest.ts";
export type { ContractSizes } from "./okx/trade_row.ts";
export { mergedFeed } from "./merged_feed.ts";
export * from "./parsed_frame.ts";
export type { BinanceFeedOptions } from "./binance/options.ts";
export type { FeedOptions } from "./venue/options.ts";
export type { AggTradePayload, TradePayload } from "./binance/payload.ts";
export { BinanceRest, type BinanceRestOptions } from "./binance/rest.ts";
export { RestError, type RestErrorOptions } from "./rest_error.ts";
export type {
  AggTradesPage,
  AggTradesQuery,
  KlinesQuery,
  RejectedRow,
} from "./binance/rest_queries.ts";
export type { DayTicker, Kline } from "./binance/rest_shapes.ts";
export type { HoldBudget, MissingIds, Offer, Sequenced } from "./chain/sequenced.ts";
export { sequencedPage } from "./binance/sequenced_page.ts";
export type { Chain } from "./chain/chain.ts";
export { Sequencer } from "./chain/sequencer.ts";
export { SparseChain } from "./chain/sparse_chain.ts";
export {
  BINANCE_REST_URL,
  BINANCE_WS_URL,
  type Route,
  routeOf,
  socketUrl,
  streamName,
  type StreamType,
} from "./binance/urls.ts";
export type { SideEvent, SideFeed, SideFeedOptions, SideFrame } from "./side/side_feed.ts";
export { Watermark } from "./chain/watermark.ts";
export { WeightLimiter } from "./binance/weight_limiter.ts";
export {
  type ArchiveFile,
  type ArchiveKind,
  archivePath,
  BINANCE_ARCHIVE_URL,
  BinanceArchive,
  type BinanceArchiveOptions,
  type DownloadedFile,
} from "./binance/archive.ts";
export {
  type ArchivePart,
  archiveTrades,
  type ArchiveTradesOptions,
  type UnreadRow,
} from "./binance/archive_trades.ts";
