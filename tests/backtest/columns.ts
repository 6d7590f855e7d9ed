import fc from "npm:fast-check@4.10.2";
import type { BacktestColumns, BacktestOptions } from "../../lib/backtest/mod.ts";
import { normal, uniform } from "../support/random.ts";

/** Columns of a pair whose z-score wanders, with missing numbers, silent bars, opens, funding and spreads. */
export function randomColumns(seed: number, count: number): Required<BacktestColumns> {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  const column = () => new Float64Array(count);
  const columns = {
    y: column(),
    x: column(),
    yOpen: column(),
    xOpen: column(),
    zScore: column(),
    hedgeRatio: column(),
    fundingY: column(),
    fundingX: column(),
    slippageY: column(),
    slippageX: column(),
    laterFundingY: column(),
    laterFundingX: column(),
    endSlippageY: column(),
    endSlippageX: column(),
    tradable: new Uint8Array(count),
    size: column(),
  };
  const sizes = uniform(seed + 2);
  const spreads = uniform(seed + 3);
  const later = normal(seed + 4);
  let [y, x, z] = [1_200, 80, 0];
  for (let t = 0; t < count; t++) {
    columns.yOpen[t] = y * Math.exp(1e-3 * next());
    columns.xOpen[t] = x * Math.exp(1e-3 * next());
    y *= Math.exp(5e-3 * next());
    x *= Math.exp(5e-3 * next());
    z = 0.8 * z + 1.5 * next();
    columns.y[t] = y;
    columns.x[t] = x;
    columns.zScore[t] = chance() < 0.1 ? NaN : z;
    columns.hedgeRatio[t] = chance() < 0.1 ? NaN : 1 + next();
    columns.fundingY[t] = chance() < 0.2 ? 1e-4 * next() : 0;
    columns.fundingX[t] = chance() < 0.2 ? 1e-4 * next() : 0;
    columns.slippageY[t] = spreads() < 0.3 ? NaN : 2e-3 * spreads();
    columns.slippageX[t] = spreads() < 0.3 ? NaN : 2e-3 * spreads();
    columns.laterFundingY[t] = spreads() < 0.3 ? 1e-3 * later() : 0;
    columns.laterFundingX[t] = spreads() < 0.3 ? 1e-3 * later() : 0;
    columns.endSlippageY[t] = spreads() < 0.3 ? NaN : 2e-3 * spreads();
    columns.endSlippageX[t] = spreads() < 0.3 ? NaN : 2e-3 * spreads();
    columns.tradable[t] = chance() < 0.15 ? 0 : 1;
    columns.size[t] = sizes() < 0.1 ? NaN : 2 * sizes();
  }
  return columns;
}

/** Columns of any length up to 120 bars. */
export const anyColumns: fc.Arbitrary<Required<BacktestColumns>> = fc
  .tuple(fc.nat(), fc.integer({ min: 0, max: 120 }))
  .map(([seed, count]) => randomColumns(seed, count));

const bps = fc.constantFrom(0, 2, 7.5);

/** Any way to run a backtest. */
export const anyOptions: fc.Arbitrary<BacktestOptions> = fc.record({
  sizing: fc.constantFrom("units" as const, "dollar" as const),
  fill: fc.constantFrom("close" as const, "next-close" as const, "next-open" as const),
  entry: fc.constantFrom(1, 2),
  exit: fc.constantFrom(-0.5, 0, 0.5),
  stop: fc.constantFrom(2.5, 4, Infinity),
  maxHoldBars: fc.constantFrom(1, 6, Infinity),
  rearm: fc.boolean(),
  feeBps: fc.oneof(bps, fc.record({ y: bps, x: bps })),
  slippageBps: fc.oneof(bps, fc.record({ y: bps, x: bps })),
  grossNotional: fc.constantFrom(1_000, 10_000),
  capital: fc.constantFrom(5_000, 10_000),
  closeAtEnd: fc.boolean(),
});

/** The first bars of every column. */
export function firstBars(
  columns: Required<BacktestColumns>,
  count: number,
): Required<BacktestColumns> {
  const cut = (name: keyof BacktestColumns) => Array.from(columns[name]).slice(0, count);
  return {
    y: cut("y"),
    x: cut("x"),
    yOpen: cut("yOpen"),
    xOpen: cut("xOpen"),
    zScore: cut("zScore"),
    hedgeRatio: cut("hedgeRatio"),
    fundingY: cut("fundingY"),
    fundingX: cut("fundingX"),
    slippageY: cut("slippageY"),
    slippageX: cut("slippageX"),
    laterFundingY: cut("laterFundingY"),
    laterFundingX: cut("laterFundingX"),
    endSlippageY: cut("endSlippageY"),
    endSlippageX: cut("endSlippageX"),
    tradable: cut("tradable"),
    size: cut("size"),
  };
}
