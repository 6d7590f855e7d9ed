import { ols as fit } from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const ols: Adapter = {
  exact: ["nobs", "df_resid"],
  run(golden) {
    const result = fit(golden.series("y"), golden.series("x"), {
      intercept: golden.param("intercept") as boolean,
      hacLags: 5,
    });
    const intercept = golden.param("intercept") === true;
    const both = <T>(a: T, b: T): T[] => intercept ? [a, b] : [b];
    const statistics = both(result.interceptStatistics, result.slopeStatistics);
    return {
      params: both(result.intercept, result.slope),
      bse: statistics.map((s) => s?.error),
      tvalues: statistics.map((s) => s?.t),
      pvalues: statistics.map((s) => s?.p),
      rsquared: result.rSquared,
      rsquared_adj: result.rSquaredAdjusted,
      ssr: result.squaresLeft,
      mse_resid: result.residualVariance,
      df_resid: result.degreesOfFreedom,
      nobs: result.nobs,
      llf: result.logLikelihood,
      aic: result.aic,
      bic: result.bic,
      durbin_watson: result.durbinWatson,
      conf_int: statistics.map((s) => s?.interval),
      bse_hac5: statistics.map((s) => s?.hacError),
      bse_hc1: statistics.map((s) => s?.hc1Error),
      resid: result.residuals,
    };
  },
};

export const olsEdgeCases: Adapter = {
  exact: ["nobs"],
  ignores: ["note"],
  run(golden) {
    // JSON cannot hold Infinity: the file writes 1e308 in its place.
    const y = golden.series("y").map((v) => v >= 1e308 ? Infinity : v);
    const result = fit(y, golden.series("x"), { intercept: golden.param("intercept") as boolean });
    return {
      beta: result.slope,
      alpha: result.intercept,
      rsquared: result.rSquared,
      bse: result.slopeStatistics?.error ?? null,
      nobs: result.nobs,
    };
  },
};
