/**
 * What each number of the rooms `stats` and `pairs` is proven against: the catalogue's only part
 * that is not in the code's own comments.
 *
 * @module
 */

/** One entry of the catalogue. */
export interface Analytic {
  /** Exported name. */
  readonly name: string;
  /** Implementation it is compared with. */
  readonly reference: string;
  /** Fixture file, whose adapter calls the symbol; or the test that holds the comparison. */
  readonly proof: string;
  /** Name of the form that takes one row at a time, if there is one. */
  readonly stream?: string;
}

/** One chapter of the catalogue. */
export interface Chapter {
  /** Its heading. */
  readonly title: string;
  /** Its entries, in order. */
  readonly analytics: readonly Analytic[];
}

type Entry = readonly [name: string, reference: string, proof: string, stream?: string];

function chapter(title: string, ...entries: Entry[]): Chapter {
  return {
    title,
    analytics: entries.map(([name, reference, proof, stream]) => ({
      name,
      reference,
      proof,
      ...stream === undefined ? {} : { stream },
    })),
  };
}

const PANDAS = "pandas 1.5.3";
const STATSMODELS = "statsmodels 0.13.5";
const SCIPY = "scipy 1.10.1";
const TWO = "two implementations of the definition";
const DEFINITION = "the definition, written out in the test";
const PRECISE = "60-digit arithmetic";

