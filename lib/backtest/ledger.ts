import { notionalSizes, unitSizes } from "../stats/mod.ts";
import type { BacktestColumns } from "./columns.ts";
import type { CheckedOptions } from "./options.ts";
import type { OpenPosition, PairTrade } from "./pair_trade.ts";
import type { ExitReason, Side } from "./signal.ts";

/** Marks a position to market bar by bar and books its fills; it decides nothing. */
export class Ledger {
  readonly gross: Float64Array;
  readonly cost: Float64Array;
  trades: PairTrade[] = [];
  grossY = 0;
  grossX = 0;
  fees = 0;
  slippage = 0;
  funding = 0;
  traded = 0;
  position: OpenPosition | null = null;
  /** Cost of the open position so far. */
  #tripCost = 0;
  readonly #columns: BacktestColumns;
  #options: CheckedOptions;

  constructor(columns: BacktestColumns, options: CheckedOptions) {
    this.#columns = columns;
    this.#options = options;
    this.gross = new Float64Array(columns.y.length);
    this.cost = new Float64Array(columns.y.length);
  }

  /** Begins anew on the same columns, with other options. */
  reset(options: CheckedOptions): void {
    this.#options = options;
    this.gross.fill(0);
    this.cost.fill(0);
    this.trades = [];
    this.grossY = this.grossX = 0;
    this.fees = this.slippage = this.funding = 0;
    this.traded = 0;
    this.position = null;
  }

  /** Values what was held into this bar at its close, and pays the funding due at its open. */
  mark(t: number): void {
    const position = this.position;
    if (position === null) return;
    const { y, x, fundingY, fundingX } = this.#columns;
    this.#earn(
      t,
      position.quantityY * (y[t]! - y[t - 1]!),
      position.quantityX * (x[t]! - x[t - 1]!),
    );
    this.#pay(t, position, fundingY, fundingX);
  }

  /** Pays the funding that falls due within this bar on what is held now. */
  payLater(t: number): void {
    const { laterFundingY, laterFundingX } = this.#columns;
    if (this.position !== null) this.#pay(t, this.position, laterFundingY, laterFundingX);
  }

  /** Takes a position at prices of this bar. */
  enter(
    t: number,
    order: { readonly side: Side; readonly hedgeRatio: number; readonly size: number },
    priceY: number,
    priceX: number,
  ): void {
    const { sizing } = this.#options;
    const { side, hedgeRatio } = order;
    const grossNotional = this.#options.grossNotional * order.size;
    const sizes = (sizing === "units" ? unitSizes : notionalSizes)({
      priceY,
      priceX,
      hedgeRatio,
      grossNotional,
      side,
    });
    this.#tripCost = 0;
    this.position = {
      side,
      entryBar: t,
      quantityY: sizes.y,
      quantityX: sizes.x,
      entryY: priceY,
      entryX: priceX,
    };
    const { slippageY, slippageX } = this.#columns;
    this.#trade(t, sizes.y, sizes.x, priceY, priceX, slippageY, slippageX);
  }

  /** Leaves the position at prices of this bar. */
  leave(t: number, reason: ExitReason, priceY: number, priceX: number): void {
    const position = this.position!;
    const { quantityY, quantityX, entryY, entryX, entryBar } = position;
    const { slippageY, slippageX, endSlippageY, endSlippageX } = this.#columns;
    const lossY = reason === "end" ? endSlippageY ?? slippageY : slippageY;
    const lossX = reason === "end" ? endSlippageX ?? slippageX : slippageX;
    this.#trade(t, -quantityY, -quantityX, priceY, priceX, lossY, lossX);
    const grossY = quantityY * (priceY - entryY);
    const grossX = quantityX * (priceX - entryX);
    const gross = grossY + grossX;
    const cost = this.#tripCost;
    this.trades.push({
      ...position,
      exitBar: t,
      exitY: priceY,
      exitX: priceX,
      reason,
      heldBars: t - entryBar,
      grossY,
      grossX,
      gross,
      cost,
      net: gross - cost,
    });
    this.position = null;
  }

  /** Books one fill of both legs: what the bar brings from its price to the close, and its cost. */
  #trade(
    t: number,
    quantityY: number,
    quantityX: number,
    priceY: number,
    priceX: number,
    lossY?: ArrayLike<number>,
    lossX?: ArrayLike<number>,
  ): void {
    const { y, x } = this.#columns;
    const { fee, slippage } = this.#options;
    this.#earn(t, quantityY * (y[t]! - priceY), quantityX * (x[t]! - priceX));
    const notionalY = Math.abs(quantityY) * priceY;
    const notionalX = Math.abs(quantityX) * priceX;
    const fees = fee.y * notionalY + fee.x * notionalX;
    const slipped = orElse(lossY?.[t], slippage.y) * notionalY +
      orElse(lossX?.[t], slippage.x) * notionalX;
    this.traded += notionalY + notionalX;
    this.fees += fees;
    this.slippage += slipped;
    this.#spend(t, fees + slipped);
  }

  #pay(
    t: number,
    { quantityY, quantityX }: OpenPosition,
    rateY: ArrayLike<number> | undefined,
    rateX: ArrayLike<number> | undefined,
  ): void {
    const { y, x } = this.#columns;
    const paid = (rateY?.[t] ?? 0) * quantityY * y[t - 1]! +
      (rateX?.[t] ?? 0) * quantityX * x[t - 1]!;
    this.funding += paid;
    this.#spend(t, paid);
  }

  #earn(t: number, amountY: number, amountX: number): void {
    this.gross[t]! += amountY + amountX;
    this.grossY += amountY;
    this.grossX += amountX;
  }

  #spend(t: number, amount: number): void {
    this.cost[t]! += amount;
    this.#tripCost += amount;
  }
}

/** A value of a column; what is assumed where it has none. */
function orElse(value: number | undefined, assumed: number): number {
  return value === undefined || Number.isNaN(value) ? assumed : value;
}
