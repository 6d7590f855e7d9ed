import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { engleGranger } from "../../lib/stats/mod.ts";
import { Screener, Universe } from "../../lib/universe/mod.ts";
import { barsOf, logRows, nameOf, pushAll, series } from "./support.ts";

const WINDOW = 160;

Deno.test("Screener tests the discoveries of one window on the next, which shares no bar", () => {
  const rows = logRows({ seed: 7, symbols: 12, bars: 2 * WINDOW });
  const screener = new Screener({ intervalMs: 1, windowBars: WINDOW }, { lag: 1 });
  rows.forEach((row, t) => screener.push(t, barsOf(row)));
  const first = new Universe({ intervalMs: 1, windowBars: WINDOW });
  pushAll(first, rows.slice(0, WINDOW));
  const chosen = first.screen({ rows: "discoveries", lag: 1 }).rows;
  ok(chosen.length >= 3);
  const next = rows.slice(WINDOW);
  const survivors = chosen.filter(({ y, x }) => {
    const [a, b] = [y, x].map((name) => series(next, Number(name.slice(1))));
    const options = { lagChoice: "fixed", maxLag: 1 } as const;
    const pValues = [engleGranger(a!, b!, options), engleGranger(b!, a!, options)]
      .map(({ pValue }) => pValue!);
    return Math.min(1, 2 * Math.min(...pValues)) <= 0.05;
  });
  const report = screener.screen({ rows: "all" });
  const { holdOut } = report;
  deepStrictEqual(holdOut.latest, {
    chosen: chosen.length,
    tested: chosen.length,
    survived: survivors.length,
    survivalRate: survivors.length / chosen.length,
  });
  deepStrictEqual([holdOut.chosenAtMs, holdOut.testedAtMs], [WINDOW - 1, 2 * WINDOW - 1]);
  deepStrictEqual([holdOut.alpha, holdOut.lag, holdOut.reason], [0.05, 1, null]);
  strictEqual(holdOut.expectedByChance, 0.05 * chosen.length);
  const named = (list: readonly { y: string; x: string }[]) =>
    list.map(({ y, x }) => [y, x].sort().join()).sort();
  const verdict = (v: "survived" | "failed") => report.rows.filter((row) => row.holdOut === v);
  deepStrictEqual(named(verdict("survived")), named(survivors));
  deepStrictEqual(verdict("failed").length, chosen.length - survivors.length);
});

Deno.test("Screener goes on choosing and testing, and says what it waits for", () => {
  const rows = logRows({ seed: 8, symbols: 6, bars: 3 * WINDOW });
  const screener = new Screener({ intervalMs: 1_000, windowBars: WINDOW }, { lag: 1 });
  const push = (from: number, to: number) => {
    for (let t = from; t < to; t++) screener.push(1_000 * t, barsOf(rows[t]!));
    return screener.screen().holdOut;
  };
  strictEqual(push(0, WINDOW - 1).reason, "no pairs have been chosen yet: no window is full");
  strictEqual(
    push(WINDOW - 1, WINDOW + 10).reason,
    "the first pairs chosen are tested again at 1970-01-01T00:05:19.000Z",
  );
  const once = push(WINDOW + 10, 2 * WINDOW);
  deepStrictEqual(once.all, once.latest);
  const often = push(2 * WINDOW, 3 * WINDOW - 1);
  strictEqual(often.testedAtMs, 1_000 * (3 * WINDOW - 1 - WINDOW / 4));
  ok(often.all.chosen > often.latest!.chosen);
});

Deno.test("Screener counts a pair that cannot be tested again apart", () => {
  const rows = logRows({ seed: 7, symbols: 12, bars: 2 * WINDOW });
  const screener = new Screener({ intervalMs: 1, windowBars: WINDOW }, { lag: 1 });
  rows.forEach((row, t) =>
    screener.push(t, barsOf(row.map((log, i) => t > WINDOW + 50 && i === 2 ? null : log)))
  );
  const { holdOut } = screener.screen();
  ok(holdOut.latest!.tested < holdOut.latest!.chosen && holdOut.latest!.tested > 0);
  strictEqual(
    screener.screen({ rows: "all" }).rows.some(({ y, x, holdOut }) =>
      holdOut !== null && [y, x].includes(nameOf(2))
    ),
    false,
  );
});
