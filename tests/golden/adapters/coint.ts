import { engleGranger, type Trend } from "../../../lib/stats/mod.ts";
import { lagOptions } from "./adf.ts";
import type { Adapter } from "./adapter.ts";
import { phillipsOuliaris } from "./phillips_ouliaris.ts";

export const coint: Adapter = {
  exact: ["lag"],
  run(golden) {
    if (golden.kind === "phillips-ouliaris") return phillipsOuliaris.run(golden);
    const x = golden.inputNames.filter((name) => name.startsWith("x"));
    const result = engleGranger(golden.series("y"), x.map((name) => golden.series(name)), {
      trend: golden.param("trend") as Trend,
      ...lagOptions(golden),
    });
    return {
      stat: result.statistic,
      pvalue: result.pValue,
      crit: result.criticalValues ?? [null, null, null],
      beta: result.slopes,
      flag: result.collinear ? "collinear" : null,
    };
  },
};
