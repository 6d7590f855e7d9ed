import { hurst as estimate, type HurstOptions } from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const hurst: Adapter = {
  run(golden) {
    const x = golden.series("x");
    const guard = golden.has("min_points") ? { minPoints: golden.number("min_points") } : {};
    const by = (options: HurstOptions) => estimate(x, { ...options, ...guard }).exponent;
    if (!golden.has("diff_lags")) return { diff: by({ estimator: "diff" }) };
    const lags = golden.param("ghe_lags") as [number, number];
    const sizes = golden.param("sizes") as number[];
    return {
      diff: by({ estimator: "diff", lags: golden.param("diff_lags") as [number, number] }),
      ghe1: by({ estimator: "ghe1", lags }),
      ghe2: by({ estimator: "ghe2", lags }),
      rs: by({ estimator: "rs", sizes }),
      rs_corrected: by({ estimator: "rs-corrected", sizes }),
      dfa1: by({ estimator: "dfa1", sizes }),
    };
  },
};
