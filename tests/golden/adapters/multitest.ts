import { type Correction, correctPValues } from "../../../lib/stats/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

const METHODS: Readonly<Record<string, Correction>> = {
  bonferroni: "bonferroni",
  holm: "holm",
  fdr_bh: "benjamini-hochberg",
  fdr_by: "benjamini-yekutieli",
};

export const multitest: Adapter = {
  exact: ["n_reject", "m"],
  run(golden) {
    const method = METHODS[String(golden.param("method") ?? "fdr_bh")];
    if (method === undefined) throw unknownCase(golden);
    const alpha = golden.has("alpha") ? golden.number("alpha") : 0.05;
    const { adjusted, rejected, discoveries, tests } = correctPValues(golden.series("p"), {
      method,
      alpha,
    });
    return { adjusted, reject: rejected, n_reject: discoveries, m: tests };
  },
};
