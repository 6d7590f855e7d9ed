import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { findLookAhead, pairBacktest, signalStates } from "../../lib/backtest/mod.ts";
import { type AlignedRow, pairReadings } from "../../lib/pairs/mod.ts";
import { moments, ols } from "../../lib/stats/mod.ts";
import { pairRows } from "../pairs/bars.ts";

const logs = (rows: readonly AlignedRow[], leg: "y" | "x") => rows.map((row) => Math.log(row[leg]));

/** The z-score as it is often computed: ratio, mean and deviation of the whole sample. */
function wholeSampleScores(rows: readonly AlignedRow[]): (number | null)[] {
  const fit = ols(logs(rows, "y"), logs(rows, "x"));
  const { mean } = moments(fit.residuals ?? []);
  const deviation = moments(fit.residuals ?? []).deviation();
  return Array.from(fit.residuals ?? [], (spread) => (spread - mean!) / deviation!);
}

Deno.test("findLookAhead() finds a z-score over the whole sample", () => {
  const seen = findLookAhead(pairRows(1, 60), wholeSampleScores);
  ok(seen !== null && seen.row === 0);
});

Deno.test("findLookAhead() finds a glimpse of the very next row, wherever it is used", () => {
  const rows = [5, 7, 4, 9, 9, 2];
  const oneAhead = (known: readonly number[]) => known.map((row, t) => known[t + 1] ?? row);
  deepStrictEqual(findLookAhead(rows, oneAhead), { row: 0, knownRows: 1, then: 5, now: 7 });
  const onlyOnce = (known: readonly number[]) =>
    known.map((row, t) => t === 4 ? known[t + 1] ?? row : row);
  deepStrictEqual(findLookAhead(rows, onlyOnce), { row: 4, knownRows: 5, then: 9, now: 2 });
});

Deno.test("findLookAhead() takes absent numbers for what they are", () => {
  const rows = [1, 2, 3];
  strictEqual(findLookAhead(rows, (known) => known.map(() => NaN)), null);
  strictEqual(findLookAhead(rows, (known) => known.map(() => null)), null);
  const late = (known: readonly number[]) => known.map(() => known.length > 2 ? 0 : null);
  deepStrictEqual(findLookAhead(rows, late), { row: 0, knownRows: 1, then: null, now: 0 });
});

Deno.test("findLookAhead() tries the prefixes it is given, and takes unsettled outputs left out", () => {
  const lengths: number[] = [];
  const record = (known: readonly number[]) => {
    lengths.push(known.length);
    return known.slice(0, -1);
  };
  strictEqual(findLookAhead([1, 2, 3, 4], record, { prefixes: [1, 3] }), null);
  deepStrictEqual(lengths, [4, 1, 3]);
});

Deno.test("pairReadings(), signalStates() and pairBacktest() see no future", () => {
  const method = fc.constantFrom("rolling-ols" as const, "ols" as const);
  const scale = fc.constantFrom("log" as const, "level" as const);
  fc.assert(
    fc.property(fc.nat(), method, scale, (seed, method, scale) => {
      const rows = pairRows(seed, 90);
      const options = { windowBars: 12, method, scale, entry: 1.2, stop: 4, maxHoldBars: 15 };
      const readings = (known: readonly AlignedRow[]) => pairReadings(known, options);
      for (const field of ["zScore", "hedgeRatio", "spread", "halfLifeBars"] as const) {
        strictEqual(findLookAhead(rows, (known) => readings(known).map((r) => r[field])), null);
      }
      strictEqual(
        findLookAhead(
          rows,
          (known) => signalStates(readings(known), options).map((s) => JSON.stringify(s)),
        ),
        null,
      );
      strictEqual(
        findLookAhead(rows, (known) => pairBacktest(known, options).equity.slice(0, -1)),
        null,
      );
    }),
    { numRuns: 8 },
  );
});
