import { adf as test, defaultMaxLag, type LagChoice, type Trend } from "../../../lib/stats/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import type { Adapter } from "./adapter.ts";

const CHOICES: Readonly<Record<string, LagChoice>> = { aic: "aic", bic: "bic", "t-stat": "t-stat" };

/** The reference's `autolag`, where `null` means the largest lag itself. */
export function lagOptions(golden: GoldenCase): { lagChoice: LagChoice; maxLag?: number } {
  const autolag = golden.param("autolag");
  const maxLag = golden.param("maxlag");
  const lagChoice = typeof autolag === "string" ? CHOICES[autolag.toLowerCase()] : "fixed";
  if (lagChoice === undefined) {
    throw new Error(`Cannot run case ${golden.id} as autolag "${autolag}" is not known`);
  }
  return typeof maxLag === "number" ? { lagChoice, maxLag } : { lagChoice };
}

export const adf: Adapter = {
  exact: ["usedlag", "nobs"],
  run(golden) {
    const trend = golden.param("regression") as Trend;
    const result = test(golden.series("x"), { trend, ...lagOptions(golden) });
    return {
      stat: result.statistic,
      pvalue: result.pValue,
      usedlag: result.lag,
      nobs: result.nobs,
      crit: result.criticalValues,
      icbest: result.criterion,
    };
  },
};

export const adfEdgeCases: Adapter = {
  exact: ["usedlag_max"],
  ignores: ["rule"],
  run(golden) {
    const result = adf.run(golden);
    const trend = golden.param("regression") as Trend;
    const most = defaultMaxLag(golden.series("x").length, trend);
    return { ...result, usedlag_max: Number(result.usedlag) <= most ? most : result.usedlag };
  },
};
