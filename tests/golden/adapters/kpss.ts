import {
  kpss as test,
  type KpssLags,
  phillipsPerron,
  type StationaryTrend,
} from "../../../lib/stats/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

export const kpss: Adapter = {
  exact: ["lags"],
  run(golden) {
    const x = golden.series("x");
    const trend = golden.param("regression") as StationaryTrend;
    if (golden.has("test")) {
      if (golden.param("test") !== "pp") throw unknownCase(golden);
      const { zTau, zAlpha } = phillipsPerron(x, { trend, lags: golden.number("lags") });
      return { z_tau: zTau, z_alpha: zAlpha };
    }
    const lags = (golden.param("nlags") ?? "auto") as KpssLags;
    const { statistic, pValue, lags: used, criticalValues } = test(x, { trend, lags });
    return { stat: statistic, pvalue: pValue, lags: used, crit: criticalValues };
  },
};