/** The catalogue. */
export const CHAPTERS: readonly Chapter[] = [
  chapter(
    "Returns, volatility and average prices",
    ["simpleReturns", PANDAS, "returns.json"],
    ["logReturns", "numpy 1.24.2", "returns.json"],
    ["realisedVariance", DEFINITION, "tests/stats/realised_volatility_test.ts"],
    ["rollingRealisedVariance", PANDAS, "returns.json", "RollingSum"],
    ["rollingRealisedVolatility", PANDAS, "returns.json", "RollingSum"],
    ["sampleVolatility", DEFINITION, "tests/stats/realised_volatility_test.ts", "Moments"],
    ["rollingSampleVolatility", PANDAS, "returns.json", "RollingMoments"],
    ["bipowerVariation", TWO, "returns.json"],
    [
      "rollingBipowerVariation",
      "`bipowerVariation()`",
      "tests/stats/streams_test.ts",
      "RollingBipower",
    ],
    ["RollingBipower", "`bipowerVariation()`", "tests/stats/streams_test.ts"],
    ["EwmaVariance", TWO, "tests/stats/ewma_variance_test.ts"],
    ["ewmaVariance", TWO, "returns.json", "EwmaVariance"],
    ["rangeVolatility", "R TTR 0.24.3 `volatility`", "returns.json", "RollingRangeVolatility"],
    [
      "RollingRangeVolatility",
      "`rangeVolatility()`, which is a loop over it",
      "tests/stats/streams_test.ts",
    ],
    ["sessionVwap", PANDAS, "bars.json", "SessionVwap"],
    ["SessionVwap", "`sessionVwap()`, which is a loop over it", "tests/stats/streams_test.ts"],
    ["RollingVwap", DEFINITION, "tests/stats/vwap_test.ts"],
    ["rollingVwap", DEFINITION, "tests/stats/vwap_test.ts", "RollingVwap"],
  ),
  chapter(
    "Lines: hedge ratios",
    ["ols", `${STATSMODELS} \`OLS\``, "ols.json", "ExpandingPair"],
    ["rollingOls", `${STATSMODELS} \`OLS\` on every window`, "rolling_ols.json", "RollingPair"],
    ["RollingPair", "`rollingOls()`", "tests/stats/rolling_pair_test.ts"],
    ["ExpandingPair", "`ols()`, `pearson()`", "tests/stats/streams_test.ts"],
    ["totalLeastSquares", `${SCIPY} \`odr\`, singular value decomposition`, "robust.json"],
    ["huber", `${STATSMODELS} \`RLM(HuberT)\``, "robust.json"],
    ["theilSen", `${SCIPY} \`theilslopes\``, "robust.json"],
    ["siegel", `${SCIPY} \`siegelslopes\``, "robust.json"],
  ),
  chapter(
    "Lines that move: the Kalman filter",
    ["KalmanRegression", "the plain matrix recursion", "tests/stats/kalman_test.ts"],
    ["kalmanRegression", "pykalman 0.11.2 `filter`", "kalman.json", "KalmanRegression"],
    ["kalmanSmoother", "pykalman 0.11.2 `smooth`", "kalman.json"],
    ["kalmanLogLikelihood", "pykalman 0.11.2 `loglikelihood`", "kalman.json"],
    ["kalmanEm", "pykalman 0.11.2 `em`", "kalman.json"],
    ["fitKalman", "a grid of the likelihood", "tests/stats/kalman_test.ts"],
    ["randomWalkCovariance", DEFINITION, "tests/stats/kalman_test.ts"],
  ),
  chapter(
    "Spreads and scores",
    ["staticSpread", `${STATSMODELS} \`OLS\``, "spread.json"],
    ["rollingSpread", `${STATSMODELS} \`OLS\` on every window`, "spread.json", "PairMonitor"],
    ["priceRatio", "numpy 1.24.2", "spread.json"],
    ["priceDistance", "numpy 1.24.2", "spread.json"],
    ["zScores", `${PANDAS} \`rolling\``, "zscore.json", "RollingZScore"],
    ["RollingZScore", "`zScores()`, which is a loop over it", "tests/stats/streams_test.ts"],
    ["ewmaScores", `${PANDAS} \`ewm\``, "zscore.json", "EwmaPair"],
    ["bollingerBands", `${PANDAS} \`rolling\``, "spread.json", "RollingMoments"],
    ["alphaFromHalfLife", `${PANDAS} \`ewm(halflife)\``, "zscore.json"],
    ["alphaFromSpan", `${PANDAS} \`ewm(span)\``, "zscore.json"],
    ["EwmaPair", `${PANDAS} \`ewm\``, "tests/stats/z_score_test.ts"],
    ["RollingMoments", "`moments()`", "tests/stats/rolling_moments_test.ts"],
    ["RollingSum", "exact sums", "tests/stats/rolling_sum_test.ts"],
    ["Moments", DEFINITION, "tests/stats/moments_test.ts"],
    ["moments", DEFINITION, "tests/stats/moments_test.ts", "Moments"],
  ),
  chapter(
    "Unit roots and stationarity",
    ["adf", `${STATSMODELS} \`adfuller\`, R urca \`ur.df\``, "adf.json"],
    ["defaultMaxLag", `${STATSMODELS} \`adfuller\``, "adf.json"],
    ["mackinnonP", `${STATSMODELS} \`mackinnonp\``, "mackinnon.json"],
    ["mackinnonCritical", `${STATSMODELS} \`mackinnoncrit\``, "mackinnon.json"],
    ["kpss", `${STATSMODELS} \`kpss\``, "kpss.json"],
    ["phillipsPerron", "R urca `ur.pp`, tseries `pp.test`", "kpss.json"],
    ["zivotAndrews", `${STATSMODELS} \`zivot_andrews\``, "structural.json"],
    ["varianceRatio", "arch `VarianceRatio`", "variance_ratio.json"],
    ["chowDenning", TWO, "variance_ratio.json"],
    ["hurst", `arbitragelab \`get_hurst_exponent\`; ${TWO}`, "hurst.json"],
    ["halfLife", `${STATSMODELS} \`OLS\`, arbitragelab`, "halflife.json", "PairMonitor"],
  ),
  chapter(
    "Cointegration and the verdict",
    ["engleGranger", `${STATSMODELS} \`coint\``, "coint.json"],
    ["engleGrangerBoth", "`engleGranger()` twice", "tests/pairs/pair_verdict_test.ts"],
    ["johansen", `${STATSMODELS} \`coint_johansen\`, R urca \`ca.jo\``, "johansen.json"],
    ["phillipsOuliaris", "R urca `ca.po`", "coint.json"],
    ["phillipsOuliarisZ", "R tseries `po.test`", "coint.json"],
    ["symmetricRatios", "exchanged legs", "tests/pairs/pair_stability_test.ts"],
    ["pairStability", "simulated pairs", "tests/pairs/pair_stability_test.ts"],
    ["spreadTests", "the tests it names", "tests/pairs/spread_tests_test.ts"],
    ["compareHedges", "the fits it names", "tests/pairs/hedge_comparison_test.ts"],
    ["pairVerdict", `${STATSMODELS} \`coint\` on real pairs`, "tests/pairs/real_pairs_test.ts"],
    ["CloseAligner", "`alignCloses()`", "tests/pairs/close_aligner_test.ts"],
    ["alignCloses", "`CloseAligner`", "tests/pairs/close_aligner_test.ts", "CloseAligner"],
    ["basisBps", DEFINITION, "tests/pairs/basis_test.ts"],
    ["RefreshAligner", DEFINITION, "tests/backtest/replay_test.ts"],
    ["refreshRows", "`RefreshAligner`", "tests/backtest/replay_test.ts", "RefreshAligner"],
    ["PairMonitor", DEFINITION, "tests/pairs/pair_monitor_test.ts"],
    ["pairReadings", DEFINITION, "tests/pairs/pair_monitor_test.ts", "PairMonitor"],
    ["PairFollower", "`pairReadings()`", "tests/pairs/pair_follower_test.ts"],
  ),
  chapter(
    "Correlation, lead and lag",
    ["pearson", `${PANDAS}, ${SCIPY}`, "correlation.json", "ExpandingPair"],
    ["fisherInterval", TWO, "correlation.json"],
    ["rollingCorrelation", `${PANDAS} \`rolling.corr\``, "correlation.json", "RollingPair"],
    ["spearman", `${SCIPY} \`spearmanr\``, "correlation.json"],
    [
      "rollingSpearman",
      `${PANDAS} \`rank\`, \`rolling.corr\``,
      "correlation.json",
      "RollingSpearman",
    ],
    [
      "RollingSpearman",
      "`rollingSpearman()`, which is a loop over it",
      "tests/stats/streams_test.ts",
    ],
    ["kendall", `${SCIPY} \`kendalltau\``, "correlation.json"],
    ["crossCorrelation", `${STATSMODELS} \`ccf\`, ${PANDAS}`, "leadlag.json"],
    ["granger", `${STATSMODELS} \`grangercausalitytests\``, "leadlag.json"],
    [
      "hayashiYoshida",
      "the double sum of its definition",
      "hayashi_yoshida.json",
      "HayashiYoshidaStream",
    ],
    ["HayashiYoshidaStream", "`hayashiYoshida()`", "tests/stats/hayashi_yoshida_stream_test.ts"],
    ["laggedHayashiYoshida", "the double sum of its definition", "hayashi_yoshida.json"],
    ["previousTickCorrelation", TWO, "hayashi_yoshida.json"],
    ["refreshTimeCorrelation", TWO, "hayashi_yoshida.json"],
  ),
  chapter(
    "Memory, shape and breaks",
    ["autocorrelations", `${STATSMODELS} \`acf\``, "diagnostics.json"],
    ["partialAutocorrelations", `${STATSMODELS} \`pacf(ywm)\``, "diagnostics.json"],
    ["ljungBox", `${STATSMODELS} \`acorr_ljungbox\``, "diagnostics.json"],
    ["jarqueBera", `${STATSMODELS} \`jarque_bera\``, "diagnostics.json"],
    ["longRunVariance", DEFINITION, "tests/stats/stationarity_test.ts"],
    ["autoregressiveVariance", "simulated series", "tests/pairs/pair_stability_test.ts"],
    ["median", "numpy 1.24.2", "diagnostics.json"],
    ["medianAbsoluteDeviation", "numpy 1.24.2", "diagnostics.json"],
    ["quantile", DEFINITION, "tests/stats/quantile_test.ts"],
    ["olsCusum", `${STATSMODELS} \`breaks_cusumolsresid\``, "structural.json"],
    ["recursiveCusum", "R strucchange 1.5.3 `efp`", "structural.json"],
    ["chow", "R strucchange 1.5.3 `sctest`", "structural.json"],
    ["PageCusum", TWO, "structural.json"],
  ),
  chapter(
    "Many tests, sizes and results",
    ["correctPValues", `${STATSMODELS} \`multipletests\``, "multitest.json"],
    ["unitSizes", TWO, "sizing.json"],
    ["notionalSizes", TWO, "sizing.json"],
    ["roundToLot", TWO, "sizing.json"],
    ["pairExposure", TWO, "sizing.json"],
    ["volatilityScale", DEFINITION, "tests/stats/sizing_test.ts"],
    ["kellyFraction", DEFINITION, "tests/stats/sizing_test.ts"],
    ["probabilisticSharpe", DEFINITION, "tests/stats/overfitting_test.ts"],
    ["expectedMaximumSharpe", "simulated trials", "tests/stats/overfitting_test.ts"],
    ["deflatedSharpe", "the example of its paper", "tests/stats/overfitting_test.ts"],
    ["backtestOverfitting", DEFINITION, "tests/stats/overfitting_test.ts"],
    ["performanceMetrics", `${TWO}, ${PANDAS}`, "metrics.json"],
  ),
  chapter(
    "Distributions and chance",
    ["normalCdf", PRECISE, "tests/stats/normal_test.ts"],
    ["normalTwoSidedP", PRECISE, "tests/stats/normal_test.ts"],
    ["normalQuantile", "`normalCdf()`", "tests/stats/normal_test.ts"],
    ["studentTCdf", PRECISE, "tests/stats/student_t_test.ts"],
    ["studentTTwoSidedP", PRECISE, "tests/stats/student_t_test.ts"],
    ["studentTQuantile", "`studentTCdf()`", "tests/stats/student_t_test.ts"],
    ["fisherFCdf", PRECISE, "tests/stats/fisher_f_test.ts"],
    ["fisherFP", PRECISE, "tests/stats/fisher_f_test.ts"],
    ["chiSquaredCdf", PRECISE, "tests/stats/chi_squared_test.ts"],
    ["chiSquaredP", PRECISE, "tests/stats/chi_squared_test.ts"],
    ["Random", "its own first numbers", "tests/stats/random_test.ts"],
  ),
];
