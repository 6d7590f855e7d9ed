import { crossCorrelation, granger } from "../../../lib/stats/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

export const leadlag: Adapter = {
  exact: ["lags", "best_lag"],
  ignores: ["true_lead"],
  run(golden) {
    const x = golden.series("x");
    const y = golden.series("y");
    if (golden.has("max_lag")) {
      const result = crossCorrelation(x, y, { maxLag: golden.number("max_lag") });
      return {
        lags: result.lags,
        ccf_full: result.correlations,
        ccf_overlap: result.overlapping,
        best_lag: result.bestLag,
        llr: result.leadLagRatio,
      };
    }
    if (golden.param("direction") !== "x->y") throw unknownCase(golden);
    const tests = (golden.param("lags") as number[]).map((lags) => granger(y, x, { lags }));
    return { F: tests.map((test) => test.statistic), p: tests.map((test) => test.pValue) };
  },
};
