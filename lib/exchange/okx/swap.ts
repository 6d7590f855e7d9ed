import { formatDecimal } from "../decimal.ts";
import type { TradeRow } from "../trade_row.ts";
import type { Market, MarketTape } from "../venue_market.ts";

/** A contract is ten of the smallest quantity steps. */
const STEPS_PER_CONTRACT_DECIMALS = 1;

/** A swap of the simulated OKX: the contract of the same market under its own name. */
export interface Swap {
  /** For example `BTC-USDT-SWAP`. */
  readonly instId: string;
  /** Base units of one contract, as a decimal. */
  readonly contractSize: string;
  readonly tape: MarketTape;
}

/** Returns the swap of a tape. */
export function swapOf(tape: MarketTape): Swap {
  const { baseAsset, quoteAsset, quantityPrecision } = tape.contract;
  const decimals = quantityPrecision - STEPS_PER_CONTRACT_DECIMALS;
  const contractSize = decimals > 0 ? formatDecimal(1, decimals) : String(10 ** -decimals);
  return { instId: `${baseAsset}-${quoteAsset}-SWAP`, contractSize, tape };
}

/** Returns the swap with a name, or `null`. */
export function findSwap({ tapes }: Market, instId: string | null): Swap | null {
  for (const tape of tapes.values()) {
    const swap = swapOf(tape);
    if (swap.instId === instId) return swap;
  }
  return null;
}

/** A row of `trades-all` and of `history-trades`; `sz` counts contracts. */
export function swapTradeRow({ instId, tape }: Swap, row: TradeRow): string {
  const px = formatDecimal(row.price, tape.contract.pricePrecision);
  const sz = formatDecimal(row.quantity, STEPS_PER_CONTRACT_DECIMALS);
  const side = row.takerSold ? "sell" : "buy";
  return `{"instId":"${instId}","tradeId":"${row.id}","px":"${px}","sz":"${sz}",` +
    `"side":"${side}","ts":"${row.timeMs}","source":"0"}`;
}
