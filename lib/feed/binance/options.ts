import type { StreamKind } from "../../market/mod.ts";
import type { FeedOptions } from "../venue/options.ts";
import type { BinanceRest } from "./rest.ts";

/** What a Binance feed follows and how. */
export interface BinanceFeedOptions extends FeedOptions {
  /** Which trades. Gaps of `aggTrade` are repaired, those of `trade` are lost. @default {"aggTrade"} */
  readonly streamKind?: StreamKind;
  /** Where sockets are opened, without the route. @default {"wss://fstream.binance.com"} */
  readonly wsUrl?: string;
  /** Where REST requests go; ignored when `rest` is given. @default {"https://fapi.binance.com"} */
  readonly restUrl?: string;
  /** A REST client to share, with its request weight. @default {a new one} */
  readonly rest?: BinanceRest;
  /** A symbol that never rests: its stream tells that a socket is alive. @default {"BTCUSDT"} */
  readonly heartbeatSymbol?: string;
}
