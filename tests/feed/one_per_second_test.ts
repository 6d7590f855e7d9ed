import { deepStrictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { AsidePerSecond } from "../../lib/feed/side/aside_per_second.ts";
import { LastPerSecond } from "../../lib/feed/side/last_per_second.ts";
import { FirstPerSecond } from "../../lib/feed/side/one_per_second.ts";
import { SilenceWatch } from "../../lib/feed/side/silence_watch.ts";

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
  const thinning = new LastPerSecond<Told>(({ n }) => n, 0);
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
        const thinning = new LastPerSecond<Told>(({ n }) => n, 0);
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

Deno.test("LastPerSecond tells again what stands, every 30 s, and only for so long", () => {
  const thinning = new LastPerSecond<Told>(({ n }) => n, 90_000);
  let second = 0;
  /** Lets the exchange's time go on to a second. */
  const reached = (untilSecond: number) => {
    const kept: number[][] = [];
    while (second < untilSecond) {
      kept.push(...thinning.reach(1_000 * ++second).map(({ timeMs, n }) => [timeMs / 1_000, n]));
    }
    return kept;
  };
  thinning.offer({ symbol: "A", timeMs: 1_000, n: 1 });
  deepStrictEqual([reached(3), reached(32), reached(33)], [[[1, 1]], [], [[31, 1]]]);
  // What comes late for a second that was kept is no row of it, but what stands from then on.
  deepStrictEqual(thinning.offer({ symbol: "A", timeMs: 31_000, n: 2 }), null);
  deepStrictEqual(reached(200), [[61, 2], [91, 2], [121, 2]]);
  // After that nothing is known before the venue tells it.
  thinning.offer({ symbol: "A", timeMs: 200_000, n: 3 });
  deepStrictEqual(reached(232), [[200, 3], [230, 3]]);
  // A frame of a time that is far ahead makes no row of it.
  deepStrictEqual(thinning.reach(280_000).map(({ timeMs }) => timeMs), []);
});

Deno.test("LastPerSecond keeps nothing of what it had before an interruption", () => {
  const thinning = new LastPerSecond<Told>(({ n }) => n, 90_000);
  const reached = (timeMs: number) => thinning.reach(timeMs).map(({ symbol, n }) => [symbol, n]);
  thinning.offer({ symbol: "A", timeMs: 0, n: 1 });
  thinning.offer({ symbol: "B", timeMs: 0, n: 1 });
  deepStrictEqual(reached(2_000), [["A", 1], ["B", 1]]);
  thinning.offer({ symbol: "A", timeMs: 5_000, n: 2 });
  thinning.interrupt("A");
  deepStrictEqual(thinning.offer({ symbol: "A", timeMs: 44_000, n: 3 }), null);
  deepStrictEqual(reached(43_000), []);
  deepStrictEqual(reached(44_000), [["B", 1]]);
  thinning.interrupt();
  deepStrictEqual(reached(80_000), []);
});

Deno.test("SilenceWatch finds a silent symbol again after twice the time, until it is heard", () => {
  const watch = new SilenceWatch(10);
  const found = (...times: number[]) =>
    times.map((nowMs) => watch.look(nowMs).map(({ symbol, times }) => `${symbol}${times}`).join());
  watch.heard("A", 0);
  deepStrictEqual(found(9), [""]);
  watch.asked(["A", "B"], 100);
  watch.heard("B", 105);
  deepStrictEqual(found(109, 110, 115, 116), ["", "A1", "B1", ""]);
  watch.asked(["A"], 112);
  watch.heard("B", 120);
  deepStrictEqual(found(130, 131, 132), ["B1", "", "A2"]);
  watch.interrupt(["A"]);
  watch.retain(new Set(["A"]));
  deepStrictEqual(found(9_000), [""]);
  watch.asked(["A"], 9_000);
  deepStrictEqual(found(9_039, 9_040), ["", "A3"]);
});

Deno.test("AsidePerSecond lets one frame per symbol and second through, and counts the others", () => {
  const aside = new AsidePerSecond();
  const offered = (symbol: string | null, receivedMs: number) =>
    aside.offer({ symbol, receivedMs });
  deepStrictEqual(
    [offered("A", 0), offered("A", 999), offered(null, 999), offered(null, 999)],
    [true, false, true, false],
  );
  deepStrictEqual([offered("A", 1_000), offered("A", 1_001), aside.leftOut], [true, false, 3]);
});
