import {
  hayashiYoshida,
  laggedHayashiYoshida,
  previousTickCorrelation,
  refreshTimeCorrelation,
} from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

/** Grid widths of the previous-tick comparison, in ms; the fixtures leave them to convention. */
const WIDTHS_MS = [1_000, 5_000, 15_000];

export const hayashi_yoshida: Adapter = {
  exact: ["overlaps", "best_lag_ms", "n", "refresh_n"],
  ignores: ["true_rho", "true_lead_s"],
  run(golden) {
    const x = { times: golden.series("tx"), values: golden.series("px") };
    const y = { times: golden.series("ty"), values: golden.series("py") };
    const raw = hayashiYoshida(x, y);
    const lagged = laggedHayashiYoshida(x, y, (golden.param("lags_ms") ?? []) as number[]);
    const refreshed = refreshTimeCorrelation(x, y);
    const onGrid = WIDTHS_MS.map((width) => {
      const { nobs, pearson, realised } = previousTickCorrelation(x, y, width);
      return [width, { n: nobs, pearson, realised }];
    });
    return {
      cov: raw.covariance,
      corr: raw.correlation,
      overlaps: raw.overlaps,
      rvx: raw.varianceX,
      rvy: raw.varianceY,
      lagged: lagged.correlations,
      best_lag_ms: lagged.bestLag,
      prev_tick: Object.fromEntries(onGrid),
      refresh_n: refreshed.nobs,
      refresh_corr: refreshed.realised,
    };
  },
};
