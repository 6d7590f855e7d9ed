import type { FeedOptions } from "../venue/options.ts";
import type { BybitRest } from "./rest.ts";

/** What a Bybit feed follows and how. */
export interface BybitFeedOptions extends FeedOptions {
  /** Where sockets are opened. @default {"wss://stream.bybit.com"} */
  readonly wsUrl?: string;
  /** Where REST requests go; ignored when `rest` is given. @default {"https://api.bybit.com"} */
  readonly restUrl?: string;
  /** A REST client to share, with its pace. @default {a new one} */
  readonly rest?: BybitRest;
  /** A symbol that never rests: its tickers tell that a socket is alive. @default {"bybit:BTCUSDT"} */
  readonly heartbeatSymbol?: string;
  /**
   * How often at least the newest trades of a symbol are asked for and compared with those that the
   * socket told, ms; more often where as many as REST gives are traded in less than three times that
   * long. @default {60_000}
   */
  readonly checkMs?: number;
}
