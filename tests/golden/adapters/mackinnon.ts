import { mackinnonCritical, mackinnonP, type Trend } from "../../../lib/stats/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

export const mackinnon: Adapter = {
  run(golden) {
    const trend = golden.param("regression") as Trend;
    const series = golden.number("N");
    switch (golden.kind) {
      case "pvalue":
        return { p: golden.series("tau").map((tau) => mackinnonP(tau, trend, series)) };
      case "critical": {
        const nobs = golden.param("nobs") as (number | null)[];
        return { crit: nobs.map((n) => mackinnonCritical(trend, series, n ?? Infinity)) };
      }
    }
    throw unknownCase(golden);
  },
};
