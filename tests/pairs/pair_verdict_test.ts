import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { type AlignedRow, engleGrangerBoth, pairVerdict } from "../../lib/pairs/mod.ts";
import { halfLife, pearson } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { pairRows } from "./bars.ts";

const logs = (rows: readonly AlignedRow[], leg: "y" | "x") => rows.map((r) => Math.log(r[leg]));

function unrelated(seed: number, count: number): AlignedRow[] {
  const other = pairRows(seed + 500, count);
  return pairRows(seed, count).map((row, i) => ({ ...row, y: other[i]!.x }));
}

Deno.test("engleGrangerBoth() doubles the smaller p-value and names its direction", () => {
  for (let seed = 0; seed < 20; seed++) {
    const rows = unrelated(seed, 200);
    const both = engleGrangerBoth(logs(rows, "y"), logs(rows, "x"));
    const back = engleGrangerBoth(logs(rows, "x"), logs(rows, "y"));
    const smaller = Math.min(both.yOnX.test.pValue!, both.xOnY.test.pValue!);
    strictEqual(both.pValue, Math.min(1, 2 * smaller));
    strictEqual(both[both.best!].test.pValue, smaller);
    strictEqual(back.pValue, both.pValue);
    strictEqual(back.best, both.best === "yOnX" ? "xOnY" : "yOnX");
  }
});

Deno.test("engleGrangerBoth() doubled rejects unrelated legs no more often than it says", () => {
  let rejections = 0;
  for (let seed = 0; seed < 200; seed++) {
    const rows = unrelated(seed, 150);
    const options = { lagChoice: "fixed", maxLag: 1 } as const;
    if (engleGrangerBoth(logs(rows, "y"), logs(rows, "x"), options).pValue! < 0.05) rejections++;
  }
  ok(rejections < 20, `${rejections} of 200 at 5 %`);
});

Deno.test("pairVerdict() of cointegrated legs", () => {
  const rows = pairRows(1, 600);
  const verdict = pairVerdict(rows);
  strictEqual(verdict.cointegrated, true);
  strictEqual(verdict.reason, null);
  strictEqual(verdict.nobs, 600);
  deepStrictEqual([verdict.fromMs, verdict.toMs], [0, 599_000]);
  close(verdict.yOnX.hedgeRatio, 1.2, 0.05);
  close(verdict.xOnY.hedgeRatio, 1 / 1.2, 0.2);
  ok(verdict.yOnX.halfLifeResolved);
  ok(Math.abs(verdict.yOnX.halfLifeBars! - 3.1) < 4 * verdict.yOnX.halfLifeError!);
  const test = engleGrangerBoth(logs(rows, "y"), logs(rows, "x")).yOnX.test;
  strictEqual(verdict.yOnX.halfLifeBars, halfLife(test.residuals).bars);
  ok(
    verdict.sentence.startsWith("The legs are cointegrated at the 5 % level (Engle-Granger y on x"),
  );
  ok(/half of a deviation is gone after [\d.]+ ± [\d.]+ bars\.$/.test(verdict.sentence));
});

Deno.test("pairVerdict() correlates returns, not levels", () => {
  const rows = unrelated(3, 400);
  const changes = (leg: "y" | "x") =>
    logs(rows, leg).slice(1).map((v, i) => v - logs(rows, leg)[i]!);
  close(
    pairVerdict(rows).correlation,
    pearson(changes("y"), changes("x")).coefficient!,
    1e-9,
    1e-12,
  );
});

Deno.test("pairVerdict() of unrelated legs says that nothing speaks for it", () => {
  const verdict = pairVerdict(unrelated(4, 400));
  strictEqual(verdict.cointegrated, false);
  ok(verdict.sentence.startsWith("Nothing speaks for cointegration at the 5 % level"));
});

Deno.test("pairVerdict() flags one instrument and never calls it cointegrated", () => {
  const verdict = pairVerdict(pairRows(5, 200).map((row) => ({ ...row, y: 2 * row.x })));
  deepStrictEqual(
    [verdict.collinear, verdict.cointegrated, verdict.pValue, verdict.best],
    [true, null, null, null],
  );
  ok(verdict.reason!.includes("collinear"));
  ok(verdict.sentence.startsWith("No verdict: the legs are collinear"));
});

Deno.test("pairVerdict() without enough or with flat rows has a reason", () => {
  const rows = pairRows(6, 50);
  const flat = rows.map((row) => ({ ...row, x: 7 }));
  for (const span of [[], rows.slice(0, 1), rows.slice(0, 4), flat]) {
    const verdict = pairVerdict(span);
    deepStrictEqual([verdict.pValue, verdict.cointegrated], [null, null]);
    ok(verdict.reason !== null);
    ok(verdict.sentence.startsWith("No verdict: "));
  }
  deepStrictEqual([pairVerdict([]).fromMs, pairVerdict([]).staleShare], [null, 0]);
});

