import { johansen as test, type JohansenModel } from "../../../lib/stats/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

const MODELS: Readonly<Record<string, JohansenModel>> = {
  "-1": "none",
  "0": "unrestricted-constant",
  "1": "detrended",
  "ci": "restricted-constant",
};

export const johansen: Adapter = {
  run(golden) {
    const model = MODELS[String(golden.param("det_order"))];
    if (model === undefined) throw unknownCase(golden);
    const series = golden.inputNames.map((name) => golden.series(name));
    const result = test(series, { model, lags: golden.number("k_ar_diff") });
    return {
      eig: result.eigenvalues,
      trace: result.trace,
      maxeig: result.maxEigenvalue,
      trace_crit: result.traceCritical,
      maxeig_crit: result.maxEigenvalueCritical,
      evec0: result.vector,
    };
  },
};
