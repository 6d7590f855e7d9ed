import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { engleGranger } from "../../lib/stats/mod.ts";
import { Universe, type UniverseBar } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { barsOf, logRows, nameOf, pushAll, series } from "./support.ts";

const WINDOW = 60;
const make = (maxStaleShare = 0.05) =>
  new Universe({ intervalMs: 1, windowBars: WINDOW, maxStaleShare });

const reasons = (universe: Universe) =>
  Object.fromEntries(universe.screen().symbols.map((s) => [s.symbol, s.reason]));

Deno.test("Universe.screen() of nothing, of one symbol and of a window not full says why", () => {
  const universe = make();
  const empty = universe.screen({ rows: "all" });
  deepStrictEqual([empty.tested, empty.rows, empty.reason], [0, [], "no symbols"]);
  strictEqual(empty.openTimeMs, null);
  const rows = logRows({ seed: 1, symbols: 2, bars: WINDOW });
  pushAll(universe, rows.slice(0, -1));
  strictEqual(reasons(universe)["S0"], "warming up: 59 of 60 bars");
  const warming = universe.pair("S0", "S1");
  deepStrictEqual(
    [warming.statistic, warming.hedgeRatio, warming.reason],
    [null, null, "S0: warming up: 59 of 60 bars"],
  );
  pushAll(universe, rows.slice(-1), WINDOW - 1);
  strictEqual(universe.screen().tested, 1);

  const one = make();
  pushAll(one, rows.map((row) => row.slice(0, 1)));
  const screen = one.screen({ rows: "all" });
  deepStrictEqual([screen.tested, screen.rows.length], [0, 0]);
  strictEqual(screen.reason, "1 of 1 symbols are usable: a pair takes 2");
  strictEqual(one.pair("S0", "S0").reason, "a symbol and itself");
  strictEqual(one.pair("S0", "NONE").reason, "NONE: no bar in the window");
});

Deno.test("Universe.push() lets a symbol come late and tests it once its window is full", () => {
  const rows = logRows({ seed: 2, symbols: 3, bars: 200 });
  const universe = make();
  pushAll(universe, rows.slice(0, 100).map((row) => row.slice(0, 2)));
  pushAll(universe, rows.slice(100, 159), 100);
  strictEqual(reasons(universe)["S2"], "warming up: 59 of 60 bars");
  strictEqual(universe.screen().tested, 1);
  for (const end of [160, 161, 180, 200]) {
    const from = universe.openTimeMs! + 1;
    pushAll(universe, rows.slice(from, end), from);
    strictEqual(universe.screen().tested, 3);
    const window = rows.slice(end - WINDOW, end);
    for (const [y, x] of [[2, 0], [0, 2], [2, 1], [1, 2], [0, 1]]) {
      const expected = engleGranger(series(window, y!), series(window, x!), {
        lagChoice: "fixed",
        maxLag: 8,
      });
      close(universe.pair(nameOf(y!), nameOf(x!)).statistic, expected.statistic!, 0, 1e-8);
    }
  }
});

Deno.test("Universe.push() grows with the symbols that come", () => {
  const symbols = 40;
  const rows = logRows({ seed: 3, symbols, bars: symbols + WINDOW });
  const universe = make();
  rows.forEach((row, t) => universe.push(t, barsOf(row.slice(0, t + 1))));
  const { tested, symbols: known } = universe.screen();
  deepStrictEqual([known.length, tested], [symbols, symbols * (symbols - 1) / 2]);
  const window = rows.slice(-WINDOW);
  for (const [y, x] of [[0, 39], [39, 0], [15, 16], [17, 33]]) {
    const options = { lagChoice: "fixed", maxLag: 1 } as const;
    const expected = engleGranger(series(window, y!), series(window, x!), options);
    const { statistic } = universe.pair(nameOf(y!), nameOf(x!), { lag: 1 });
    close(statistic, expected.statistic!, 0, 1e-8);
  }
});

