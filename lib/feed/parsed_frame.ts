import type { QuarantinedFrame } from "../market/mod.ts";
import type { QuarantineEvent, TradeEvent } from "./feed.ts";

/** An id that was used for something that is no market trade, with the frame that says so. */
export interface NonMarketTrade {
  /** Tells the outcomes apart. */
  readonly kind: "nonMarket";
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The id it used up. */
  readonly tradeId: number;
  /** When the venue sent the frame, ms since the epoch. */
  readonly eventTimeMs: number | null;
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
  /** The frame or row and why it is no trade. */
  readonly frame: QuarantinedFrame;
}

/** A frame of another stream: only its event time is of interest. */
export interface EventTimeFrame {
  /** Tells the outcomes apart. */
  readonly kind: "time";
  /** When the venue sent the frame, ms since the epoch. */
  readonly eventTimeMs: number;
}

/** The answer to a control frame. */
export interface ControlReply {
  /** Tells the outcomes apart. */
  readonly kind: "reply";
  /** The request it answers, or `null` where the exchange does not tell. */
  readonly id: number | null;
  /** What the exchange objects to, or `null` for an acknowledgement. */
  readonly error: { readonly code: number | null; readonly message: string } | null;
}

/** The exchange announces that it will close the connection. */
export interface ShutdownNotice {
  /** Tells the outcomes apart. */
  readonly kind: "shutdown";
}

/** Trades of a symbol may have been missed before this frame. */
export interface MissedNotice {
  /** Tells the outcomes apart. */
  readonly kind: "missed";
  /** The symbol. */
  readonly symbol: string;
}

/** What a text frame means. */
export type ParsedFrame =
  | TradeEvent
  | NonMarketTrade
  | QuarantineEvent
  | EventTimeFrame
  | ControlReply
  | ShutdownNotice
  | MissedNotice;
