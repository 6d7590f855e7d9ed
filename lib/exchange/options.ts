import type { ExchangeFaults } from "./faults.ts";

/** Trades made up from a seed by the market model. */
export interface SeededOptions {
  /** The same seed gives the same trades. */
  readonly seed: string | number;
  /** How many symbols, `BTCUSDT` first, or their names. @default {20} */
  readonly symbols?: number | readonly string[];
  /** Trades per second over all symbols, in the long run; > 0. @default {100} */
  readonly ratePerSecond?: number;
  /** Trades from before the start that REST can tell of, ms. @default {600_000} */
  readonly historyMs?: number;
  /** Exchange time at the start, ms since the epoch. @default {the local time} */
  readonly startMs?: number;
}

/** Trades played from captured lines, `<local time ns> <raw JSON>`, gzipped or plain. */
export interface ReplayOptions {
  /** The files, in any order; each is played once. */
  readonly files: readonly string[];
  /** How many times as fast as captured, > 0, or as fast as the clients read. @default {1} */
  readonly speed?: number | "max";
  /**
   * `subscribed`: when every captured symbol has a subscriber to one of its streams; `now`: at
   * once. @default {"subscribed"}
   */
  readonly start?: "subscribed" | "now";
}

/** How to start a simulated exchange. */
export interface ExchangeOptions {
  /** Trades from a seed or from captured files. */
  readonly source: SeededOptions | ReplayOptions;
  /** The port to listen on; 0 for any free one. @default {0} */
  readonly port?: number;
  /** The address to listen on. @default {"127.0.0.1"} */
  readonly hostname?: string;
  /** How many trades are kept for `trades()`, over all symbols. @default {1_000_000} */
  readonly keepTrades?: number;
  /** How many aggregates are kept for REST, over all symbols. @default {4_000_000} */
  readonly keepAggTrades?: number;
  /** Request weight one address may use in a minute. @default {2_400} */
  readonly weightPerMinute?: number;
  /** What happens to frames and answers on their way out. @default {nothing} */
  readonly faults?: ExchangeFaults;
}
