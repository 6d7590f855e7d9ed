import type { CointegratedPair } from "./market_model.ts";
import type { Tape } from "./tape.ts";
import type { Market } from "./venue_market.ts";

/** A captured symbol nobody listens to yet. */
export interface AwaitedSymbol {
  /** The symbol. */
  readonly symbol: string;
  /** Its captured and derived streams; a subscriber to any of them is enough. */
  readonly streams: readonly string[];
}

/** Where the trades of the exchange come from. */
export interface Source {
  /** What was traded, by symbol. */
  readonly tapes: ReadonlyMap<string, Tape>;
  /** The truth behind the prices. */
  readonly pairs: readonly CointegratedPair[];
  /** The streams that a replay can send, such as `btcusdt@aggTrade`; `null` where that is all. */
  readonly streams: readonly string[] | null;
  /** Lines of a capture that hold no frame of a stream. */
  readonly skippedLines: number;
  /** Fulfilled when the last line of a replay was played, or on close; rejected if it cannot go on. */
  readonly finished: Promise<void>;
  /** The market as another venue than the first tells of it. */
  toldBy(venue: string): Market;
  /** The exchange's clock, ms since the epoch. Everything that happened before was sent. */
  clockMs(): number;
  /** The same clock for limits, ms: it goes on when the market falls behind, as that of clients does. */
  limitsMs(): number;
  /** What a replay waits for. */
  awaiting(): AwaitedSymbol[];
  /** Lists a new symbol. @throws {RangeError} If it was listed before, or what trades is given. */
  list(symbol: string): void;
  /** Ends the trading of a symbol. @throws {RangeError} If it does not trade, or what trades is given. */
  delist(symbol: string, status: string): void;
  /** Runs until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}