Deno.test("Universe.push() marks a pause, leaves the symbol out and takes it back", () => {
  const rows = logRows({ seed: 4, symbols: 3, bars: 240 });
  const universe = make();
  pushAll(universe, rows.slice(0, 70));
  const paused = rows.map((row, t) => t >= 70 && t < 75 ? [row[0]!, null, row[2]!] : row);
  pushAll(universe, paused.slice(70, 73), 70);
  strictEqual(reasons(universe)["S1"], null);
  const [, marked] = universe.screen().symbols;
  deepStrictEqual([marked!.staleShare, marked!.bars], [3 / WINDOW, WINDOW]);
  strictEqual(universe.pair("S0", "S1").staleShare, 3 / WINDOW);
  pushAll(universe, paused.slice(73, 80), 73);
  strictEqual(reasons(universe)["S1"], "stale: no trade in 5 of 60 bars");
  strictEqual(universe.screen().tested, 1);
  pushAll(universe, paused.slice(80, 132), 80);
  strictEqual(reasons(universe)["S1"], null);
  strictEqual(universe.screen().tested, 3);

  // while a few stale bars are inside, the price before stands in
  const filled = rows.map((row) => [...row]);
  for (let t = 70; t < 75; t++) filled[t]![1] = filled[t - 1]![1]!;
  const window = filled.slice(132 - WINDOW, 132);
  const options = { lagChoice: "fixed", maxLag: 8 } as const;
  const expected = engleGranger(series(window, 1), series(window, 0), options);
  close(universe.pair("S1", "S0").statistic, expected.statistic!, 0, 1e-8);
});

Deno.test("Universe.push() forgets a symbol that is gone and gives its place to another", () => {
  const rows = logRows({ seed: 5, symbols: 3, bars: 300 });
  const universe = make();
  pushAll(universe, rows.slice(0, 80));
  pushAll(universe, rows.slice(80, 139).map((row) => [row[0]!, null, row[2]!]), 80);
  ok(reasons(universe)["S1"]!.startsWith("stale"));
  pushAll(universe, rows.slice(139, 140).map((row) => [row[0]!, null, row[2]!]), 139);
  deepStrictEqual(Object.keys(reasons(universe)), ["S0", "S2"]);
  strictEqual(universe.screen({ rows: "all" }).rows.length, 1);
  strictEqual(universe.pair("S0", "S1").reason, "S1: no bar in the window");
  const bars = (row: readonly number[]): UniverseBar[] =>
    barsOf(row).map((bar) => bar.symbol === "S1" ? { ...bar, symbol: "NEW" } : bar);
  rows.slice(140).forEach((row, t) => universe.push(140 + t, bars(row)));
  deepStrictEqual(Object.keys(reasons(universe)), ["S0", "NEW", "S2"]);
  const window = rows.slice(-WINDOW);
  const options = { lagChoice: "fixed", maxLag: 8 } as const;
  const expected = engleGranger(series(window, 1), series(window, 2), options);
  close(universe.pair("NEW", "S2").statistic, expected.statistic!, 0, 1e-8);
});

Deno.test("Universe.push() takes a hole in all symbols as bars without trades", () => {
  const rows = logRows({ seed: 6, symbols: 3, bars: 200 });
  const [skipped, said] = [make(), make()];
  for (const universe of [skipped, said]) pushAll(universe, rows.slice(0, 100));
  for (let t = 100; t < 103; t++) said.push(t, []);
  for (const universe of [skipped, said]) pushAll(universe, rows.slice(103, 120), 103);
  deepStrictEqual(skipped.screen({ rows: "all" }), said.screen({ rows: "all" }));
  close(said.screen().staleShare, 3 / WINDOW);
  strictEqual(said.screen().tested, 3);

  skipped.push(120 + 2 * WINDOW, barsOf(rows[120]!));
  deepStrictEqual(
    skipped.screen().symbols.map(({ symbol, reason }) => [symbol, reason]),
    ["S0", "S1", "S2"].map((symbol) => [symbol, "warming up: 1 of 60 bars"]),
  );
  const anew = make();
  anew.push(120 + 2 * WINDOW, barsOf(rows[120]!));
  for (const universe of [skipped, anew]) {
    pushAll(universe, rows.slice(121, 121 + WINDOW), 121 + 2 * WINDOW);
  }
  deepStrictEqual(skipped.screen({ rows: "all" }), anew.screen({ rows: "all" }));
  strictEqual(anew.screen().tested, 3);
});

