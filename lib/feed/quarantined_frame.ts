import { BINANCE_USDM, type QuarantinedFrame, type QuarantineReason } from "../market/mod.ts";

const RAW_LENGTH = 2_000;

/**
 * Returns the record of a frame or row that is set aside, its text cut to 2,000 characters.
 *
 * @param of Venue, symbol, reason, text and local time of receipt; `tradeId` only where the id counts as
 *   seen from now on.
 * @returns The record.
 */
export function quarantinedFrame(of: {
  /** Left out by the venue with plain names. */
  readonly venue?: string;
  readonly symbol: string | null;
  readonly tradeId?: number;
  readonly reason: QuarantineReason;
  readonly raw: string;
  readonly receivedMs: number;
}): QuarantinedFrame {
  return {
    venue: of.venue ?? BINANCE_USDM,
    symbol: of.symbol,
    tradeId: of.tradeId ?? null,
    reason: of.reason,
    raw: of.raw.slice(0, RAW_LENGTH),
    receivedMs: of.receivedMs,
  };
}
