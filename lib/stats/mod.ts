/**
 * Numbers in, numbers out: regression, rolling moments, unit-root and cointegration tests,
 * distributions. Imports nothing and knows no trade; it owns no clock and no randomness.
 *
 * A number that cannot be computed is `null`, never NaN and never a silent 0.
 *
 * ```ts
 * import { ols } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(ols([1, 3, 5, 7], [0, 1, 2, 3]).slope, 2);
 * ```
 *
 * @module
 */
export { adf, type AdfOptions, type AdfResult, defaultMaxLag, type LagChoice } from "./adf.ts";
export * from "./autocorrelation.ts";
export * from "./chi_squared.ts";
export * from "./chow.ts";
export {
  type CorrelationResult,
  fisherInterval,
  pearson,
  type PearsonResult,
  type RollingCorrelation,
  rollingCorrelation,
} from "./correlation.ts";
export * from "./cross_correlation.ts";
export * from "./cusum_tests.ts";
export * from "./deflated_sharpe.ts";
export * from "./engle_granger.ts";
export * from "./ewma.ts";
export * from "./ewma_pair.ts";
export * from "./ewma_variance.ts";
export * from "./expanding_pair.ts";
export * from "./fisher_f.ts";
export * from "./granger.ts";
export * from "./half_life.ts";
export * from "./hayashi_yoshida.ts";
export * from "./hayashi_yoshida_stream.ts";
export * from "./huber.ts";
export * from "./hurst.ts";
export { jarqueBera, type JarqueBeraResult } from "./jarque_bera.ts";
export * from "./johansen.ts";
export * from "./kalman_em.ts";
export * from "./kalman_fit.ts";
export {
  type KalmanModel,
  type KalmanOptions,
  randomWalkCovariance,
  type StateCovariance,
} from "./kalman_options.ts";
export * from "./kalman_regression.ts";
export * from "./kalman_series.ts";
export { kalmanSmoother, type KalmanSmootherResult } from "./kalman_smoother.ts";
export * from "./kpss.ts";
export * from "./ljung_box.ts";
export { autoregressiveVariance, longRunVariance } from "./long_run_variance.ts";
export * from "./mackinnon.ts";
export * from "./metrics.ts";
export * from "./moments.ts";
export * from "./multiple_testing.ts";
export * from "./normal.ts";
export * from "./ols.ts";
export * from "./overfitting.ts";
export * from "./page_cusum.ts";
export {
  phillipsOuliaris,
  type PhillipsOuliarisOptions,
  type PhillipsOuliarisResult,
  type PhillipsOuliarisTrend,
} from "./phillips_ouliaris.ts";
export * from "./phillips_ouliaris_z.ts";
export * from "./phillips_perron.ts";
export { median, medianAbsoluteDeviation, quantile } from "./quantile.ts";
export * from "./random.ts";
export * from "./range_volatility.ts";
export * from "./rank_correlation.ts";
export {
  bipowerVariation,
  realisedVariance,
  rollingRealisedVariance,
  rollingRealisedVolatility,
  rollingSampleVolatility,
  sampleVolatility,
} from "./realised_volatility.ts";
export * from "./returns.ts";
export * from "./rolling_bipower.ts";
export * from "./rolling_moments.ts";
export * from "./rolling_ols.ts";
export * from "./rolling_pair.ts";
export * from "./rolling_range_volatility.ts";
export * from "./rolling_spearman.ts";
export * from "./rolling_sum.ts";
export * from "./rolling_z_score.ts";
export type { RollingState } from "./rolling_window.ts";
export { SessionVwap, sessionVwap, type SessionVwapState } from "./session_vwap.ts";
export * from "./siegel.ts";
export * from "./sizing.ts";
export * from "./student_t.ts";
export { theilSen, type TheilSenResult } from "./theil_sen.ts";
export * from "./tick_sampling.ts";
export * from "./total_least_squares.ts";
export * from "./variance_ratio.ts";
export { RollingVwap, rollingVwap, type RollingVwapState } from "./vwap.ts";
export * from "./z_score.ts";
export * from "./zivot_andrews.ts";
