import type { FeedOptions } from "../venue/options.ts";
import type { OkxInstrument } from "./instruments.ts";
import type { OkxRest } from "./rest.ts";

/** What an OKX feed follows and how. */
export interface OkxFeedOptions extends FeedOptions {
  /**
   * The instruments, by symbol: their contracts have different sizes. Looked into when a trade comes,
   * so that it may grow while the feed runs; trades of others are set aside.
   */
  readonly instruments: ReadonlyMap<string, OkxInstrument>;
  /** Where sockets are opened. @default {"wss://ws.okx.com:8443"} */
  readonly wsUrl?: string;
  /** Where REST requests go; ignored when `rest` is given. @default {"https://www.okx.com"} */
  readonly restUrl?: string;
  /** A REST client to share, with its pace. @default {a new one} */
  readonly rest?: OkxRest;
  /** A symbol that never rests: its candles tell that a socket is alive. @default {"okx:BTC-USDT-SWAP"} */
  readonly heartbeatSymbol?: string;
}
