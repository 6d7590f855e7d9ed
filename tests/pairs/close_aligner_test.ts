import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { alignCloses, CloseAligner, type CloseBar, type Leg } from "../../lib/pairs/mod.ts";
import { uniform } from "../support/random.ts";
import { barsOf, pairCloses } from "./bars.ts";

const grid = { intervalMs: 1_000, fill: "previous" } as const;
const common = { intervalMs: 1_000, fill: "drop" } as const;

Deno.test("alignCloses() fills the common span and marks what is carried forward", () => {
  const y = barsOf([1, 2, null, 4, null, 6, 7]);
  const x = barsOf([null, 20, 30, null, null, 60]);
  deepStrictEqual(
    alignCloses(y, x, grid).map((r) => [r.row, r.openTimeMs, r.y, r.x, r.stale]),
    [
      [1, 1_000, 2, 20, false],
      [2, 2_000, 2, 30, true],
      [3, 3_000, 4, 30, true],
      [4, 4_000, 4, 30, true],
      [5, 5_000, 6, 60, false],
    ],
  );
});

Deno.test("alignCloses() carries a leg into the span that began before it", () => {
  const rows = alignCloses(barsOf([1, null, 3]), barsOf([null, 20, 30]), grid);
  deepStrictEqual(rows.map((r) => [r.y, r.x, r.stale]), [[1, 20, true], [3, 30, false]]);
});

Deno.test("alignCloses() with drop keeps the intervals in which both traded", () => {
  const rows = alignCloses(barsOf([1, 2, null, 4]), barsOf([null, 20, 30, 40]), common);
  deepStrictEqual(
    rows.map((r) => [r.row, r.openTimeMs, r.y, r.x, r.stale]),
    [[0, 1_000, 2, 20, false], [1, 3_000, 4, 40, false]],
  );
});

Deno.test("alignCloses() of nothing or no overlap is empty", () => {
  deepStrictEqual(alignCloses([], barsOf([1, 2]), grid), []);
  deepStrictEqual(alignCloses(barsOf([1, 2]), barsOf([3, 4], 1_000, 10), grid), []);
  deepStrictEqual(alignCloses(barsOf([1, 2]), barsOf([3, 4], 1_000, 10), common), []);
});

Deno.test("alignCloses() goes on to untilMs when no bar is missing before it", () => {
  const options = { ...grid, untilMs: 4_999 };
  const rows = alignCloses(barsOf([1, 2]), barsOf([10]), options);
  deepStrictEqual(rows.map((r) => [r.y, r.x, r.stale]), [
    [1, 10, false],
    [2, 10, true],
    [2, 10, true],
    [2, 10, true],
  ]);
});

Deno.test("alignCloses() treats a close that is not positive and finite as missing", () => {
  const rows = alignCloses(barsOf([1, NaN, -3, 0, Infinity, 6]), barsOf([1, 2, 3, 4, 5, 6]), grid);
  deepStrictEqual(rows.map((r) => r.y), [1, 1, 1, 1, 1, 6]);
  deepStrictEqual(rows.map((r) => r.stale), [false, true, true, true, true, false]);
});

Deno.test("alignCloses() marks rows of incomplete bars and adds revisions", () => {
  const x = barsOf([10, 20]);
  const y: CloseBar[] = [
    { openTimeMs: 0, close: 1, complete: false, revision: 2 },
    { openTimeMs: 1_000, close: 2, complete: true, revision: 1 },
  ];
  deepStrictEqual(alignCloses(y, x, grid).map((r) => [r.complete, r.revision]), [
    [false, 2],
    [true, 1],
  ]);
});

Deno.test("alignCloses() refuses an interval or a time that is off the grid", () => {
  for (const intervalMs of [0, -1, 1.5, NaN]) {
    throws(() => alignCloses([], [], { intervalMs, fill: "drop" }), RangeError);
  }
  const off = { openTimeMs: 500, close: 1, complete: true, revision: 0 };
  throws(() => alignCloses([off], [], grid), RangeError);
});

