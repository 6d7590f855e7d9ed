import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { Universe } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { barsOf, logRows, nameOf, pushAll } from "./support.ts";

const WINDOW = 30;
const make = () => new Universe({ intervalMs: 10, windowBars: WINDOW, maxStaleShare: 0.5 });

/** Fails unless two universes know the same. */
function checkSame(a: Universe, b: Universe, symbols: number): void {
  const known = (universe: Universe) =>
    universe.screen().symbols.toSorted((p, q) => p.symbol < q.symbol ? -1 : 1);
  deepStrictEqual(known(a), known(b));
  for (let y = 0; y < symbols; y++) {
    for (let x = 0; x < symbols; x++) {
      const [p, q] = [a, b].map((universe) => universe.pair(nameOf(y), nameOf(x)));
      strictEqual(p!.reason, q!.reason);
      if (q!.statistic === null) strictEqual(p!.statistic, null);
      else close(p!.statistic, q!.statistic, 0, 1e-7);
    }
  }
}

Deno.test("Universe.amend() gives what the amended bars give in time", () => {
  const amendment = fc.record({
    after: fc.nat(119),
    back: fc.nat(WINDOW - 1),
    symbol: fc.nat(3),
    shift: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.array(fc.nat(119), { maxLength: 20 }),
      fc.array(amendment, { minLength: 1, maxLength: 6 }),
      (seed, holes, amendments) => {
        const told: (number | null)[][] = logRows({ seed, symbols: 4, bars: 120 });
        for (const t of holes) if (t > 0) told[t]![t % 4] = null;
        const meant = told.map((row) => [...row]);
        const amended = make();
        told.forEach((row, t) => {
          amended.push(10 * t, barsOf(row));
          for (const { after, back, symbol, shift } of amendments) {
            const bar = t - back;
            if (after !== t || bar < 0) continue;
            const before = told.slice(0, bar + 1).findLast((r) => r[symbol] !== null);
            if (before === undefined) continue;
            meant[bar]![symbol] = before[symbol]! + shift;
            const bars = barsOf(meant[bar]!.map((log, i) => i === symbol ? log : null));
            amended.amend(10 * bar, bars);
          }
        });
        const inTime = make();
        meant.forEach((row, t) => inTime.push(10 * t, barsOf(row)));
        checkSame(amended, inTime, 4);
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

Deno.test("Universe.amend() takes a bar before the first of its symbol", () => {
  const rows = logRows({ seed: 2, symbols: 3, bars: 70 });
  const late = rows.map((row, t) => t < 50 ? [row[0]!, row[1]!, null] : row);
  const amended = make();
  pushAll(amended, late.slice(0, 60));
  strictEqual(amended.amend(450, barsOf([null, null, rows[45]![2]!])), 1);
  pushAll(amended, late.slice(60), 60);
  const inTime = make();
  pushAll(inTime, late.map((row, t) => t === 45 ? rows[45]! : row));
  checkSame(amended, inTime, 3);
});

Deno.test("Universe.amend() ignores what it cannot use and refuses times to come", () => {
  const rows = logRows({ seed: 3, symbols: 2, bars: 50 });
  const universe = make();
  throws(() => universe.amend(0, []), RangeError);
  pushAll(universe, rows);
  const before = universe.screen({ rows: "all" });
  strictEqual(universe.amend(480, barsOf(rows[48]!)), 0);
  strictEqual(universe.amend(490 - 10 * WINDOW, barsOf([1, 1])), 0);
  strictEqual(universe.amend(480, [{ symbol: "S0", close: 0, complete: true }]), 0);
  strictEqual(universe.amend(480, [{ symbol: "OTHER", close: 1, complete: true }]), 0);
  deepStrictEqual(universe.screen({ rows: "all" }), before);
  for (const bad of [NaN, 485, 500]) throws(() => universe.amend(bad, []), RangeError);
  strictEqual(universe.amend(490, barsOf([rows[49]![0]! + 0.01, null])), 1);
});
