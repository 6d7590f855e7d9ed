/** `open`: known and not yet repaired; `repaired`: every id was fetched; `lost`: gone for good. */
export type GapState = "open" | "repaired" | "lost";

/**
 * A range of trade ids that the live stream did not deliver. A gap is data, not an error. While it is
 * open, later trades may have come and some of its own, in any order.
 */
export interface Gap {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** First missing trade id; names the gap together with venue and symbol. */
  readonly firstMissingId: number;
  /** Last missing trade id, >= `firstMissingId`. */
  readonly lastMissingId: number;
  /** Exchange time at which the gap was seen, ms since the epoch. */
  readonly openedAtMs: number;
  /** Exchange time at which it was repaired or given up, ms since the epoch; `null` while open. */
  readonly closedAtMs: number | null;
  /** What became of it. */
  readonly state: GapState;
}

/** Why a frame or trade was set aside. */
export type QuarantineReason =
  | "not JSON"
  | "unknown frame"
  | "unknown symbol"
  | "missing field"
  | "wrong type"
  | "time out of range"
  | "price not positive"
  | "quantity not positive"
  | "not a market trade"
  | "crossed book"
  | "unknown place"
  | "conflicting duplicate";

/** A frame or trade that was received and not used, kept with the reason. */
export interface QuarantinedFrame {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol, or `null` where the frame does not tell. */
  readonly symbol: string | null;
  /** The trade id it consumed, or `null` where the frame does not tell. */
  readonly tradeId: number | null;
  /** Why it was set aside. */
  readonly reason: QuarantineReason;
  /** The text as received, cut to 2,000 characters. */
  readonly raw: string;
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
}
