import {
  type BreakIn,
  chow,
  olsCusum,
  PageCusum,
  recursiveCusum,
  zivotAndrews,
} from "../../../lib/stats/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

export const structural: Adapter = {
  exact: ["lag", "break_index", "alarms"],
  run(golden) {
    switch (golden.param("test")) {
      case "ols_cusum": {
        const ddof = golden.number("ddof");
        const { statistic, pValue } = olsCusum(golden.series("y"), golden.series("x"), { ddof });
        return { stat: statistic, p: pValue };
      }
      case "rec_cusum": {
        const result = recursiveCusum(golden.series("y"), golden.series("x"));
        return {
          stat: result.statistic,
          p: result.pValue,
          process_first8: result.process.slice(0, 8),
        };
      }
      case "chow": {
        const at = golden.number("at");
        const { statistic, pValue } = chow(golden.series("y"), golden.series("x"), { at });
        return { F: statistic, p: pValue };
      }
      case "zivot_andrews":
        return zivotAndrewsAnswer(golden);
      case "page":
        return pageAnswer(golden);
    }
    throw unknownCase(golden);
  },
};

function zivotAndrewsAnswer(golden: GoldenCase) {
  if (golden.param("autolag") !== null) throw unknownCase(golden);
  const result = zivotAndrews(golden.series("x"), {
    breakIn: golden.param("regression") as BreakIn,
    ...(golden.param("maxlag") === null ? {} : { lags: golden.number("maxlag") }),
    trim: golden.number("trim"),
  });
  return {
    stat: result.statistic,
    p: result.pValue,
    crit: result.criticalValues,
    lag: result.lags,
    break_index: result.breakIndex,
  };
}

function pageAnswer(golden: GoldenCase) {
  const cusum = new PageCusum({ slack: golden.number("k"), threshold: golden.number("h") });
  const up: number[] = [];
  const down: number[] = [];
  const alarms: number[] = [];
  golden.series("z").forEach((z, t) => {
    if (cusum.push(z) !== null) alarms.push(t);
    up.push(cusum.up);
    down.push(cusum.down);
  });
  return { up, down, alarms };
}
