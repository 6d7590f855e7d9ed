import type { LibraryMarket, LibraryTrade } from "./library.ts";

/** A trade as it is passed on; what is absent stays absent. */
export function row({ id, timestamp, symbol, side, price, amount, info }: LibraryTrade): unknown {
  return { id, timeMs: timestamp, symbol, side, price, amount, info };
}

/** What is passed on of a market; decimals are text. */
export function listing(market: LibraryMarket): unknown {
  const { symbol, base, quote, type, active, contract, linear, inverse, contractSize } = market;
  const { price, amount } = market.precision ?? {};
  return {
    ...{ symbol, base, quote, type, isActive: active ?? null, isLinear: linear ?? null },
    isInverse: inverse ?? null,
    contractSize: contract === true ? text(contractSize) : "1",
    ...{ tickSize: text(price), stepSize: text(amount) },
  };
}

function text(value: string | number | undefined): string | null {
  return value === undefined ? null : String(value);
}
