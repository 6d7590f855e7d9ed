import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { engleGranger } from "../../lib/stats/mod.ts";
import { Screener, type ScreenReport, type UniverseBar } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { barsOf, logRows, nameOf, series } from "./support.ts";

const WINDOW = 40;
const CLEAN = 4;

/** What a symbol may send instead of a price. */
const garbage = fc.constantFrom(
  ...[0, -1, NaN, Infinity, 1e-300, 1e300, 5, 5, Number.MIN_VALUE, Number.MAX_VALUE],
);

/** Fails unless everything in a report is a number, a word or absent, and in order. */
function checkSound(report: ScreenReport): void {
  deepStrictEqual(JSON.parse(JSON.stringify(report)), report);
  const usable = new Set(
    report.symbols.filter(({ reason }) => reason === null).map(({ symbol }) => symbol),
  );
  strictEqual(report.usable, usable.size);
  let before = -1;
  for (const row of report.rows) {
    if (row.pValue === null) {
      ok(row.reason !== null && !row.isDiscovery);
      before = 2;
      continue;
    }
    ok(row.pValue >= Math.max(0, before) && row.pValue <= 1 && before < 2);
    before = row.pValue;
    ok(usable.has(row.y) && usable.has(row.x) && row.y !== row.x);
    ok(row.reason === null && !row.collinear && Number.isFinite(row.statistic));
  }
}

Deno.test("Screener.screen() is sound whatever symbols send, and right for the others", () => {
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.array(fc.tuple(fc.nat(99), fc.nat(2), garbage), { maxLength: 40 }),
      fc.array(fc.nat(99), { maxLength: 2 }),
      (seed, sent, holes) => {
        const rows = logRows({ seed, symbols: CLEAN + 3, bars: 100 });
        const screener = new Screener({ intervalMs: 1, windowBars: WINDOW });
        rows.forEach((row, t) => {
          if (holes.includes(t)) return;
          const bars: UniverseBar[] = barsOf(row).map((bar, i) => {
            const [, , value] = sent.find(([at, k]) => at === t && k === i - CLEAN) ?? [];
            return value === undefined ? bar : { ...bar, close: value, quoteVolume: value };
          });
          screener.push(t, bars);
        });
        const report = screener.screen({ rows: "all" });
        checkSound(report);
        const filled = rows.map((row, t) => holes.includes(t) && t > 0 ? rows[t - 1]! : row);
        if (holes.some((t) => t >= 98) || holes.includes(0)) return;
        if (holes.some((t) => holes.includes(t + 1))) return;
        const window = filled.slice(-WINDOW);
        const options = { lagChoice: "fixed", maxLag: 8 } as const;
        for (const [y, x] of [[0, 1], [2, 1], [3, 0]] as const) {
          const { statistic } = engleGranger(series(window, y), series(window, x), options);
          close(screener.universe.pair(nameOf(y), nameOf(x)).statistic, statistic!, 0, 1e-7);
        }
      },
    ),
    { numRuns: 150, seed: 5 },
  );
});

Deno.test("Screener.screen() of a universe of garbage tests nothing and says why", () => {
  const screener = new Screener({ intervalMs: 1, windowBars: WINDOW });
  checkSound(screener.screen());
  for (let t = 0; t < 3 * WINDOW; t++) {
    screener.push(
      t,
      [0, NaN, 7, 7].map((price, i) => ({
        symbol: nameOf(i),
        close: price,
        complete: true,
      })),
    );
  }
  const report = screener.screen({ rows: "all" });
  checkSound(report);
  deepStrictEqual(report.symbols.map(({ symbol, reason }) => [symbol, reason]), [
    ["S2", "the price does not vary"],
    ["S3", "the price does not vary"],
  ]);
  deepStrictEqual([report.tested, report.holdOut.latest], [0, null]);
  strictEqual(
    report.summary,
    "No pair was tested: 0 of 2 symbols are usable (S2: the price does not vary): a pair takes 2.",
  );
  const { symbols, correlation, pValue } = screener.matrix();
  deepStrictEqual([symbols, correlation.length, pValue.length], [[], 0, 0]);
});

Deno.test("Screener.screen() is right after a bad tick was amended away", () => {
  const rows = logRows({ seed: 3, symbols: CLEAN, bars: 120 });
  const screener = new Screener({ intervalMs: 1, windowBars: WINDOW });
  rows.forEach((row, t) => {
    const bad = t === 100 ? row.map((log, i) => i === 1 ? log + 12 : log) : row;
    screener.push(t, barsOf(bad));
    if (t === 104) screener.amend(100, barsOf(rows[100]!));
  });
  const window = rows.slice(-WINDOW);
  for (const [y, x] of [[0, 1], [1, 2], [3, 1]] as const) {
    const options = { lagChoice: "fixed", maxLag: 8 } as const;
    const { statistic } = engleGranger(series(window, y), series(window, x), options);
    close(screener.universe.pair(nameOf(y), nameOf(x)).statistic, statistic!, 0, 1e-8);
  }
});