Deno.test("pairVerdict() warns of stale and incomplete rows", () => {
  const rows = pairRows(7, 200).map((row, i) => ({
    ...row,
    stale: i % 2 === 0,
    complete: i % 4 !== 0,
  }));
  const verdict = pairVerdict(rows);
  deepStrictEqual([verdict.staleShare, verdict.incompleteShare], [0.5, 0.25]);
  ok(verdict.sentence.endsWith(
    ", but 50 % of the bars are carried forward and 25 % are not proven complete.",
  ));
});

Deno.test("pairVerdict() is plain JSON: what it says survives the trip", () => {
  for (const rows of [pairRows(8, 100), unrelated(9, 100), pairRows(8, 2)]) {
    const verdict = pairVerdict(rows);
    deepStrictEqual(JSON.parse(JSON.stringify(verdict)), verdict);
  }
});

Deno.test("pairVerdict() on levels measures units", () => {
  const rows = pairRows(10, 300);
  const doubled = rows.map((row) => ({ ...row, x: row.x * 2 }));
  const [a, b] = [rows, doubled].map((r) => pairVerdict(r, { scale: "level" }));
  close(b!.yOnX.hedgeRatio, a!.yOnX.hedgeRatio! / 2, 1e-12);
  throws(() => pairVerdict(rows, { significance: 1 }), RangeError);
});

Deno.test("pairVerdict() holds symmetric ratios that are one over those of exchanged legs", () => {
  const rows = pairRows(11, 3_000);
  const there = pairVerdict(rows);
  const back = pairVerdict(rows.map((row) => ({ ...row, y: row.x, x: row.y })));
  close(there.symmetric.totalLeastSquares! * back.symmetric.totalLeastSquares!, 1, 1e-9);
  close(there.symmetric.totalLeastSquares, 1.2, 0.05);
  close(there.symmetric.johansen, 1.2, 0.05);
  strictEqual(there.symmetric.johansenRank, 1);
  ok(there.symmetric.trace! > there.symmetric.traceCritical);
  deepStrictEqual(there.caveats, []);
  ok(!there.marked);
});

Deno.test("pairVerdict() names the time at which a relation breaks", () => {
  const broken = (jump: number) =>
    pairVerdict(pairRows(12, 800).map((row, i) => i < 400 ? row : { ...row, y: row.y * jump }));
  const small = broken(1.0012);
  const large = broken(1.01);
  for (const { stability } of [small, large]) {
    strictEqual(stability.broken, true);
    ok(Math.abs(stability.breakAtMs! - 400_000) < 20_000);
  }
  deepStrictEqual([small.cointegrated, large.cointegrated], [true, false]);
  ok(/the relation seems to break near 1970-01-01 00:0[67] UTC \(p = /.test(small.sentence));
  ok(/, but a break near 1970-01-01 00:0[67] UTC may be why\.$/.test(large.sentence));
});

Deno.test("pairVerdict() says when the hedge ratio of the halves differs", () => {
  const x = pairRows(13, 600).map((row) => Math.log(row.x));
  const rows = pairRows(13, 600).map((row, i) => ({
    ...row,
    y: Math.exp((i < 300 ? 1 : 2) * (x[i]! - x[300]!) + 1e-3 * Math.sin(i * i)),
  }));
  const verdict = pairVerdict(rows, { significance: 0.99 });
  const [first, second] = verdict.stability.halves!;
  close(first, 1, 0.1);
  close(second, 2, 0.1);
  ok(verdict.stability.range![0] < 1.1 && verdict.stability.range![1] > 1.9);
  strictEqual(verdict.cointegrated, true);
  ok(verdict.caveats.some((text) => /hedge ratio went from [\d.]+ in the first half/.test(text)));
});

Deno.test("pairVerdict() marks what is computed from flawed rows", () => {
  const rows = pairRows(14, 200);
  const flaws: [string, AlignedRow[]][] = [
    ["staleShare", rows.map((row, i) => i === 9 ? { ...row, stale: true } : row)],
    ["incompleteShare", rows.map((row, i) => i === 9 ? { ...row, complete: false } : row)],
    ["gapShare", rows.map((row, i) => i < 9 ? row : { ...row, openTimeMs: row.openTimeMs + 7e3 })],
  ];
  for (const [share, flawed] of flaws) {
    const verdict = pairVerdict(flawed);
    strictEqual(verdict.marked, true);
    strictEqual(verdict[share as "staleShare"], 1 / 200);
  }
  ok(pairVerdict(flaws[2]![1]).sentence.endsWith(", but 0.5 % follow a gap in time."));
  strictEqual(pairVerdict(rows).marked, false);
});

Deno.test("pairVerdict() says when Johansen's test disagrees", () => {
  const texts = new Set<string>();
  for (let seed = 0; seed < 400; seed++) {
    const verdict = pairVerdict(unrelated(seed, 60), { significance: 0.3 });
    const { johansenRank } = verdict.symmetric;
    const words = ["finds no relation", "", "looks stationary"][johansenRank!]!;
    const isSaid = verdict.caveats.some((text) => text.includes("Johansen"));
    strictEqual(isSaid, verdict.cointegrated === true && johansenRank !== 1);
    if (!isSaid) continue;
    texts.add(words);
    ok(verdict.caveats.some((text) => text.includes(words)));
  }
  ok(texts.has("finds no relation"));
});
