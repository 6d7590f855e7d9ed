import { rollingOls } from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const rolling_ols: Adapter = {
  run(golden) {
    const minCount = golden.param("min_nobs");
    const fit = rollingOls(golden.series("y"), golden.series("x"), {
      window: golden.number("window"),
      intercept: golden.param("intercept") as boolean,
      missing: (golden.param("missing") ?? "skip") as "drop" | "skip",
      expanding: golden.param("expanding") === true,
      ...(typeof minCount === "number" ? { minCount } : {}),
    });
    return {
      alpha: fit.intercept,
      beta: fit.slope,
      beta_se: fit.slopeError,
      rsquared: fit.rSquared,
      s2: fit.residualVariance,
    };
  },
};
