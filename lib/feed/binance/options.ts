import type { StreamKind } from "../../market/mod.ts";
import type { BinanceRest } from "./rest.ts";

/** What a Binance feed follows and how. */
export interface BinanceFeedOptions {
  /** The symbols to follow from the start, upper case as the exchange writes them. */
  readonly symbols: readonly string[];
  /** Ends the feed. */
  readonly signal: AbortSignal;
  /** Which trades. Gaps of `aggTrade` are repaired, those of `trade` are lost. @default {"aggTrade"} */
  readonly streamKind?: StreamKind;
  /** Where sockets are opened, without the route. @default {"wss://fstream.binance.com"} */
  readonly wsUrl?: string;
  /** Where REST requests go; ignored when `rest` is given. @default {"https://fapi.binance.com"} */
  readonly restUrl?: string;
  /** A REST client to share, with its request weight. @default {a new one} */
  readonly rest?: BinanceRest;
  /**
   * The last known trade id of each symbol, from which its chain continues; read when a symbol is
   * added. A symbol that is not in it starts with its first live trade.
   */
  readonly lastIds?: ReadonlyMap<string, number>;
  /** Called for every frame before anyone interprets it, with the local time in ns. */
  readonly onFrame?: (text: string, receivedNs: bigint) => void;
  /** How many frames may wait to be interpreted; more are dropped, counted and repaired. @default {65_536} */
  readonly queueCapacity?: number;
  /** How many trades may wait for missing ids, over all symbols. @default {100_000} */
  readonly holdCapacity?: number;
  /** How many symbols one socket carries. @default {200} */
  readonly symbolsPerSocket?: number;
  /** A symbol that never rests: its stream tells that a socket is alive. @default {"BTCUSDT"} */
  readonly heartbeatSymbol?: string;
  /** How far the watermark stays behind the newest exchange time, ms. @default {500} */
  readonly graceMs?: number;
  /** How long a missing id may arrive late on the socket before it counts as missing, ms. @default {250} */
  readonly reorderMs?: number;
  /** How long a connection attempt may take, ms. @default {10_000} */
  readonly connectTimeoutMs?: number;
  /** A stream without a first frame for so long is called silent, ms. @default {30_000} */
  readonly silentMs?: number;
  /** A socket without data for so long is replaced, ms. @default {15_000} */
  readonly staleMs?: number;
  /** Draws from [0, 1), for the jitter of delays. @default {Math.random} */
  readonly random?: () => number;
}
