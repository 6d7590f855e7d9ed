/**
 * What a venue says in one second of the worth of a perpetual contract, and of what holding it
 * costs. Of several in a second the first one counts.
 */
export interface Mark {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Start of the second in which the venue said it, ms since the epoch. */
  readonly timeMs: number;
  /** The price that positions are valued and closed out at, in quote per base; > 0. */
  readonly markPrice: number;
  /** The price at the spot markets that it is derived from; > 0, or `null` where none was told. */
  readonly indexPrice: number | null;
  /**
   * What falls due at `nextFundingMs` as it stands now, a fraction of the notional: above 0 long
   * positions pay short ones. `null` where no funding is due, as of a contract that is delisted.
   */
  readonly fundingRate: number | null;
  /** When funding is due next, ms since the epoch; `null` where none is. */
  readonly nextFundingMs: number | null;
}
