import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  alignCloses,
  type BarSource,
  type CloseBar,
  PairFollower,
  pairReadings,
} from "../../lib/pairs/mod.ts";
import { barsOf, pairCloses } from "./bars.ts";

const INTERVAL_MS = 1_000;

/** Stored bars of two legs; each write has the next sequence number. */
class Bars implements BarSource {
  readonly #stored: Record<string, (CloseBar & { sequence: number })[]> = { A: [], B: [] };
  #sequence = 0;

  write(symbol: "A" | "B", bar: CloseBar): void {
    const stored = this.#stored[symbol]!;
    const at = stored.findIndex((b) => b.openTimeMs >= bar.openTimeMs);
    const isThere = stored[at]?.openTimeMs === bar.openTimeMs;
    const revision = isThere ? stored[at]!.revision + 1 : 0;
    const written = { ...bar, revision, sequence: ++this.#sequence };
    stored.splice(at < 0 ? stored.length : at, isThere ? 1 : 0, written);
  }

  priceBars(
    { symbol, fromMs = -Infinity, limit = Infinity }: Parameters<BarSource["priceBars"]>[0],
  ) {
    const all = this.#stored[symbol]!.filter((bar) => bar.openTimeMs >= fromMs);
    return all.slice(Math.max(0, all.length - limit));
  }

  cursor(): number {
    return this.#sequence;
  }

  barChanges({ symbol, cursor }: { symbol: string; cursor: number }) {
    const bars = this.#stored[symbol]!.filter((bar) => bar.sequence > cursor);
    return { bars, cursor: this.#sequence };
  }
}

Deno.test("PairFollower.poll() keeps the readings those of the stored bars, whatever is revised", () => {
  const { y, x } = pairCloses(7, 90);
  const legs = { A: barsOf(y), B: barsOf(x) };
  const steps = fc.array(
    fc.record({
      bars: fc.integer({ min: 1, max: 12 }),
      revised: fc.array(fc.tuple(fc.constantFrom("A" as const, "B" as const), fc.nat(80))),
    }),
    { minLength: 3, maxLength: 9 },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 3, max: 8 }), (taken, windowBars) => {
      const source = new Bars();
      const options = { intervalMs: INTERVAL_MS, windowBars };
      const follower = new PairFollower(source, { ...options, y: "A", x: "B", limit: 1_000 });
      let count = 0;
      for (const { bars, revised } of taken) {
        const untilMs = (count += bars) * INTERVAL_MS;
        for (const leg of ["A", "B"] as const) {
          for (const bar of legs[leg]) {
            const isNew = bar.openTimeMs >= untilMs - bars * INTERVAL_MS &&
              bar.openTimeMs < untilMs;
            if (isNew) source.write(leg, bar);
          }
        }
        for (const [leg, k] of revised) {
          const bar = legs[leg][k];
          if (bar !== undefined && bar.openTimeMs < untilMs) {
            source.write(leg, { ...bar, close: bar.close * (1 + k / 1_000) });
          }
        }
        const fromMs = follower.poll();
        const stored = (symbol: string) => source.priceBars({ symbol, intervalMs: INTERVAL_MS });
        const rows = alignCloses(stored("A"), stored("B"), {
          intervalMs: INTERVAL_MS,
          fill: "previous",
        });
        const expected = pairReadings(rows, options);
        const { readings } = follower;
        const common = Math.min(readings.length, expected.length);
        deepStrictEqual(readings.slice(0, common), expected.slice(0, common));
        ok(common === expected.length && readings.slice(common).every((r) => r.stale));
        ok(fromMs === Infinity || readings.some((r) => r.openTimeMs === fromMs));
      }
      strictEqual(follower.poll(), Infinity);
    }),
    { numRuns: 60 },
  );
});
