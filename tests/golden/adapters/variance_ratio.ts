import { chowDenning, varianceRatio } from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const variance_ratio: Adapter = {
  run(golden) {
    const x = golden.series("x");
    if (golden.has("qs")) {
      return { chow_denning: chowDenning(x, golden.param("qs") as number[]).statistic };
    }
    const { ratio, z, pValue, robustZ, robustPValue } = varianceRatio(x, golden.number("q"));
    return { vr: ratio, z, p: pValue, z_star: robustZ, p_star: robustPValue };
  },
};
