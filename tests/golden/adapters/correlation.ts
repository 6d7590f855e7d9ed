import {
  EwmaPair,
  fisherInterval,
  kendall,
  pearson,
  rollingCorrelation,
  rollingSpearman,
  spearman,
} from "../../../lib/stats/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

function runEwm(golden: GoldenCase): Record<string, unknown> {
  const y = golden.series("y");
  const x = golden.series("x");
  const pair = new EwmaPair({ alpha: golden.number("alpha") });
  const corr: (number | null)[] = [];
  const cov: (number | null)[] = [];
  y.forEach((value, t) => {
    pair.push(x[t]!, value);
    corr.push(pair.correlation);
    cov.push(pair.covariance());
  });
  return { corr, cov };
}

function runWhole(golden: GoldenCase): Record<string, unknown> {
  const y = golden.series("y");
  const x = golden.series("x");
  const whole = pearson(y, x);
  const byRank = spearman(y, x);
  const byOrder = kendall(y, x);
  return {
    pearson: whole.coefficient,
    pearson_p: whole.pValue,
    spearman: byRank.coefficient,
    spearman_p: byRank.pValue,
    kendall: byOrder.coefficient,
    kendall_p: byOrder.pValue,
    cov: whole.covariance,
    beta_ret: whole.slope,
    fisher_ci95: whole.coefficient === null ? null : fisherInterval(whole.coefficient, whole.nobs),
  };
}

function runRolling(golden: GoldenCase): Record<string, unknown> {
  const y = golden.series("y");
  const x = golden.series("x");
  const window = golden.number("window");
  const minCount = golden.has("min_periods") ? golden.number("min_periods") : window;
  const { correlation, covariance } = rollingCorrelation(y, x, { window, minCount });
  const whole = runWhole(golden);
  return {
    pearson: correlation,
    cov: covariance,
    full: whole.pearson,
    spearman: golden.has("min_periods") ? whole.spearman : rollingSpearman(y, x, { window }),
  };
}

export const correlation: Adapter = {
  run(golden) {
    const method = golden.param("method");
    if (method === "ewm") return runEwm(golden);
    if (method !== undefined) throw unknownCase(golden);
    return golden.has("window") ? runRolling(golden) : runWhole(golden);
  },
};
