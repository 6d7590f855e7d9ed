import type { ExitReason, Side } from "./signal.ts";

/** A position in both legs from its entry on. Bars are numbers of columns, from 0. */
export interface OpenPosition {
  /** 1 bought the spread, -1 sold it. */
  readonly side: Side;
  /** Bar of the fill. */
  readonly entryBar: number;
  /** Quantity of the dependent leg, fixed until exit; below 0 is short. */
  readonly quantityY: number;
  /** Quantity of the hedge leg. */
  readonly quantityX: number;
  /** Price the entry is booked at. */
  readonly entryY: number;
  /** The same for the hedge leg. */
  readonly entryX: number;
}

/** A position that was left: one round trip in both legs, in quote units. */
export interface PairTrade extends OpenPosition {
  /** Bar of the fill that left it. */
  readonly exitBar: number;
  /** Price the exit is booked at. */
  readonly exitY: number;
  /** The same for the hedge leg. */
  readonly exitX: number;
  /** Why it was left. */
  readonly reason: ExitReason;
  /** Bars from fill to fill. */
  readonly heldBars: number;
  /** What the dependent leg made. */
  readonly grossY: number;
  /** What the hedge leg made. */
  readonly grossX: number;
  /** Both, before costs. */
  readonly gross: number;
  /** Fees, slippage and funding of the whole trip. */
  readonly cost: number;
  /** `gross - cost`. */
  readonly net: number;
}
