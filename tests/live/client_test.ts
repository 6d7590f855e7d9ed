import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { m4 } from "../../lib/charts/mod.ts";
import { RowBuffer } from "../../lib/live/client/chart/row_buffer.ts";
import { readSettings, writeSettings } from "../../lib/live/client/pair/settings.ts";
import { sentenceOf } from "../../lib/live/client/pair/summary_view.ts";
import type { PairReading } from "../../lib/pairs/mod.ts";
import { uniform } from "../support/random.ts";
import { BUILT_WITH, isClientBuilt } from "../../tools/build_client.ts";

Deno.test("RowBuffer.append() adds rows and fills what they do not say", () => {
  const rows = new RowBuffer({ t: [1, 2], a: [10, 20], b: [1, null] });
  rows.append({ t: [3], a: [30] });
  deepStrictEqual(rows.columns, { t: [1, 2, 3], a: [10, 20, 30], b: [1, null, null] });
});

Deno.test("RowBuffer.amend() replaces the rows from a time on", () => {
  const rows = new RowBuffer({ t: [1, 2, 3], a: [10, 20, 30] });
  rows.amend(2, { t: [2, 3, 4], a: [21, null, 41] });
  deepStrictEqual(rows.columns, { t: [1, 2, 3, 4], a: [10, 21, null, 41] });
  rows.amend(0, { t: [], a: [] });
  deepStrictEqual(rows.columns, { t: [], a: [] });
});

Deno.test("RowBuffer lets go of the oldest rows", () => {
  const rows = new RowBuffer({ t: [], a: [] }, null, 100);
  for (let t = 0; t < 1_000; t++) rows.append({ t: [t], a: [t] });
  ok(rows.length <= 111);
  strictEqual(rows.columns.t.at(-1), 999);
  deepStrictEqual(rows.columns.a, rows.columns.t);
});

Deno.test("RowBuffer.blocksOf() keep up with rows that come, change and go", () => {
  const random = uniform(3);
  const rows = new RowBuffer({ t: [], a: [] }, 5, 3_000);
  let time = 0;
  for (let step = 0; step < 60; step++) {
    const count = 1 + Math.floor(random() * 300);
    const from = random() < 0.3 ? Math.max(0, time - 400) : time;
    const t = Array.from({ length: count }, (_, k) => from + k);
    rows.amend(from, { t, a: t.map(() => random() < 0.001 ? null : random()) });
    time = from + count;
    const { t: times, a } = rows.columns;
    const range = { from: 0, to: times.length, breakAfterMs: 5 };
    const pixels = { startMs: times[0]!, endMs: times.at(-1)!, columns: 7 };
    deepStrictEqual(
      m4(times, a!, range, pixels, rows.blocksOf(a!)),
      m4(times, a!, range, pixels),
    );
  }
});

Deno.test("RowBuffer does not share its columns with whoever gave them", () => {
  const given = { t: [1], a: [2] };
  new RowBuffer(given).append({ t: [2], a: [3] });
  deepStrictEqual(given, { t: [1], a: [2] });
});

Deno.test("readSettings() and writeSettings() are inverse, and defaults stay out", () => {
  for (
    const search of [
      "?y=A&x=B",
      "?y=A&x=B&interval=5m&window=30&method=ols&scale=level",
      "?y=A&x=B&method=kalman&exit=0&entry=1.5&stop=3&limit=1200&chart=x",
    ]
  ) {
    strictEqual(writeSettings(readSettings(search)), search);
  }
  deepStrictEqual(readSettings("?y=a&window=x&method=magic&entry=5&limit=-3&chart=pie"), {
    ...{ y: "A", x: "", interval: "1s", window: 120, method: "rolling-ols", scale: "log" },
    ...{ exit: 0.5, entry: 2, stop: 4, limit: 3_600, chart: "pair" },
  });
});

Deno.test("sentenceOf() says where the spread stands, or why it cannot", () => {
  const settings = readSettings("?y=ETHUSDT&x=BTCUSDT");
  const reading = (zScore: number | null, reason: string | null = null) =>
    sentenceOf({ zScore, reason } as PairReading, settings);
  match(sentenceOf(null, settings), /^Waiting for bars of ETHUSDT and BTCUSDT/);
  strictEqual(
    reading(null, "z-score: warming up: 2 of 60 spreads"),
    "No z-score yet: warming up: 2 of 60 spreads.",
  );
  match(reading(null, "warming up: 3 of 60 bars"), /^No z-score yet: warming up: 3 of 60 bars\.$/);
  match(reading(-0.2), /near its mean, −0\.20/);
  match(reading(1.5), /1\.50 deviations above its mean: within the entry lines/);
  match(reading(-2), /2\.00 deviations below its mean, beyond the entry line.*ETHUSDT is cheap/);
  match(reading(4.2), /beyond the stop line.*ETHUSDT is dear against BTCUSDT/);
});

const canCompare = Deno.version.deno === BUILT_WITH;
if (!canCompare) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: "the committed bundle …" needs Deno ${BUILT_WITH}, whose bundler made it`);
}
Deno.test({
  name: "the committed bundle is what its sources give",
  ignore: !canCompare,
  fn: async () => ok(await isClientBuilt(), "run deno task build:client"),
});
