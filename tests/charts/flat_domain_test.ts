import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { pairSpec } from "../../lib/charts/mod.ts";
import { flatDomain } from "../../lib/charts/flat_domain.ts";

const { panels } = pairSpec({ y: "Y", x: "X", intervalMs: 1_000, windowBars: 60 });
const panel = (key: string) => panels.find((each) => each.key === key)!;
const view = { from: 0, to: 3, hidden: new Set<string>() };
const domainOf = (key: string, columns: Record<string, (number | null)[]>) =>
  flatDomain(panel(key), { t: [0, 1, 2], ...columns }, view);

Deno.test("flatDomain() keeps rounding from filling a panel", () => {
  const least = 1 - Number.EPSILON * 4;
  const [low, high] = domainOf("correlation", { correlation: [least, null, 1] })!;
  strictEqual(Math.round(low * 1e6) / 1e6, 0.99);
  strictEqual(Math.round(high * 1e6) / 1e6, 1.01);
  deepStrictEqual(domainOf("spread", { spread: [0, 0, 0] }), [-1, 1]);
});

Deno.test("flatDomain() leaves a line that moves, a band, a rule and nothing as they are", () => {
  strictEqual(domainOf("correlation", { correlation: [0.5, 0.5 + 1e-6, 0.5] }), null);
  const [hedgeRatio, hedgeRatioError] = [[1, 1, 1], [null, 0.1, 0.1]];
  strictEqual(domainOf("hedgeRatio", { hedgeRatio, hedgeRatioError }), null);
  strictEqual(domainOf("zScore", { zScore: [0, 0, 0] }), null);
  strictEqual(domainOf("correlation", { correlation: [null, null, null] }), null);
  strictEqual(domainOf("correlation", {}), null);
});

Deno.test("flatDomain() looks at what is drawn alone", () => {
  const columns = { t: [0, 1, 2, 3], correlation: [0.5, 0.5, 0.5, 0.9] };
  deepStrictEqual(flatDomain(panel("correlation"), columns, view), [0.495, 0.505]);
  const hidden = new Set(["correlation"]);
  strictEqual(flatDomain(panel("correlation"), columns, { ...view, hidden }), null);
});
