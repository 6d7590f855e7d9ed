/** A fill or an aggregate of fills; price and quantity in units of its contract. */
export interface TradeRow {
  /** Trade id of a fill, aggregate id of an aggregate. */
  readonly id: number;
  /** Trade id of the first fill; `id` itself for a fill. */
  readonly firstId: number;
  /** Trade id of the last fill; `id` itself for a fill. */
  readonly lastId: number;
  /** Exchange time of the first fill, ms since the epoch. */
  readonly timeMs: number;
  /** Price, in price units. */
  readonly price: number;
  /** Quantity, in quantity units. */
  readonly quantity: number;
  /** Whether the taker sold: `m` on the wire. */
  readonly takerSold: boolean;
}
