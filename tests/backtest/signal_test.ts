import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  backtest,
  FLAT_SIGNAL,
  nextSignal,
  readingColumns,
  type SignalBar,
  signalBar,
  type SignalOptions,
  signalRules,
  type SignalState,
  signalStates,
} from "../../lib/backtest/mod.ts";
import { alignCloses, CloseAligner, PairMonitor, pairReadings } from "../../lib/pairs/mod.ts";
import { barsOf, pairCloses } from "../pairs/bars.ts";

/** The states after each z-score, on bars 0, 1, 2, … */
function statesOf(
  zScores: readonly (number | null)[],
  options: SignalOptions = {},
  changes: Partial<SignalBar> = {},
): SignalState[] {
  const rules = signalRules(options);
  let state = FLAT_SIGNAL;
  return zScores.map((zScore, bar) =>
    state = nextSignal(state, { bar, zScore, hedgeRatio: 1, tradable: true, ...changes }, rules)
  );
}

const positions = (states: SignalState[]) => states.map((state) => state.position);

Deno.test("nextSignal() buys low, sells high and leaves at the exit", () => {
  deepStrictEqual(positions(statesOf([-1.9, -2, -0.6, -0.5, 2, 0.6, 0.5])), [
    ...[0, 1, 1, 0],
    ...[-1, -1, 0],
  ]);
  deepStrictEqual(positions(statesOf([-2, -0.1, 0], { exit: 0 })), [1, 1, 0]);
  deepStrictEqual(positions(statesOf([-2, 0, 0.9, 1], { exit: -1 })), [1, 1, 1, 0]);
});

Deno.test("nextSignal() takes one decision per bar: it never turns a position round", () => {
  deepStrictEqual(positions(statesOf([-3, 3, 3])), [1, 0, -1]);
});

Deno.test("nextSignal() stops, and a stopped side waits for the spread to come back", () => {
  const zScores = [-2, -4, -3, -2.5, -0.5, -2.5];
  deepStrictEqual(positions(statesOf(zScores, { stop: 4 })), [1, 0, 0, 0, 0, 1]);
  deepStrictEqual(positions(statesOf(zScores, { stop: 4, rearm: false })), [1, 0, 1, 1, 0, 1]);
  const stopped = statesOf(zScores, { stop: 4 })[1];
  deepStrictEqual(stopped, { position: 0, changedBar: 1, reason: "stop", blocked: 1 });
});

Deno.test("nextSignal() may enter the other side while one is blocked, and then frees it", () => {
  const states = statesOf([-2, -4, 2, 0], { stop: 4 });
  deepStrictEqual(states.map((s) => [s.position, s.blocked]), [[1, 0], [0, 1], [-1, 0], [0, 0]]);
});

Deno.test("nextSignal() keeps a side blocked through a position that ends by time", () => {
  const states = statesOf([-2, -4, 2, null, -2], { exit: -3, stop: 4, maxHoldBars: 2 });
  deepStrictEqual(states.map((s) => [s.position, s.blocked]), [
    ...[[1, 0], [0, 1]],
    ...[[-1, 1], [-1, 1], [0, 1]],
  ]);
});

Deno.test("nextSignal() does not enter beyond the stop", () => {
  deepStrictEqual(positions(statesOf([-4, 4, 3.9], { stop: 4 })), [0, 0, -1]);
});

Deno.test("nextSignal() leaves an old position, even without a z-score", () => {
  const states = statesOf([-2, null, null, null, null], { maxHoldBars: 3 });
  deepStrictEqual(positions(states), [1, 1, 1, 0, 0]);
  deepStrictEqual(states[3]!.reason, "time");
});

Deno.test("nextSignal() does nothing without a z-score and enters nothing without a ratio", () => {
  for (const none of [null, NaN, Infinity, -Infinity]) {
    deepStrictEqual(positions(statesOf([none, -2, none, -1])), [0, 1, 1, 1]);
    deepStrictEqual(positions(statesOf([-2, -2], {}, { hedgeRatio: none })), [0, 0]);
  }
  deepStrictEqual(positions(statesOf([-2, -2], {}, { canEnter: false })), [0, 0]);
  deepStrictEqual(positions(statesOf([-2, -2], {}, { tradable: false })), [0, 0]);
});

