/** A message to be sent. */
export interface OutgoingMessage {
  /** To which partition; a whole number in [0, `partitions`). */
  readonly partition: number;
  /** Names it: sent again under the same id soon after, it is in the log once. */
  readonly id: string;
  /** What it says. */
  readonly payload: Uint8Array;
}

/** What became of a message that was sent. */
export interface Receipt {
  /** Its place in the log: a whole number >= 1 that rises, over all partitions. */
  readonly sequence: number;
  /** Whether it was there already. */
  readonly isDuplicate: boolean;
}

/** A message as the log holds it. */
export interface LogMessage {
  /** Its partition. */
  readonly partition: number;
  /** Its place in the log. */
  readonly sequence: number;
  /** When the log took it, ms since the epoch by the clock of the log. */
  readonly storedMs: number;
  /** What it says. */
  readonly payload: Uint8Array;
}

/** A message on its way to a subscriber. */
export interface Delivery extends LogMessage {
  /** Tells the log that it has been dealt with for good; twice is the same as once. */
  acknowledge(): void;
}

/** What a subscriber asks for. */
export interface SubscribeOptions {
  /** Its name: where a subscriber of the name ended, the next goes on. Letters, digits, `_` and `-`. */
  readonly name: string;
  /** Which partition. */
  readonly partition: number;
  /**
   * The first place in the log that it wants; it then counts as having dealt with all before.
   *
   * @default {the first message that no subscriber of the name has acknowledged}
   */
  readonly fromSequence?: number;
  /** How many messages may be with it that it has not acknowledged. @default {64} */
  readonly mostInFlight?: number;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** Which messages of the past to read. */
export interface ReplayOptions {
  /** Which partition. */
  readonly partition: number;
  /** From this place in the log on. @default {from the oldest message kept} */
  readonly fromSequence?: number;
  /** From the first message on that the log took at or after this time, ms since the epoch. */
  readonly fromMs?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** How far a subscriber is behind. */
export interface SubscriberHealth {
  /** Its name. */
  readonly name: string;
  /** Which partition. */
  readonly partition: number;
  /** How many messages it has not acknowledged. */
  readonly behind: number;
}

/** How a bus is. */
export interface BusHealth {
  /** Whether the log can be reached now. */
  readonly isConnected: boolean;
  /** How many messages the log keeps. */
  readonly messages: number;
  /** How many bytes they take. */
  readonly bytes: number;
  /** Everyone who has subscribed. */
  readonly subscribers: readonly SubscriberHealth[];
}

/**
 * A log of messages between processes, divided into partitions.
 *
 * Messages of a partition that are sent one after the other, each when the one before was taken,
 * reach every subscriber in that order. A message is delivered until it is acknowledged; after a
 * crash it comes again, and so may one that was acknowledged a moment before the log itself crashed.
 * The log keeps messages for a while, whoever has read them.
 */
export interface Bus extends AsyncDisposable {
  /** How many partitions the log has. */
  readonly partitions: number;
  /** The same as long as it is the same log: one that was made anew counts its places anew. */
  readonly identity: string;
  /**
   * Sends a message; resolves once the log has it for good. Waits, and tries again, while the log
   * cannot be reached or the slowest subscriber is too far behind.
   *
   * @throws {BusError} If it can never be sent.
   * @throws The signal's reason, when it is aborted first: whether the log has it is then not known.
   */
  publish(message: OutgoingMessage, signal: AbortSignal): Promise<Receipt>;
  /**
   * Subscribes to a partition; ends with the signal. A later subscriber of the name takes over: the
   * former one's iteration throws.
   *
   * @throws {BusError} While iterating, when another one has taken over.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<Delivery>;
  /** Reads what the log holds at this moment, oldest first, and ends. */
  replay(options: ReplayOptions): AsyncIterable<LogMessage>;
  /**
   * Keeps a value under a key, in place of what was kept there.
   *
   * @param key Letters, digits, `_`, `-` and, between them, dots.
   */
  keep(key: string, payload: Uint8Array, signal: AbortSignal): Promise<void>;
  /**
   * Changes what is kept under a key; of several who do at once, each sees what the other kept.
   *
   * @param change Given what is kept, or `null`; answers with what to keep, or `null` to leave it.
   *   It may be called several times.
   */
  amend(
    key: string,
    change: (kept: Uint8Array | null) => Uint8Array | null,
    signal: AbortSignal,
  ): Promise<void>;
  /** The value kept under a key, or `null`; asks again while the log cannot be reached. */
  kept(key: string, signal: AbortSignal): Promise<Uint8Array | null>;
  /** How it is now. */
  health(): Promise<BusHealth>;
}
