import { ccxtNameOf, type Instrument, venueOf } from "../../market/mod.ts";
import { OTHER_DOORS } from "../other_doors.ts";
import { ProgramError } from "../program.ts";

/** What venues call an instrument that trades. */
const TRADING: ReadonlySet<string> = new Set(["TRADING", "live", "Trading", "active"]);

/** A contract as ccxt names it that is settled in what it is on: `BTC/USD:BTC`. */
const SETTLED_IN_BASE = /:([^/:]+)\/[^/:]+:\1(?:-|$)/;

/**
 * The instruments to follow: those named, or with `all` every trading perpetual of a quote asset.
 *
 * @throws {ProgramError} If a name is not listed or not trading.
 */
export function chooseSymbols(
  listed: readonly Instrument[],
  wanted: { readonly symbols: readonly string[]; readonly all: boolean; readonly quote: string },
): string[] {
  const bySymbol = new Map(listed.map((i) => [i.symbol, i]));
  for (const symbol of wanted.symbols) {
    const instrument = bySymbol.get(symbol);
    if (instrument === undefined) {
      refuseInverse(symbol);
      const near = nearest(symbol, [...bySymbol.keys()]);
      throw new ProgramError(
        `Cannot ingest ${symbol} as the exchange does not list it${
          near === null ? "" : `: did you mean ${near}?`
        }`,
      );
    }
    if (!TRADING.has(instrument.status)) {
      throw new ProgramError(
        `Cannot ingest ${symbol} as it does not trade now: its status is ${instrument.status}`,
      );
    }
  }
  const all = wanted.all ? perpetualsOf(listed, wanted.quote) : [];
  if (wanted.all && all.length === 0) {
    throw new ProgramError(
      `Cannot ingest all symbols as no trading perpetual is quoted in ${wanted.quote}: choose another --quote`,
    );
  }
  return [...new Set([...wanted.symbols, ...all])].sort();
}

/** Of a contract whose size is an amount of dollars no quantity in base units is known. */
function refuseInverse(symbol: string): void {
  const door = OTHER_DOORS.find(({ code }) => code === venueOf(symbol)?.code);
  const inverse = ccxtNameOf(symbol) === null ? door?.inverse : SETTLED_IN_BASE;
  if (inverse?.test(symbol) !== true) return;
  throw new ProgramError(
    `Cannot ingest ${symbol} as it is an inverse contract, whose size is an amount of dollars: ` +
      "name the linear one, settled in USDT",
  );
}

/** The symbols of the perpetuals of a quote asset that trade. */
export function perpetualsOf(listed: readonly Instrument[], quote: string): string[] {
  return listed.filter((i) =>
    i.contractType === "PERPETUAL" && i.status === "TRADING" && i.quoteAsset === quote
  ).map((i) => i.symbol);
}

/** The name with the fewest single-letter changes, if they are few. */
function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const other of names) {
    const changes = editDistance(name, other);
    if (changes < fewest) [best, fewest] = [other, changes];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        next[j - 1]! + 1,
        row[j]! + 1,
        row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length]!;
}
