import type { Gap, Trade } from "../../market/mod.ts";

/** What a feed follows and how, whatever the venue. */
export interface FeedOptions {
  /** The symbols to follow from the start, upper case as the exchange writes them. */
  readonly symbols: readonly string[];
  /** Ends the feed. */
  readonly signal: AbortSignal;
  /**
   * The last known trade id of each symbol, from which its chain continues; read when a symbol is
   * added. A symbol that is not in it starts with its first live trade.
   */
  readonly lastIds?: ReadonlyMap<string, number>;
  /**
   * The open gaps of a symbol, in id order, to be repaired on; asked when it is added. Every id of
   * them is missing, and every other one up to the last known one is not.
   */
  readonly openGaps?: (symbol: string) => readonly Gap[];
  /**
   * The newest known trades of a symbol whose ids are not counted, of a minute or more, in id order;
   * asked when it is added. Only by them is a trade that comes late told from one that comes twice.
   */
  readonly recent?: (symbol: string) => readonly Trade[];
  /**
   * In place of `recent`, where somebody else knows it: up to this id everything counts as known, and
   * those after it, up to the last known one, are told again as far as REST tells them; `null` where
   * all up to the last one are known.
   */
  readonly sureId?: (symbol: string) => number | null;
  /** Called for every frame before anyone interprets it, with the local time in ns. */
  readonly onFrame?: (text: string, receivedNs: bigint) => void;
  /** How many frames may wait to be interpreted; more are dropped, counted and repaired. @default {65_536} */
  readonly queueCapacity?: number;
  /** How many trades may wait for missing ids, over all symbols. @default {100_000} */
  readonly holdCapacity?: number;
  /**
   * How long missing ids hold up the live trades of their symbol, ms of exchange time; then these go
   * on, and the ids are delivered late. @default {10_000}
   */
  readonly holdMs?: number;
  /** How many symbols one socket carries, 1 to 1,000. @default {200} */
  readonly symbolsPerSocket?: number;
  /** Whether two sockets carry the same symbols, so that one may fail. @default {false} */
  readonly redundant?: boolean;
  /** How far the watermark stays behind the newest exchange time, ms. @default {500} */
  readonly graceMs?: number;
  /** How long a missing id may arrive late on the socket before it counts as missing, ms. @default {250} */
  readonly reorderMs?: number;
  /**
   * Between questions about missing ids that the exchange refuses for a reason that does not pass by
   * itself, such as 451, ms. @default {60_000}
   */
  readonly refusedMs?: number;
  /** The least time between two connection attempts, ms. @default {1_000} */
  readonly connectSpacingMs?: number;
  /** How long a connection attempt may take, ms. @default {10_000} */
  readonly connectTimeoutMs?: number;
  /** A stream without a first frame for so long is called silent, ms. @default {30_000} */
  readonly silentMs?: number;
  /** A socket without data for so long is replaced, ms. @default {15_000} */
  readonly staleMs?: number;
  /** A stream without a frame for so long is looked into over REST, ms. @default {60_000} */
  readonly quietMs?: number;
  /** A socket that lags so far behind the exchange's clock, for as long, is replaced, ms. @default {5_000} */
  readonly lagMs?: number;
  /**
   * At about which age (give or take 3 %) a socket is replaced by another before the exchange cuts
   * it off after 24 hours, ms. @default {82_800_000}
   */
  readonly rotateMs?: number;
  /** How long both carry the streams then, at least, ms; at most 20 times as long. @default {3_000} */
  readonly overlapMs?: number;
  /** Draws from [0, 1), for the jitter of delays. @default {Math.random} */
  readonly random?: () => number;
}

/** The options that have a default, whole. */
export type FeedSettings = Required<
  Omit<FeedOptions, "symbols" | "signal" | "lastIds" | "openGaps" | "recent" | "sureId" | "onFrame">
>;

/** Binance refuses the 1,025th stream of a socket together with all others. */
const MOST_SYMBOLS_PER_SOCKET = 1_000;

/**
 * Returns the options with the defaults of those that were not given.
 *
 * @throws {RangeError} If one socket would carry too many symbols, or none.
 */
export function feedSettings(options: FeedOptions): FeedSettings {
  const settings: FeedSettings = {
    queueCapacity: 65_536,
    holdCapacity: 100_000,
    holdMs: 10_000,
    symbolsPerSocket: 200,
    redundant: false,
    graceMs: 500,
    reorderMs: 250,
    refusedMs: 60_000,
    connectSpacingMs: 1_000,
    connectTimeoutMs: 10_000,
    silentMs: 30_000,
    staleMs: 15_000,
    quietMs: 60_000,
    lagMs: 5_000,
    rotateMs: 23 * 3_600_000,
    overlapMs: 3_000,
    random: Math.random,
    ...options,
  };
  const { symbolsPerSocket } = settings;
  const isFine = Number.isInteger(symbolsPerSocket) && symbolsPerSocket >= 1 &&
    symbolsPerSocket <= MOST_SYMBOLS_PER_SOCKET;
  if (!isFine) {
    throw new RangeError(
      `Cannot connect as "symbolsPerSocket" must be a whole number from 1 to ${MOST_SYMBOLS_PER_SOCKET}: current value is ${symbolsPerSocket}`,
    );
  }
  return settings;
}
