import { z } from "zod";
import { type Instrument, OKX_SWAP } from "../../market/mod.ts";
import { baseQuantity } from "./base_quantity.ts";
import { okxSymbol } from "./names.ts";

/** A swap of OKX; quantities are base units here, contracts there. */
export interface OkxInstrument extends Instrument {
  /** Base units of one contract, as a decimal. */
  readonly contractSize: string;
}

const decimal = z.string().regex(/^\d+(\.\d+)?$/);

/** A linear swap: its contracts are so many base units. Inverse ones are so many dollars. */
const linear = z.object({
  instId: z.string(),
  ctType: z.literal("linear"),
  ctVal: decimal,
  ctMult: decimal,
  ctValCcy: z.string(),
  settleCcy: z.string(),
  state: z.string(),
  tickSz: decimal,
  lotSz: decimal,
}).transform((row, context): OkxInstrument => {
  const size = baseQuantity(row.ctMult, row.ctVal);
  const contractSize = row.ctMult === "1" ? row.ctVal : decimalOf(size);
  const [tickSize, stepSize] = [Number(row.tickSz), baseQuantity(row.lotSz, contractSize)];
  if (!(size > 0 && tickSize > 0 && stepSize > 0)) context.addIssue("has no size or step > 0");
  return {
    venue: OKX_SWAP,
    symbol: okxSymbol(row.instId),
    baseAsset: row.ctValCcy,
    quoteAsset: row.settleCcy,
    contractType: "SWAP",
    status: row.state,
    tickSize,
    stepSize,
    contractSize,
  };
});

/** Inverse contracts and those of an unknown shape are left out. */
export const okxInstrumentsShape: z.ZodType<OkxInstrument[]> = z.array(z.unknown())
  .transform((rows) =>
    rows.flatMap((row) => {
      const { data } = linear.safeParse(row);
      return data === undefined ? [] : [data];
    })
  );

function decimalOf(size: number): string {
  return Number.isInteger(size) ? String(size) : size.toFixed(12).replace(/0+$/, "");
}
