import { alphaFromHalfLife, alphaFromSpan, ewmaScores, zScores } from "../../../lib/stats/mod.ts";
import { close } from "../../support/close.ts";
import type { GoldenCase } from "../fixture.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

function runEwma(golden: GoldenCase): Record<string, unknown> {
  const x = golden.series("x");
  const alpha = golden.number("alpha");
  if (golden.has("halflife")) close(alphaFromHalfLife(golden.number("halflife")), alpha, 1e-9);
  if (golden.has("span")) close(alphaFromSpan(golden.number("span")), alpha, 1e-9);
  const options = {
    alpha,
    adjust: golden.param("adjust") as boolean,
    bias: golden.param("bias") as boolean,
  };
  const { mean, deviation, z } = ewmaScores(x, { ...options, lag: 0 });
  return { mean, std: deviation, z, z_lag1: ewmaScores(x, options).z };
}

function runRolling(golden: GoldenCase): Record<string, unknown> {
  const window = golden.number("window");
  const minCount = golden.has("min_periods") ? golden.number("min_periods") : window;
  const x = golden.series("x");
  const lag = golden.has("lag") ? golden.number("lag") as 0 | 1 : 0;
  const ddof = golden.number("ddof");
  const { mean, deviation, z } = zScores(x, { window, minCount, ddof, lag });
  return { mean, std: deviation, z, z_last: z.at(-1), std_last: deviation.at(-1) };
}

export const zscore: Adapter = {
  run(golden) {
    const method = golden.param("method");
    if (method === "ewma") return runEwma(golden);
    if (method === undefined) return runRolling(golden);
    throw unknownCase(golden);
  },
};
