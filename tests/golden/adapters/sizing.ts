import {
  type LegSizes,
  notionalSizes,
  pairExposure,
  roundToLot,
  unitSizes,
} from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const sizing: Adapter = {
  run(golden) {
    const pair = {
      priceY: golden.number("price_y"),
      priceX: golden.number("price_x"),
      hedgeRatio: golden.number("beta"),
      grossNotional: golden.number("gross"),
      side: golden.number("side") as 1 | -1,
    };
    const lotY = golden.number("lot_y");
    const lotX = golden.number("lot_x");
    const inLots = ({ y, x }: LegSizes) => ({ y: roundToLot(y, lotY), x: roundToLot(x, lotX) });
    const list = ({ y, x }: LegSizes) => [y, x];
    const units = unitSizes(pair);
    const dollar = notionalSizes(pair);
    return {
      units: list(units),
      dollar: list(dollar),
      units_lots: list(inLots(units)),
      dollar_lots: list(inLots(dollar)),
      units_gross: pairExposure(units, pair).gross,
      dollar_gross: pairExposure(dollar, pair).gross,
      units_net_notional: pairExposure(units, pair).net,
      dollar_net_notional: pairExposure(dollar, pair).net,
      units_residual: pairExposure(inLots(units), pair).residualUnits,
      dollar_residual: pairExposure(inLots(dollar), pair).residualNotional,
    };
  },
};
