import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { candles, markedStretches, standingColumns } from "../../lib/charts/buckets.ts";
import { barColumns, type CandleSeries, candleSpec } from "../../lib/charts/mod.ts";
import { walk } from "./support.ts";

const spec = candleSpec({ title: "BTCUSDT", intervalMs: 60_000 });
const series = spec.panels[0]!.series[0] as CandleSeries;
const bars = walk("BTCUSDT", 1_000, 5);
const columns = barColumns(bars);
const all = { from: 0, to: 1_000, startMs: 0, endMs: 60_000_000, pixels: 500 };

Deno.test("candles() merges rows that are narrower than a candle, and loses no extreme", () => {
  const merged = candles(columns, series, 60_000, all);
  ok(merged.length <= 101, `${merged.length} candles`);
  strictEqual(merged[0]!.open, bars[0]!.open);
  strictEqual(merged.at(-1)!.close, bars.at(-1)!.close);
  strictEqual(Math.max(...merged.map((c) => c.high)), Math.max(...bars.map((b) => b.high)));
  strictEqual(Math.min(...merged.map((c) => c.low)), Math.min(...bars.map((b) => b.low)));
});

Deno.test("candles() draws each row where there is room", () => {
  const near = { from: 10, to: 14, startMs: 600_000, endMs: 840_000, pixels: 500 };
  deepStrictEqual(
    candles(columns, series, 60_000, near).map((c) => c.close),
    bars.slice(10, 14).map((b) => b.close),
  );
});

Deno.test("standingColumns() keeps the highest of neighbours narrower than a pixel", () => {
  const volume = { kind: "columns", key: "volume", label: "", color: "grey" } as const;
  const standing = standingColumns(columns, volume, 60_000, all);
  ok(standing.length <= 501);
  const highest = Math.max(...bars.map((b) => b.volume));
  ok(standing.some((column) => column.value === highest));
});

Deno.test("markedStretches() joins neighbours and lets none disappear", () => {
  const [mark] = spec.marks;
  const flags = { t: [0, 60_000, 120_000, 6e9], incomplete: [1, 1, 0, 1] };
  const span = { from: 0, to: 4, startMs: 0, endMs: 6e9, pixels: 600 };
  const [first, last, ...others] = markedStretches(flags, mark!, 60_000, span);
  strictEqual(others.length, 0);
  deepStrictEqual(first, { startMs: 0, endMs: 30_060_000 });
  strictEqual(last!.endMs - last!.startMs, 30_000_000);
});
