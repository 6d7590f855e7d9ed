import { halfLife } from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const halflife: Adapter = {
  run(golden) {
    const result = halfLife(golden.series("s"), {
      intercept: (golden.param("intercept") ?? true) as boolean,
      step: (golden.param("dt") ?? 1) as number,
    });
    return {
      lam: result.lambda,
      phi: result.phi,
      se: result.error,
      t: result.t,
      half_life_chan: result.chanBars,
      half_life_exact: result.bars,
      half_life_se: result.barsError,
      ou_kappa: result.speed,
      ou_mu: result.mean,
      ou_sigma: result.sigma,
      ou_sigma_eq: result.deviation,
      s_score: result.score,
    };
  },
};
