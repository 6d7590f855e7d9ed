/** Quotes that are meant to be worth one dollar, and the others that contracts are quoted in. */
const DOLLARS = ["FDUSD", "BUSD", "TUSD", "USDT", "USDC", "USD1", "USD"];
const OTHERS = ["BTC", "ETH", "BNB", "EUR", "TRY"];

const CONTRACT = new RegExp(
  `^(?:1000000|10000|1000|1M)?(.+?)(${[...DOLLARS, ...OTHERS].join("|")})(?:_(?:PERP|\\d{6}))?$`,
);

/** What a contract is on and what it is quoted in, as its name tells. */
export interface Asset {
  /** The same for contracts on one asset: `BTC:USD` for BTCUSDT, BTCUSDC and BTCUSDT_260327. */
  readonly key: string;
  /** The quote asset, or `null` where the name does not tell. */
  readonly quote: string | null;
}

/** A swap as OKX names it. */
const SWAP = /^(.+)-(.+)-SWAP$/;
/** A market as ccxt names it. */
const UNIFIED = /^([^/]+)\/([^/:]+)(?::.+)?$/;

/** Reads the name of a contract: venue, multiples (`1000PEPE`) and delivery dates do not count. */
export function assetOf(symbol: string): Asset {
  const name = symbol.slice(symbol.indexOf(":") + 1).replace(SWAP, "$1$2")
    .replace(UNIFIED, "$1$2");
  const [, base, quote] = CONTRACT.exec(name) ?? [];
  if (base === undefined || quote === undefined) return { key: symbol, quote: null };
  return { key: `${base}:${DOLLARS.includes(quote) ? "USD" : quote}`, quote };
}
