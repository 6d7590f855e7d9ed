import { z } from "zod";
import { ccxtVenue, type Instrument } from "../../market/mod.ts";
import { baseQuantity } from "../okx/base_quantity.ts";
import { ccxtSymbol } from "./names.ts";

/** A market of a venue that ccxt knows; quantities are base units here, contracts there. */
export interface CcxtInstrument extends Instrument {
  /** What ccxt calls it. */
  readonly unified: string;
  /** Base units of one contract, as a decimal; `1` where base units are traded. */
  readonly contractSize: string;
}

/** A smallest step where none is told: eight decimals. */
const FINEST = 1e-8;

const step = z.string().nullable().transform((text) => Number(text ?? NaN))
  .transform((size) => size > 0 && size < Infinity ? size : FINEST);

/** A market in base units, or in contracts of so many. Inverse ones and options are neither. */
const market = z.object({
  symbol: z.string(),
  base: z.string().min(1),
  quote: z.string().min(1),
  type: z.enum(["spot", "margin", "swap", "future"]),
  isActive: z.boolean().nullable(),
  isInverse: z.literal(false).nullable(),
  contractSize: z.string().refine((size) => Number(size) > 0 && Number(size) < Infinity),
  tickSize: step,
  stepSize: step,
});

/** What a venue lists: of an unknown shape, inverse ones and options are left out. */
export function instrumentsOf(venue: string, rows: readonly unknown[]): CcxtInstrument[] {
  return rows.flatMap((row): CcxtInstrument[] => {
    const { data } = market.safeParse(row);
    if (data === undefined) return [];
    const { symbol: unified, base, quote, type, isActive, contractSize, tickSize } = data;
    return [{
      venue: ccxtVenue(venue).code,
      symbol: ccxtSymbol(venue, unified),
      baseAsset: base,
      quoteAsset: quote,
      contractType: type,
      // Some venues do not tell: then trades will.
      status: isActive === false ? "not active" : "active",
      tickSize,
      stepSize: data.stepSize * Number(contractSize),
      ...{ unified, contractSize },
    }];
  });
}

/** Base units of an amount, as ccxt tells it; `NaN` where it is no number >= 0. */
export function baseAmount(amount: string, contractSize: string): number {
  if (contractSize === "1") return Number(amount);
  const exact = baseQuantity(amount, contractSize);
  // With an exponent the two are multiplied as they are.
  return Number.isNaN(exact) ? Number(amount) * Number(contractSize) : exact;
}
