import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type MinuteRow, startHub, type TestsReport } from "../../lib/live/mod.ts";
import { pairTests } from "../../lib/live/pair_tests.ts";
import { adf, engleGranger, johansen, kpss, Random } from "../../lib/stats/mod.ts";
import { parse } from "./support/csv.ts";
import { Market } from "./support/market.ts";

const flags = { stale: false, complete: true, revision: 0 };

/** Two walks, the second of which follows the first as far as `holds` says. */
function rowsOf(length: number, holds: boolean) {
  const random = new Random(5);
  const noise = () => random.normal();
  let [x, gap] = [4, 0];
  return Array.from({ length }, (_, row) => {
    x += noise() / 500;
    gap = (holds ? 0.8 : 1) * gap + noise() / 1_000;
    return { row, openTimeMs: row * 60_000, y: Math.exp(1.5 * x + gap), x: Math.exp(x), ...flags };
  });
}

Deno.test("pairTests() are the tests of the room of statistics, each with plain words", () => {
  const rows = rowsOf(600, true);
  const report = pairTests(rows, { y: "A", x: "B", scale: "log" });
  const y = rows.map((row) => Math.log(row.y));
  const x = rows.map((row) => Math.log(row.x));
  deepStrictEqual(report.results.map(({ test, subject }) => `${test} ${subject}`), [
    ...["ADF A", "ADF B", "KPSS A", "KPSS B"],
    ...["Engle-Granger A on B", "Engle-Granger B on A", "Johansen A and B"],
  ]);
  deepStrictEqual(report.results.map(({ statistic }) => statistic), [
    ...[adf(y).statistic, adf(x).statistic, kpss(y).statistic, kpss(x).statistic],
    ...[engleGranger(y, x).statistic, engleGranger(x, y).statistic],
    johansen([y, x]).trace![0],
  ]);
  for (const { critical } of report.results) {
    deepStrictEqual(critical.map(({ level }) => level), [0.01, 0.05, 0.1]);
    const sizes = critical.map(({ value }) => Math.abs(value));
    ok(sizes[0]! > sizes[1]! && sizes[1]! > sizes[2]!, "the strictest comes first");
  }
  match(report.results[4]!.words, /^The spread at 1\.5\d* B per A comes back \(p </);
  match(report.results[6]!.words, /^One relation holds the legs together/);
  match(report.conclusion, /^The legs are cointegrated/);
});

Deno.test("pairTests() say so where nothing holds, where legs are one, and where there is nothing", () => {
  const words = (rows: ReturnType<typeof rowsOf>) =>
    pairTests(rows, { y: "A", x: "B", scale: "log" }).results.map((result) => result.words);
  match(words(rowsOf(600, false))[4]!, /wanders is not rejected \(p = /);
  const same = rowsOf(300, true).map((row) => ({ ...row, y: row.x }));
  strictEqual(words(same)[4], "A and B are one instrument: no test.");
  for (const line of words([])) match(line, /^No answer: /);
});

async function withHub<T>(minutes: number, path: string, read: (answer: Response) => Promise<T>) {
  using market = new Market();
  market.add(minutes);
  await using hub = await startHub({ open: market.open });
  return await read(await fetch(new URL(path, hub.url)));
}

Deno.test("GET /api/tests answers the newest rows of a pair", async () => {
  const path = "api/tests?y=ETHUSDT&x=BTCUSDT&interval=1m&limit=150";
  const report = await withHub(200, path, (answer): Promise<TestsReport> => answer.json());
  strictEqual(report.nobs, 150);
  strictEqual(report.toMs! - report.fromMs!, 149 * 60_000);
  strictEqual(report.results.length, 7);
});

Deno.test("GET /api/minutes tells both legs and the pair of every minute, also as CSV", async () => {
  const path = "api/minutes?y=ETHUSDT&x=BTCUSDT&window=20&limit=50";
  const { rows } = await withHub(
    100,
    path,
    (answer): Promise<{ rows: MinuteRow[] }> => answer.json(),
  );
  strictEqual(rows.length, 50);
  const [before, last] = rows.slice(-2) as [MinuteRow, MinuteRow];
  strictEqual(last.yReturnBps, 1e4 * (last.yClose / before.yClose - 1));
  strictEqual(last.xTakerBuyShare, 0.5);
  strictEqual(last.yQuoteVolume, 2 * last.yClose);
  strictEqual(last.yRangeBps, 1e4 * 2 / last.yClose);
  ok(last.zScore !== null && last.reason === null);
  const text = await withHub(100, `${path}&format=csv`, (answer) => answer.text());
  const table = parse(text);
  strictEqual(table.length, 50);
  deepStrictEqual(Object.keys(table[49]!), Object.keys(last));
  strictEqual(Number(table[49]!.zScore), last.zScore);
});
