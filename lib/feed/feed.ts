import type { FeedEvent, StreamKind } from "../market/mod.ts";
import type { LatencySummary } from "./latency_histogram.ts";

export type {
  ClockEvent,
  DuplicateEvent,
  FeedEvent,
  GapEvent,
  QuarantineEvent,
  SkippedEvent,
  StatusEvent,
  TradeEvent,
  WatermarkEvent,
} from "../market/mod.ts";

/** The life of one subscribed stream: acknowledged is not live, only data is. */
export type StreamState = "pending" | "live" | "silent";

/** An open connection. */
export interface ConnectionHealth {
  /** How many symbols it carries. */
  readonly symbols: number;
  /** When it was opened, local ms since the epoch. */
  readonly openedMs: number;
  /** When data last came, local ms since the epoch; `null` before the first. */
  readonly lastDataMs: number | null;
  /** How long the fastest frame of the last second took to arrive, ms; `null` while not known. */
  readonly lagMs: number | null;
}

/** One stream. */
export interface StreamHealth {
  /** Whether it delivers. */
  readonly state: StreamState;
  /** Whether no id up to the newest one seen is missing. */
  readonly isWhole: boolean;
  /** When its last trade came, local ms since the epoch; `null` before the first. */
  readonly lastFrameMs: number | null;
  /** How long its frames took to arrive in the last minutes; `null` without any. */
  readonly latency: LatencySummary | null;
}

/** How a feed is. Latencies are from the exchange's event time to receipt, clocks corrected for. */
export interface FeedHealth {
  /** The clocks when they were last compared; `null` before. */
  readonly clock: {
    /** Local clock minus exchange clock, ms; right to within half of `roundTripMs`. */
    readonly skewMs: number;
    /** How long the question took to be answered, ms. */
    readonly roundTripMs: number;
    /** When that was, local ms since the epoch. */
    readonly comparedAtMs: number;
  } | null;
  /** The open connections. */
  readonly connections: readonly ConnectionHealth[];
  /** How long frames of all streams took in the last minutes; `null` without any. */
  readonly latency: LatencySummary | null;
  /** The streams, by symbol. */
  readonly streams: ReadonlyMap<string, StreamHealth>;
}

/**
 * Where trades come from.
 *
 * Iterating starts the feed; it ends when the signal given at creation is aborted, after the
 * frames already received were delivered. Events come in batches in the order they happened.
 */
export interface Feed extends AsyncIterable<readonly FeedEvent[]> {
  /** The venue code of every trade. */
  readonly venue: string;
  /** Which trades it carries. */
  readonly streamKind: StreamKind;
  /** Adds symbols while it runs; known ones are ignored. */
  add(symbols: readonly string[]): void;
  /** Removes symbols while it runs; unknown ones are ignored. */
  remove(symbols: readonly string[]): void;
  /** The symbols followed now and the state of each stream. */
  streams(): ReadonlyMap<string, StreamState>;
  /**
   * Asks the venue for the newest trade of each symbol, also of one that is not streamed any more,
   * and repairs what the stream did not tell; `health()` says when nothing is missing.
   */
  catchUp(symbols: readonly string[]): Promise<void>;
  /** How connections, streams and clocks are now. */
  health(): FeedHealth;
}
