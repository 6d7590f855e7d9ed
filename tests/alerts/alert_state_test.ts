import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { type AlertState, type Crossing, nextAlert, UNSEEN } from "../../lib/alerts/mod.ts";

type Rule = Parameters<typeof nextAlert>[2];

const RULE: Rule = { above: 2, below: -2, hysteresis: 0.5, cooldownMs: 0 };

function seen(timeMs: number, value: number | null, gate: string | null = null) {
  return { timeMs, value, gate, caveat: null };
}

/** Runs values, one per second, and answers what they crossed. */
function run(values: readonly (number | null)[], rule: Rule, start: AlertState = UNSEEN) {
  let state = start;
  const crossings: Crossing[] = [];
  values.forEach((value, k) => {
    const next = nextAlert(state, seen(1_000 * k, value), rule);
    crossings.push(...next.crossings);
    state = next.state;
  });
  return { state, crossings };
}

const times = ({ crossings }: { crossings: readonly Crossing[] }) =>
  crossings.map((c) => `${c.side} ${c.timeMs / 1_000}`);

Deno.test("nextAlert() fires once per crossing and is armed again after the hysteresis", () => {
  deepStrictEqual(times(run([0, 2, 3, 1.6, 2.5, 1.5, 2], RULE)), ["above 1", "above 6"]);
  deepStrictEqual(times(run([0, -2, -1.6, -2.5, -1.5, -2], RULE)), ["below 1", "below 5"]);
  deepStrictEqual(times(run([0, 3, -3, 3, -3], RULE)), [
    "above 1",
    "below 2",
    "above 3",
    "below 4",
  ]);
});

Deno.test("nextAlert() takes a number that is beyond from the start for no crossing", () => {
  deepStrictEqual(times(run([2.5, 3, 1.4, 2.1], RULE)), ["above 3"]);
});

Deno.test("nextAlert() keeps still during the cooldown and fires right after it", () => {
  const rule = { ...RULE, cooldownMs: 4_000 };
  deepStrictEqual(times(run([0, 2, 0, 2, 2, 2, 2], rule)), ["above 1", "above 5"]);
  deepStrictEqual(times(run([0, 2, 2, 2, 2, 2, 2], rule)), ["above 1"]);
  deepStrictEqual(times(run([0, 2, 0, 2, 0, 0, 2], rule)), ["above 1", "above 6"]);
});

Deno.test("nextAlert() decides nothing without a number, with a gate or twice", () => {
  let { state } = run([0], RULE);
  for (const [value, gate] of [[null, null], [NaN, null], [Infinity, null], [9, "no"]] as const) {
    const next = nextAlert(state, seen((state.lastMs ?? 0) + 1, value, gate), RULE);
    strictEqual(next.crossings.length, 0);
    strictEqual(next.state.gate, gate ?? "there is no number");
    strictEqual(next.state.value, 0);
    state = next.state;
  }
  strictEqual(nextAlert(state, seen(state.lastMs!, 9), RULE).state, state);
  strictEqual(nextAlert(state, seen(state.lastMs! + 1, 9), RULE).crossings.length, 1);
});

Deno.test("nextAlert() agrees with the definition written out, and with itself after a restart", () => {
  const values = fc.array(fc.integer({ min: -8, max: 8 }).map((v) => v / 2), { maxLength: 60 });
  const rules = fc.record({
    above: fc.constantFrom(null, 1, 2),
    below: fc.constantFrom(null, -1, 0.5),
    hysteresis: fc.constantFrom(0, 0.5, 2),
    cooldownMs: fc.constantFrom(0, 3_000, 10_000),
  });
  fc.assert(
    fc.property(values, rules, fc.nat(60), (series, rule, cut) => {
      const whole = run(series, rule);
      const expected = (["above", "below"] as const).flatMap((side) =>
        expectedTimes(series, rule, side).map((k) => `${side} ${k}`)
      );
      deepStrictEqual(times(whole).sort(), expected.sort());
      const first = run(series.slice(0, cut), rule);
      const restored: AlertState = JSON.parse(JSON.stringify(first.state));
      // The values before the cut come again, as they do after a crash: they change nothing.
      const second = run(series, rule, restored);
      deepStrictEqual([...first.crossings, ...second.crossings], whole.crossings);
      ok(whole.crossings.every((c) => c.value === series[c.timeMs / 1_000]));
    }),
    { numRuns: 400 },
  );
});

/** At which places a threshold fires: looked for anew from each firing on. */
function expectedTimes(series: readonly number[], rule: Rule, side: "above" | "below"): number[] {
  const threshold = rule[side];
  if (threshold === null) return [];
  const sign = side === "above" ? 1 : -1;
  const beyond = series.map((v) => sign * (v - threshold));
  const isBack = (b: number) => b < 0 && b <= -rule.hysteresis;
  const fired: number[] = [];
  let from = 0;
  let armedFrom = (beyond[0] ?? 0) < 0 ? 0 : beyond.findIndex(isBack);
  while (armedFrom >= 0) {
    const coolFrom = fired.length === 0 ? 0 : fired.at(-1)! + rule.cooldownMs / 1_000;
    const k = beyond.findIndex((b, i) => i >= armedFrom && i >= coolFrom && i >= from && b >= 0);
    if (k < 0) break;
    fired.push(k);
    from = k + 1;
    armedFrom = beyond.findIndex((b, i) => i > k && isBack(b));
  }
  return fired;
}
