import type { Instrument } from "../../market/mod.ts";
import type { Decimals } from "../../store/mod.ts";

/** More decimals than this are not counted: no venue has them. */
const MOST = 8;

/** How many decimals the numbers of an instrument have: those of its price and quantity steps. */
export function decimalsOf({ tickSize, stepSize }: Instrument): Decimals {
  return { price: decimalsOfStep(tickSize), quantity: decimalsOfStep(stepSize) };
}

function decimalsOfStep(step: number): number {
  for (let decimals = 0; decimals < MOST; decimals++) {
    const units = step * 10 ** decimals;
    if (units >= 1 && Math.abs(units - Math.round(units)) < 1e-9 * units) return decimals;
  }
  return MOST;
}