Deno.test("nextSignal() waits with every exit while a leg does not trade", () => {
  const rules = signalRules({ maxHoldBars: 1, stop: 3 });
  const held: SignalState = { position: 1, changedBar: 0, reason: "entry", blocked: 0 };
  for (const zScore of [0, -5, null]) {
    const bar = { bar: 9, zScore, hedgeRatio: 1, tradable: false };
    strictEqual(nextSignal(held, bar, rules), held);
    notStrictEqual(nextSignal(held, { ...bar, tradable: true }, rules).position, 1);
  }
});

Deno.test("nextSignal() goes on from a state that was stored as text", () => {
  const zScore = fc.option(fc.double({ min: -6, max: 6, noNaN: true }));
  const options = { stop: 4, maxHoldBars: 5 };
  fc.assert(fc.property(fc.array(zScore, { maxLength: 60 }), (zScores) => {
    const rules = signalRules(options);
    let state = FLAT_SIGNAL;
    const stored = zScores.map((z, bar) => {
      const known = JSON.parse(JSON.stringify(state));
      return state = nextSignal(known, { bar, zScore: z, hedgeRatio: 1, tradable: true }, rules);
    });
    deepStrictEqual(stored, statesOf(zScores, options));
  }));
});

Deno.test("nextSignal() decides alike live, in replay and in a backtest", () => {
  const { y, x } = pairCloses(5, 900);
  const [yBars, xBars] = [barsOf(y), barsOf(x)];
  const pair = { windowBars: 30 };
  const options = { entry: 1.5, exit: 0, stop: 3, maxHoldBars: 20 };

  const rules = signalRules(options);
  const aligner = new CloseAligner({ intervalMs: 1_000, fill: "previous" });
  const monitor = new PairMonitor(pair);
  const live: SignalState[] = [];
  const arriving = [
    ...yBars.map((bar) => ({ leg: "y" as const, bar })),
    ...xBars.map((bar) => ({ leg: "x" as const, bar })),
  ].sort((a, b) => a.bar.openTimeMs - b.bar.openTimeMs);
  for (const { leg, bar } of arriving) {
    for (const row of aligner.push(leg, bar)) {
      const reading = monitor.push(row);
      live.push(nextSignal(live.at(-1) ?? FLAT_SIGNAL, signalBar(reading), rules));
    }
  }

  const rows = alignCloses(yBars, xBars, { intervalMs: 1_000, fill: "previous" });
  const readings = pairReadings(rows, pair);
  ok(readings.some((r) => r.stale));
  const replayed = signalStates(readings, options);
  deepStrictEqual(live, replayed);
  ok(new Set(replayed.map((s) => s.reason)).size >= 4);

  const traded = backtest(readingColumns(readings), {
    ...options,
    sizing: "dollar",
    fill: "close",
    closeAtEnd: false,
  });
  const last = readings.length - 1;
  deepStrictEqual(
    Array.from(traded.position).slice(0, last),
    positions(replayed).slice(0, last),
  );
});

Deno.test("signalRules() refuses thresholds out of order", () => {
  for (const entry of [0, -1, NaN, Infinity]) throws(() => signalRules({ entry }), RangeError);
  for (const exit of [2, 3, NaN, -Infinity]) throws(() => signalRules({ exit }), RangeError);
  for (const stop of [2, -4, NaN]) throws(() => signalRules({ stop }), RangeError);
  for (const maxHoldBars of [0, 1.5, NaN]) {
    throws(() => signalRules({ maxHoldBars }), {
      name: "RangeError",
      message:
        `Cannot decide on a spread as "maxHoldBars" must be a whole number >= 1: current value is ${maxHoldBars}`,
    });
  }
});
