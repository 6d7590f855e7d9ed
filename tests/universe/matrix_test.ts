import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { decodeMatrix, encodeMatrix, Universe } from "../../lib/universe/mod.ts";
import { orderByLikeness } from "../../lib/universe/symbol_order.ts";
import { close } from "../support/close.ts";
import { uniform } from "../support/random.ts";
import { logRows, pushAll } from "./support.ts";

Deno.test("Universe.matrix() holds the correlations and p-values of the rows of the screen", () => {
  const universe = new Universe({ intervalMs: 1, windowBars: 150 });
  pushAll(universe, logRows({ seed: 4, symbols: 15, bars: 260 }));
  const { rows, candidates } = universe.screen({ rows: "all" });
  const { symbols, correlation, pValue } = universe.matrix();
  const byPair = new Map(rows.map((row) => [[row.y, row.x].sort().join(), row]));
  strictEqual(pValue.length, rows.length);
  ok(candidates > 3);
  let at = 0;
  symbols.forEach((a, i) => {
    for (const b of symbols.slice(0, i)) {
      const row = byPair.get([a, b].sort().join())!;
      strictEqual(pValue[at], row.pValue);
      close(correlation[at], row.returnCorrelation!, 0, 1e-12);
      at++;
    }
  });
  const half = universe.matrix({ parts: ["correlation"] });
  deepStrictEqual(half, { ...universe.matrix(), pValue: new Float64Array() });
  deepStrictEqual(universe.matrix({ parts: ["pValue"] }).pValue, pValue);
});

Deno.test("Universe.matrix() has no symbol that is not tested, and no value without a test", () => {
  const rows = logRows({ seed: 5, symbols: 5, bars: 90 })
    .map((row) => [row[0]!, row[1]!, row[0]! + 1, 1, row[4]!]);
  const universe = new Universe({ intervalMs: 1, windowBars: 60 });
  pushAll(universe, rows);
  const { symbols, correlation, pValue } = universe.matrix();
  deepStrictEqual(symbols.toSorted(), ["S0", "S1", "S2", "S4"]);
  const [i, j] = [symbols.indexOf("S0"), symbols.indexOf("S2")].sort((a, b) => b - a);
  const at = i! * (i! - 1) / 2 + j!;
  close(correlation[at], 1, 0, 1e-9);
  ok(Number.isNaN(pValue[at]));
  strictEqual(Math.abs(i! - j!), 1, "one instrument stands together");
  const warming = new Universe({ intervalMs: 1, windowBars: 60 });
  pushAll(warming, rows.slice(0, 30));
  deepStrictEqual(warming.matrix().symbols, []);
});

Deno.test("orderByLikeness() puts shuffled clusters together, each once", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 60 }), (seed, count) => {
      const next = uniform(seed);
      const cluster = Array.from({ length: count }, () => Math.floor(5 * next()));
      const noise = Float64Array.from({ length: count * count }, next);
      const likeness = (i: number, j: number) =>
        (cluster[i] === cluster[j] ? 0.8 : 0.2) +
        0.1 * noise[Math.max(i, j) * count + Math.min(i, j)]!;
      const order = orderByLikeness(count, likeness);
      deepStrictEqual(order.toSorted((a, b) => a - b), cluster.map((_, i) => i));
      const changes = order.filter((i, k) => k > 0 && cluster[i] !== cluster[order[k - 1]!]);
      strictEqual(changes.length, Math.max(0, new Set(cluster).size - 1));
    }),
    { numRuns: 60, seed: 2 },
  );
  deepStrictEqual(orderByLikeness(3, () => NaN).toSorted(), [0, 1, 2]);
  deepStrictEqual(orderByLikeness(4, () => 1).toSorted(), [0, 1, 2, 3]);
});

Deno.test("encodeMatrix() keeps values to its steps and marks absent ones", () => {
  const rs = [-1, -0.999, -0.5, 0, 0.003, 0.7, 1, NaN];
  const ps = [1, 0.99, 0.05, 1e-4, 1e-12, 1e-13, 0, NaN];
  const { correlation, pValue } = encodeMatrix({
    ...{ openTimeMs: 1, intervalMs: 1, windowBars: 1, symbols: [] },
    ...{ correlation: Float64Array.from(rs), pValue: Float64Array.from(ps) },
  });
  decodeMatrix("correlation", correlation!).forEach((r, k) =>
    Number.isNaN(rs[k]!) ? ok(Number.isNaN(r)) : close(r, rs[k]!, 0, 0.5 / 127 + 1e-12)
  );
  decodeMatrix("pValue", pValue!).forEach((p, k) => {
    if (Number.isNaN(ps[k]!)) ok(Number.isNaN(p));
    else if (ps[k]! < 2e-13) close(p, 10 ** -12.7, 1e-12);
    else close(Math.log10(p), Math.log10(ps[k]!), 0, 0.5 / 20 + 1e-12);
  });
});