/** All bars of a pair in an order in which they could come: mixed legs, some late, some revised. */
function arrivals(seed: number): { leg: Leg; bar: CloseBar }[] {
  const chance = uniform(seed);
  const closes = pairCloses(seed, 60, 0.3);
  const timed = (["y", "x"] as const).flatMap((leg) =>
    barsOf(closes[leg]).flatMap((bar) => {
      const late = chance() < 0.1 ? 12 * chance() : 0;
      const events = [{ at: bar.openTimeMs / 1_000 + late + chance(), leg, bar }];
      if (chance() < 0.15) {
        const again = { ...bar, close: bar.close + 0.5, revision: 1 };
        events.push({ at: bar.openTimeMs / 1_000 + late + 1 + 9 * chance(), leg, bar: again });
      }
      return events;
    })
  );
  return timed.sort((a, b) => a.at - b.at);
}

Deno.test("closeAligner.push() always stands where the batch over the same bars stands", () => {
  const fills = fc.constantFrom(grid, common);
  fc.assert(
    fc.property(fc.nat(100_000), fills, (seed, options) => {
      const aligner = new CloseAligner(options);
      const seen = { y: [] as CloseBar[], x: [] as CloseBar[] };
      const followed: unknown[] = [];
      for (const { leg, bar } of arrivals(seed)) {
        seen[leg].push(bar);
        const rows = aligner.push(leg, bar);
        const batch = alignCloses(seen.y, seen.x, options);
        deepStrictEqual(aligner.rows, batch);
        const first = rows[0];
        if (first === undefined) continue;
        const at = batch.findIndex((row) => row.openTimeMs === first.openTimeMs);
        followed.splice(at, rows.length, ...rows);
        deepStrictEqual(followed, batch);
      }
      ok(followed.length > 0);
    }),
    { numRuns: 60 },
  );
});

Deno.test("closeAligner.advance() lets a silent leg pass, and a late bar amends the rows", () => {
  const aligner = new CloseAligner(grid);
  for (const bar of barsOf([1, 2, 3])) aligner.push("y", bar);
  strictEqual(aligner.push("x", barsOf([10])[0]!).length, 1);
  deepStrictEqual(aligner.advance(3_500).map((r) => [r.x, r.stale]), [[10, true], [10, true]]);
  deepStrictEqual(aligner.advance(3_999), []);
  const late = aligner.push("x", { openTimeMs: 1_000, close: 11, complete: true, revision: 0 });
  deepStrictEqual(late.map((r) => [r.row, r.x, r.stale]), [[1, 11, false], [2, 11, true]]);
});

Deno.test("closeAligner.push() answers nothing for a bar it knows", () => {
  const aligner = new CloseAligner(grid);
  for (const bar of barsOf([1, 2])) aligner.push("y", bar);
  for (const bar of barsOf([1, 2])) aligner.push("x", bar);
  deepStrictEqual(aligner.push("x", barsOf([1, 2])[1]!), []);
  const proven = { openTimeMs: 0, close: 1, complete: false, revision: 1 };
  deepStrictEqual(aligner.push("x", proven).map((r) => [r.row, r.complete]), [[0, false]]);
  deepStrictEqual(aligner.push("x", { ...proven, close: 9, revision: 0 }), []);
});

Deno.test("closeAligner.push() keeps a bounded history and ignores bars before it", () => {
  const aligner = new CloseAligner({ ...grid, historyBars: 10 });
  for (let i = 0; i < 100; i++) {
    const bar = { openTimeMs: i * 1_000, close: 1 + i, complete: true, revision: 0 };
    aligner.push("y", bar);
    strictEqual(aligner.push("x", bar).length, 1);
  }
  ok(aligner.rows.length <= 20);
  strictEqual(aligner.rows.at(-1)!.row, 99);
  const old = { openTimeMs: 5_000, close: 7, complete: true, revision: 1 };
  deepStrictEqual(aligner.push("x", old), []);
  const recent = { openTimeMs: 95_000, close: 7, complete: true, revision: 1 };
  deepStrictEqual(aligner.push("x", recent).map((r) => [r.row, r.x]), [[95, 7]]);
});
