import {
  phillipsOuliaris as test,
  type PhillipsOuliarisTrend,
  phillipsOuliarisZ,
} from "../../../lib/stats/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

const TRENDS: Readonly<Record<string, PhillipsOuliarisTrend>> = {
  none: "n",
  constant: "c",
  trend: "ct",
};

/** The cases of kind `phillips-ouliaris` in the fixture of cointegration. */
export const phillipsOuliaris: Adapter = {
  exact: ["lag"],
  run(golden) {
    const y = golden.series("y");
    const x = golden.series("x");
    switch (golden.param("method")) {
      case "phillips-ouliaris": {
        const trend = TRENDS[String(golden.param("demean"))];
        if (trend === undefined) throw unknownCase(golden);
        const result = test(y, x, { trend, lags: golden.param("lag") as "short" | "long" });
        return {
          Pu: result.pu,
          Pu_crit_10_5_1: result.puCritical,
          Pz: result.pz,
          Pz_crit_10_5_1: result.pzCritical,
          lag: result.lags,
        };
      }
      case "po.test": {
        const { statistic, pValue, lags } = phillipsOuliarisZ(y, x, {
          trend: golden.param("demean") === true ? "c" : "n",
          lags: golden.param("lshort") === true ? "short" : "long",
        });
        return { Z: statistic, p: pValue, lag: lags };
      }
    }
    throw unknownCase(golden);
  },
};
