import { Random } from "../stats/mod.ts";
import { assetsOf, type Contract } from "./contract.ts";

/** A contract of the seeded source. */
export interface SeededContract extends Contract {
  /** Price at which the model starts, in quote. */
  readonly startPrice: number;
}

/** Name, start price, price precision, tick units, quantity precision; legs of a pair neighbour. */
const MAJORS: readonly (readonly [string, number, number, number, number])[] = [
  ["BTCUSDT", 83_000, 2, 10, 3],
  ["ETHUSDT", 2_700, 2, 1, 3],
  ["SOLUSDT", 160, 4, 100, 0],
  ["BNBUSDT", 900, 3, 10, 2],
  ["XRPUSDT", 2.3, 4, 1, 1],
  ["DOGEUSDT", 0.21, 5, 1, 0],
  ["ADAUSDT", 0.72, 5, 10, 0],
  ["TRXUSDT", 0.29, 5, 1, 0],
  ["LINKUSDT", 17, 3, 1, 2],
  ["DOTUSDT", 4.1, 3, 1, 1],
  ["AVAXUSDT", 26, 4, 10, 0],
  ["NEARUSDT", 2.6, 4, 10, 0],
  ["LTCUSDT", 95, 2, 1, 3],
  ["BCHUSDT", 520, 2, 1, 3],
  ["ETCUSDT", 18, 3, 1, 2],
  ["XLMUSDT", 0.31, 5, 1, 0],
  ["SUIUSDT", 3.4, 6, 100, 1],
  ["APTUSDT", 4.9, 5, 100, 1],
  ["ARBUSDT", 0.42, 6, 100, 1],
  ["OPUSDT", 0.71, 7, 1000, 1],
];

function madeUp(symbol: string): SeededContract {
  const random = new Random(`contract/${symbol}`);
  const magnitude = -2 + 4.5 * random.uniform();
  const startPrice = Number((10 ** magnitude).toPrecision(4));
  return {
    symbol,
    ...assetsOf(symbol),
    startPrice,
    pricePrecision: Math.max(0, 4 - Math.floor(magnitude)),
    tickUnits: 1,
    quantityPrecision: magnitude >= 2 ? 3 : magnitude >= 1 ? 2 : magnitude >= 0 ? 1 : 0,
  };
}

/**
 * The contracts of the seeded source: `BTCUSDT`, `ETHUSDT` and other majors with their real price
 * steps, then `SIM021USDT` and so on. A given name that is no major gets a price level and steps
 * that depend on the name alone.
 */
export function seededContracts(symbols: number | readonly string[]): SeededContract[] {
  if (typeof symbols === "number" && !(Number.isInteger(symbols) && symbols > 0)) {
    throw new RangeError(
      `Cannot simulate as "symbols" must be a whole number > 0: current value is ${symbols}`,
    );
  }
  const names = typeof symbols === "number"
    ? Array.from(
      { length: symbols },
      (_, i) => MAJORS[i]?.[0] ?? `SIM${String(i + 1).padStart(3, "0")}USDT`,
    )
    : symbols;
  const areNames = names.every((n) => /^[\p{L}\p{N}_]+$/u.test(n) && n === n.toUpperCase());
  if (!areNames || names.length === 0 || new Set(names).size !== names.length) {
    throw new RangeError(
      `Cannot simulate as "symbols" must be different upper-case names: current value is ${
        JSON.stringify(names)
      }`,
    );
  }
  return names.map((symbol) => {
    const major = MAJORS.find(([name]) => name === symbol);
    if (major === undefined) return madeUp(symbol);
    const [, startPrice, pricePrecision, tickUnits, quantityPrecision] = major;
    const assets = assetsOf(symbol);
    return { symbol, ...assets, startPrice, pricePrecision, tickUnits, quantityPrecision };
  });
}

/** The price step of a major in units of 10^-`pricePrecision`; 1 where it is not known. */
export function knownTickUnits(symbol: string, pricePrecision: number): number {
  const major = MAJORS.find(([name]) => name === symbol);
  return major !== undefined && major[2] === pricePrecision ? major[3] : 1;
}
