import {
  autocorrelations,
  jarqueBera,
  ljungBox,
  median,
  medianAbsoluteDeviation,
  moments,
  partialAutocorrelations,
  quantile,
} from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

/** The lags of the three Ljung-Box tests; the fixtures leave them to convention. */
const LJUNG_BOX_LAGS = [1, 5, 10];

export const diagnostics: Adapter = {
  run(golden) {
    const x = golden.series("x");
    const lags = golden.number("lags");
    const memory = LJUNG_BOX_LAGS.map((q) => ljungBox(x, { lags: q }));
    const shape = jarqueBera(x);
    const { mean } = moments(x);
    return {
      acf: autocorrelations(x, lags),
      pacf_ywm: partialAutocorrelations(x, lags),
      lb_q: memory.map((test) => test.statistic),
      lb_p: memory.map((test) => test.pValue),
      jb: shape.statistic,
      jb_p: shape.pValue,
      skew: shape.skewness,
      kurtosis: shape.kurtosis,
      mean,
      std: moments(x).deviation(),
      median: median(x),
      mad: medianAbsoluteDeviation(x),
      q05: quantile(x, 0.05),
      q25: quantile(x, 0.25),
      q95: quantile(x, 0.95),
    };
  },
};
