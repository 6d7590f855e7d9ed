import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { type AlignedRow, compareHedges } from "../../lib/pairs/mod.ts";
import { adf, ols, Random } from "../../lib/stats/mod.ts";

/** Closes of which y follows x with a hedge ratio, and noise that reverts. */
function rowsOf(hedgeRatio: number, count: number, outliers = 0): AlignedRow[] {
  const random = new Random("hedges");
  let x = Math.log(118_000);
  let spread = 0;
  return Array.from({ length: count }, (_, row) => {
    x += random.normal() / 1_000;
    spread = 0.9 * spread + random.normal() / 5_000;
    const jump = outliers > 0 && row % Math.floor(count / outliers) === 7 ? 0.05 : 0;
    return {
      ...{ row, openTimeMs: row * 1_000, stale: false, complete: true, revision: 0 },
      ...{ y: Math.exp(hedgeRatio * x - 4 + spread + jump), x: Math.exp(x) },
    };
  });
}

Deno.test("compareHedges() finds one hedge ratio in every way, and judges it on rows it has not seen", () => {
  const rows = rowsOf(1.2, 2_000);
  const compared = compareHedges(rows);
  deepStrictEqual(compared.map(({ method }) => method), [
    ...["ols", "total-least-squares", "huber", "theil-sen", "siegel", "rolling-ols", "kalman"],
  ]);
  for (const { method, hedgeRatio, halfLifeBars, pValue, reason } of compared) {
    strictEqual(reason, null);
    ok(
      Math.abs(hedgeRatio! - 1.2) < (method === "rolling-ols" ? 0.3 : 0.1),
      `${method} ${hedgeRatio}`,
    );
    ok(halfLifeBars! > 2 && halfLifeBars! < 12, `${method} ${halfLifeBars}`);
    ok(pValue! < 0.01, method);
  }
  const logs = (leg: "y" | "x") => rows.map((row) => Math.log(row[leg]));
  const { slope } = ols(logs("y").slice(0, 1_000), logs("x").slice(0, 1_000));
  strictEqual(compared[0]!.hedgeRatio, slope);
  const spread = logs("y").slice(1_000).map((y, k) => y - slope! * logs("x")[1_000 + k]!);
  strictEqual(compared[0]!.pValue, adf(Float64Array.from(spread)).pValue);
  strictEqual(compared[0]!.moved, 0);
  ok(compared[5]!.moved! > 1, "a rolling ratio never rests");
});

Deno.test("compareHedges() shows what outliers do to least squares and not to medians", () => {
  const errorOf = (method: string) =>
    Math.abs(
      compareHedges(rowsOf(1.2, 1_200, 60)).find((c) => c.method === method)!.hedgeRatio! - 1.2,
    );
  ok(errorOf("siegel") < errorOf("ols"));
  ok(errorOf("huber") < errorOf("ols"));
});

Deno.test("compareHedges() says why there is no ratio, and refuses what cannot be", () => {
  const still = rowsOf(1, 50).map((row) => ({ ...row, y: 2, x: 1 }));
  for (const rows of [[], still.slice(0, 1), still]) {
    for (const { hedgeRatio, deviation, reason } of compareHedges(rows)) {
      deepStrictEqual([hedgeRatio, deviation], [null, null]);
      ok(reason !== null && reason.length > 3);
    }
  }
  for (const fitShare of [0, 1, -1, Number.NaN]) {
    throws(() => compareHedges(rowsOf(1, 100), { fitShare }), RangeError);
  }
});
