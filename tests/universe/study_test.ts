import { ok } from "node:assert/strict";
import { meanOf, type Outcome, screenMarket } from "../../tools/screen_study.ts";

/** The short form of the study of docs/universe.md, on the same market with fewer symbols. */
Deno.test("Universe.screen() keeps its rate of false discoveries where pairs are known", () => {
  const outcomes = Map.groupBy(
    [1, 2, 3].flatMap((seed) => screenMarket(100, 1_440, seed)),
    ({ method }) => method,
  );
  const of = (method: string): Outcome[] => outcomes.get(method)!;
  const hochberg = of("two-stage, BH");
  ok(meanOf(hochberg, "falseShare") <= 0.1 && meanOf(hochberg, "power") >= 0.9);
  const yekutieli = of("two-stage, BY");
  ok(meanOf(yekutieli, "falseShare") <= 0.05 && meanOf(yekutieli, "power") >= 0.9);
  // Without the second stage the same market is mostly false discoveries.
  ok(meanOf(of("lag 1 alone, BH"), "falseShare") > 0.5);
});
