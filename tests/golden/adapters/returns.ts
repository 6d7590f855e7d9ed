import {
  bipowerVariation,
  ewmaVariance,
  logReturns,
  type RangeEstimator,
  rangeVolatility,
  realisedVariance,
  rollingRealisedVariance,
  rollingRealisedVolatility,
  rollingSampleVolatility,
  sampleVolatility,
  simpleReturns,
} from "../../../lib/stats/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import type { Adapter } from "./adapter.ts";

export const returns: Adapter = {
  run(golden) {
    if (golden.kind === "ohlc") return rangeAnswer(golden);
    const price = golden.series("price");
    const answer = { simple: simpleReturns(price), log: logReturns(price) };
    if (!golden.has("window")) return answer;
    const log = answer.log.map((value) => value ?? NaN);
    const window = golden.number("window");
    const periodsPerYear = golden.number("periods_per_year");
    return {
      ...answer,
      vol_std: sampleVolatility(log, periodsPerYear),
      rv: realisedVariance(log),
      bipower: bipowerVariation(log),
      ewma_var: ewmaVariance(log, golden.number("ewma_lambda")).slice(1),
      rolling_std: rollingSampleVolatility(log, { window, periodsPerYear: 1 }),
      rolling_vol_std: rollingSampleVolatility(log, { window, periodsPerYear }),
      rolling_rv: rollingRealisedVariance(log, { window }),
      rolling_vol_rv: rollingRealisedVolatility(log, { window, periodsPerYear }),
    };
  },
};

function rangeAnswer(golden: GoldenCase) {
  const bars = {
    open: golden.series("open"),
    high: golden.series("high"),
    low: golden.series("low"),
    close: golden.series("close"),
  };
  const window = golden.number("window");
  const periodsPerYear = golden.number("periods_per_year");
  const by = (estimator: RangeEstimator) =>
    rangeVolatility(bars, { estimator, window, periodsPerYear });
  return {
    parkinson: by("parkinson"),
    garman_klass: by("garman-klass"),
    rogers_satchell: by("rogers-satchell"),
    yang_zhang: by("yang-zhang"),
    gk_yz: by("garman-klass-yang-zhang"),
  };
}
