/** The payload of `<symbol>@aggTrade`; ids and times are numbers, decimals are strings. */
export interface AggTradePayload {
  /** Event type. */
  readonly e: "aggTrade";
  /** Event time: when the exchange sent it, ms. */
  readonly E: number;
  /** Aggregate id, contiguous per symbol. */
  readonly a: number;
  /** Symbol, upper case. */
  readonly s: string;
  /** Price. */
  readonly p: string;
  /** Quantity, fills of retail price improvement orders included. */
  readonly q: string;
  /** Quantity without those fills; since 2025-12-31. */
  readonly nq?: string;
  /** First single trade id. */
  readonly f: number;
  /** Last single trade id. */
  readonly l: number;
  /** Time of the first fill, ms. */
  readonly T: number;
  /** Whether the buyer was the maker. */
  readonly m: boolean;
  /** 1: USD-M, 2: COIN-M; since 2026-06-30. */
  readonly st?: number;
}

/** The payload of `<symbol>@trade`. */
export interface TradePayload {
  /** Event type. */
  readonly e: "trade";
  /** Event time, ms. */
  readonly E: number;
  /** Trade time, ms. */
  readonly T: number;
  /** Symbol, upper case. */
  readonly s: string;
  /** Trade id. */
  readonly t: number;
  /** Price; `"0"` where `X` is `NA`. */
  readonly p: string;
  /** Quantity; `"0"` where `X` is `NA`. */
  readonly q: string;
  /** `MARKET`, or `INSURANCE_FUND`, `ADL`, `NA` and whatever comes: no market trades. */
  readonly X: string;
  /** Whether the buyer was the maker. */
  readonly m: boolean;
  /** 1: USD-M, 2: COIN-M. */
  readonly st?: number;
}
