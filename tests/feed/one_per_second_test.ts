import { deepStrictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { FirstPerSecond, LastPerSecond } from "../../lib/feed/side/one_per_second.ts";

interface Told {
  readonly symbol: string;
  readonly timeMs: number;
  readonly n: number;
}

Deno.test("FirstPerSecond keeps the first row of each second and symbol, and none of the past", () => {
  const thinning = new FirstPerSecond<Told>();
  const kept = (symbol: string, timeMs: number, n: number) =>
    thinning.offer({ symbol, timeMs, n })?.n ?? null;
  deepStrictEqual([kept("A", 0, 1), kept("A", 0, 2), kept("B", 0, 3)], [1, null, 3]);
  deepStrictEqual([kept("A", 2_000, 4), kept("A", 1_000, 5), kept("B", 1_000, 6)], [4, null, 6]);
  thinning.retain(new Set(["B"]));
  deepStrictEqual([kept("A", 0, 7), kept("B", 1_000, 8)], [7, null]);
});

Deno.test("LastPerSecond keeps the row with the highest number once its second is over", () => {
  const thinning = new LastPerSecond<Told>(({ n }) => n);
  const kept = (symbol: string, timeMs: number, n: number) =>
    thinning.offer({ symbol, timeMs, n })?.n ?? null;
  const reached = (timeMs: number) => thinning.reach(timeMs).map(({ n }) => n);
  deepStrictEqual([kept("A", 0, 2), kept("A", 0, 3), kept("A", 0, 1), kept("B", 0, 9)], [
    ...[null, null, null, null],
  ]);
  // A later row of its own ends a second; the time of others ends that of a quiet symbol.
  deepStrictEqual(kept("A", 1_000, 4), 3);
  deepStrictEqual([reached(1_000), reached(2_000), reached(2_000)], [[], [9], []]);
  // What comes for a second that was kept comes too late.
  deepStrictEqual([kept("B", 0, 10), kept("B", 2_000, 11), kept("A", 0, 99)], [null, null, null]);
  deepStrictEqual(reached(9_000), [4, 11]);
  thinning.retain(new Set(["B"]));
  deepStrictEqual([kept("A", 0, 5), reached(10_000)], [null, [5]]);
});

Deno.test("LastPerSecond keeps of any rows in order of time the last of each second", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ symbol: fc.constantFrom("A", "B"), step: fc.nat(900) })),
      (steps) => {
        let timeMs = 0;
        const told = steps.map(({ symbol, step }, n) => {
          timeMs += step;
          return { symbol, timeMs: Math.floor(timeMs / 1_000) * 1_000, n };
        });
        const thinning = new LastPerSecond<Told>(({ n }) => n);
        const kept = told.flatMap((row) =>
          [...thinning.reach(row.timeMs), thinning.offer(row) ?? []].flat()
        );
        kept.push(...thinning.reach(1e9));
        const last = new Map(told.map((row) => [`${row.symbol} ${row.timeMs}`, row.n]));
        deepStrictEqual(
          kept.map(({ n }) => n).sort((a, b) => a - b),
          [...last.values()].sort((a, b) => a - b),
        );
      },
    ),
    { numRuns: 200 },
  );
});