Deno.test("Universe.push() counts bars that are not complete", () => {
  const rows = logRows({ seed: 7, symbols: 2, bars: WINDOW });
  const universe = make();
  rows.forEach((row, t) => universe.push(t, barsOf(row, t >= 6)));
  const { symbols, tested } = universe.screen();
  deepStrictEqual(symbols.map((s) => s.incompleteShare), [0.1, 0.1]);
  strictEqual(tested, 1);
});

Deno.test("Universe.push() takes a price that is none as no trade", () => {
  const rows = logRows({ seed: 8, symbols: 3, bars: 2 * WINDOW });
  const universe = make();
  pushAll(universe, rows.slice(0, WINDOW));
  const garbage = [0, -1, NaN, Infinity];
  rows.slice(WINDOW).forEach((row, t) => {
    const bad = { symbol: "S1", close: garbage[t % 4]!, complete: true };
    const never = { symbol: "ZERO", close: 0, complete: true };
    universe.push(WINDOW + t, [...barsOf([row[0]!, null, row[2]!]), bad, never]);
    if (t === 3) {
      strictEqual(reasons(universe)["S1"], "stale: no trade in 4 of 60 bars");
      strictEqual(universe.screen().tested, 1);
    }
  });
  deepStrictEqual(Object.keys(reasons(universe)), ["S0", "S2"]);
  strictEqual(universe.screen().tested, 1);
});

Deno.test("Universe.screen() never ranks two identical symbols nor a frozen one", () => {
  const rows = logRows({ seed: 9, symbols: 3, bars: 3 * WINDOW });
  const universe = make();
  pushAll(universe, rows.map((row) => [...row, row[0]!, row[0]! + 2, 3.5]));
  const screen = universe.screen({ rows: "all" });
  strictEqual(reasons(universe)["S5"], "the price does not vary");
  deepStrictEqual([screen.tested, screen.collinear, screen.rows.length], [7, 3, 15]);
  const marked = screen.rows.filter((row) => row.collinear);
  deepStrictEqual(
    marked.map((row) => [row.y, row.x].sort().join()).sort(),
    ["S0,S3", "S0,S4", "S3,S4"],
  );
  for (const row of marked) {
    deepStrictEqual([row.statistic, row.pValue, row.isDiscovery], [null, null, false]);
    strictEqual(row.reason, "one instrument: 1 - R^2 < 1.49e-6");
    close(row.hedgeRatio, 1, 1e-9);
  }
  const frozen = screen.rows.filter((row) => row.reason?.startsWith("S5"));
  deepStrictEqual(
    frozen.map((row) => [row.statistic, row.hedgeRatio, row.reason]),
    Array(5).fill([null, null, "S5: the price does not vary"]),
  );
  strictEqual(universe.pair("S0", "S3").collinear, true);
  for (const { rows } of [screen, universe.screen({ lag: 1, rows: "all" })]) {
    for (const value of rows.flatMap((row) => Object.values(row))) {
      ok(typeof value !== "number" || Number.isFinite(value));
    }
  }
});

Deno.test("Universe.screen() takes a frozen symbol that moves again", () => {
  const rows = logRows({ seed: 11, symbols: 2, bars: 3 * WINDOW });
  const universe = make();
  const melted = rows.map((row, t) => t < 90 ? [row[0]!, rows[90]![1]!] : row);
  for (let t = 0; t < melted.length; t++) {
    universe.push(t, barsOf(melted[t]!));
    if (t === 89) strictEqual(reasons(universe)["S1"], "the price does not vary");
    if (t < 95) continue;
    const window = melted.slice(t + 1 - WINDOW, t + 1);
    const options = { lagChoice: "fixed", maxLag: 1 } as const;
    const expected = engleGranger(series(window, 0), series(window, 1), options);
    close(universe.pair("S0", "S1", { lag: 1 }).statistic, expected.statistic!, 0, 1e-8);
  }
});

Deno.test("Universe.screen() of a universe of frozen symbols tests nothing", () => {
  const universe = make();
  pushAll(universe, Array.from({ length: WINDOW }, () => [1, 2, 3]));
  const { tested, rows, reason } = universe.screen();
  deepStrictEqual([tested, rows], [0, []]);
  strictEqual(reason, "0 of 3 symbols are usable (S0: the price does not vary): a pair takes 2");
});
