import { huber, siegel, theilSen, totalLeastSquares } from "../../../lib/stats/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

export const robust: Adapter = {
  exact: ["n_downweighted"],
  run(golden) {
    const y = golden.series("y");
    const x = golden.series("x");
    const intercept = (golden.param("intercept") ?? true) as boolean;
    switch (golden.param("method")) {
      case "tls": {
        const line = totalLeastSquares(y, x, { intercept });
        return { beta: line.slope, alpha: line.intercept };
      }
      case "deming": {
        const line = totalLeastSquares(y, x, { errorVarianceRatio: golden.number("ratio") });
        return { beta: line.slope, alpha: line.intercept };
      }
      case "huber":
        return huberAnswer(golden, y, x, intercept);
      case "theil_sen": {
        const line = theilSen(y, x, { confidence: golden.number("ci") });
        return {
          beta: line.slope,
          alpha: line.intercept,
          beta_low: line.slopeLow,
          beta_high: line.slopeHigh,
        };
      }
      case "siegel": {
        const line = siegel(y, x);
        return { beta: line.slope, alpha: line.intercept };
      }
    }
    throw unknownCase(golden);
  },
};

function huberAnswer(golden: GoldenCase, y: number[], x: number[], intercept: boolean) {
  const threshold = golden.has("c") ? golden.number("c") : 1.345;
  const line = huber(y, x, { threshold, intercept });
  return {
    beta: line.slope,
    alpha: line.intercept,
    params: intercept ? [line.intercept, line.slope] : [line.slope],
    bse: intercept ? [line.interceptError, line.slopeError] : [line.slopeError],
    scale: line.scale,
    n_downweighted: line.downweighted,
    weights_first10: line.weights.slice(0, 10),
  };
}
