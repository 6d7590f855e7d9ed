/** What a venue says of one tradable contract. */
export interface Instrument {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The asset that is bought and sold, for example `BTC`. */
  readonly baseAsset: string;
  /** The asset prices are quoted in, for example `USDT`. */
  readonly quoteAsset: string;
  /** The venue's contract type as it writes it, for example `PERPETUAL`; new values occur. */
  readonly contractType: string;
  /** The venue's status as it writes it, for example `TRADING`; new values occur. */
  readonly status: string;
  /** Smallest price step, quote per base. */
  readonly tickSize: number;
  /** Smallest quantity step, base units. */
  readonly stepSize: number;
}

/** The venue code of Binance USD-M futures. */
export const BINANCE_USDM = "binance-usdm";

/** The venue code of OKX perpetual swaps. */
export const OKX_SWAP = "okx-swap";

/** The venue code of Bybit linear perpetuals. */
export const BYBIT_LINEAR = "bybit-linear";
