import { z } from "zod";
import { BYBIT_LINEAR, type Instrument } from "../../market/mod.ts";
import { bybitSymbol } from "./names.ts";

const positive = z.string().regex(/^\d+(\.\d+)?$/).transform(Number).pipe(z.number().positive());

/** A linear perpetual in USDT; its quantities are base units. */
const perpetual = z.object({
  symbol: z.string(),
  contractType: z.literal("LinearPerpetual"),
  status: z.string(),
  baseCoin: z.string(),
  quoteCoin: z.literal("USDT"),
  settleCoin: z.literal("USDT"),
  priceFilter: z.object({ tickSize: positive }),
  lotSizeFilter: z.object({ qtyStep: positive }),
}).transform((row): Instrument => ({
  venue: BYBIT_LINEAR,
  symbol: bybitSymbol(row.symbol),
  baseAsset: row.baseCoin,
  quoteAsset: row.quoteCoin,
  contractType: row.contractType,
  status: row.status,
  tickSize: row.priceFilter.tickSize,
  stepSize: row.lotSizeFilter.qtyStep,
}));

/** A page of instruments; futures with an end, those of other coins and of an unknown shape are left out. */
export const bybitInstrumentsShape = z.object({
  list: z.array(z.unknown()).transform((rows) =>
    rows.flatMap((row) => {
      const { data } = perpetual.safeParse(row);
      return data === undefined ? [] : [data];
    })
  ),
  nextPageCursor: z.string().default(""),
});
