import { deepStrictEqual, ok } from "node:assert/strict";
import { askedIn, expressions, samplesOf, untold } from "./support/dashboard.ts";

Deno.test("askedIn() finds the metrics and labels of an expression", () => {
  const asked = askedIn('sum by (state) (rate(a_total{job="x",q!="1"}[1m])) / max(b_bytes)');
  const text = asked.map(({ name, labels }) => `${name}(${labels})`).join(" ");
  ok(text === "a_total(q,state) b_bytes(state)", text);
});

Deno.test("untold() names what the dashboard asks for and nobody tells", () => {
  const { length } = expressions();
  ok(length >= 20, `${length} expressions were found`);
  ok(untold([]).length >= length / 2);
  const asked = expressions().flatMap(({ expr }) => askedIn(expr));
  const told = asked.map(({ name, labels }) => `${name}{${labels.map((l) => `${l}="1"`)}} 1`);
  deepStrictEqual(untold(samplesOf(told)), []);
});
