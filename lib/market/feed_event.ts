import type { Gap, QuarantinedFrame } from "./gap.ts";
import type { Trade } from "./trade.ts";

/**
 * A trade, in id order for its symbol. But for late ones: an id below one that was delivered lies in
 * a gap that was told `open` before that one, and has not been told `repaired` or `lost`.
 */
export interface TradeEvent {
  /** Tells the events apart. */
  readonly kind: "trade";
  /** The trade. */
  readonly trade: Trade;
  /** When the venue sent the frame, ms since the epoch; `null` for REST and archive rows. */
  readonly eventTimeMs: number | null;
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
  /** Of an aggregate from a socket: id of its last single trade, where the frame tells. */
  readonly lastFillId?: number;
}

/** An id that was seen and is no market trade: it counts as known, no bar holds it. It comes in order like a trade, or late like one. */
export interface SkippedEvent {
  /** Tells the events apart. */
  readonly kind: "skipped";
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The id. */
  readonly tradeId: number;
}

/**
 * A gap was opened, repaired or given up. An `open` one precedes the trades that follow the missing
 * ids; those come once it was repaired, or before that where it cannot be soon.
 *
 * A gap is named by venue, symbol and first missing id; a later event of the same name replaces the
 * earlier one, its last id included: of a gap of which only a part could be repaired the parts
 * follow as gaps of their own.
 */
export interface GapEvent {
  /** Tells the events apart. */
  readonly kind: "gap";
  /** The gap as it is known now. */
  readonly gap: Gap;
}

/** A frame was set aside. */
export interface QuarantineEvent {
  /** Tells the events apart. */
  readonly kind: "quarantine";
  /** The frame and the reason. */
  readonly frame: QuarantinedFrame;
}

/** A trade that was already known was dropped. */
export interface DuplicateEvent {
  /** Tells the events apart. */
  readonly kind: "duplicate";
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The id. */
  readonly tradeId: number;
}

/** No trade of the listed symbols earlier than `timeMs` will come, but for late ones. */
export interface WatermarkEvent {
  /** Tells the events apart. */
  readonly kind: "watermark";
  /** The symbols of which no id up to then is awaited, but for those in open gaps. */
  readonly symbols: readonly string[];
  /** Exchange time, ms since the epoch. */
  readonly timeMs: number;
}

/** A connection or stream changed its state; for logs, status and the quality table. */
export interface StatusEvent {
  /** Tells the events apart. */
  readonly kind: "status";
  /** What happened, in a word. */
  readonly status:
    | "connecting"
    | "open"
    | "live"
    | "silent"
    | "replaced"
    | "closed"
    | "reconnecting"
    | "notice";
  /** One sentence for a person. */
  readonly message: string;
  /** The symbols concerned, of a connection those it carries; empty where it concerns none. */
  readonly symbols: readonly string[];
}

/** The exchange's clock was compared with the local one. */
export interface ClockEvent {
  /** Tells the events apart. */
  readonly kind: "clock";
  /** Local clock minus exchange clock, ms; right to within half of `roundTripMs`. */
  readonly skewMs: number;
  /** How long the question took to be answered, ms. */
  readonly roundTripMs: number;
}

/** What a feed delivers, in order. */
export type FeedEvent =
  | TradeEvent
  | SkippedEvent
  | GapEvent
  | QuarantineEvent
  | DuplicateEvent
  | WatermarkEvent
  | StatusEvent
  | ClockEvent;
