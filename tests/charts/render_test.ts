import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  candleChart,
  type ChartSpec,
  DARK,
  pairChart,
  pairColumns,
  renderSvg,
} from "../../lib/charts/mod.ts";
import { readingsOf, walk } from "./support.ts";

const options = { y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60 };

function pathsOf(svg: string): string[] {
  return [...svg.matchAll(/<path[^>]* d="([^"]*)"/g)].map(([, d]) => d!);
}

Deno.test("pairChart() is plain JSON and its columns match its panels", () => {
  const { spec, columns } = pairChart(readingsOf(300), options);
  deepStrictEqual(JSON.parse(JSON.stringify(spec)), spec);
  for (const { key } of spec.panels.flatMap((panel) => panel.series)) {
    strictEqual(columns[key]?.length, columns.t.length, key);
  }
  for (const { key } of spec.marks) ok(columns[key]!.includes(1), `${key} marks something`);
  for (const { center, width } of spec.panels.flatMap((panel) => panel.bands)) {
    ok(columns[center] !== undefined && columns[width] !== undefined);
  }
});

Deno.test("pairColumns() keeps absent numbers absent", () => {
  const { zScore, hedgeRatio } = pairColumns(readingsOf(300));
  deepStrictEqual([zScore?.[0], hedgeRatio?.[0]], [null, null]);
  ok(zScore!.slice(150).every((value) => value !== null && Number.isFinite(value)));
});

Deno.test("pairChart() has a panel of the basis where both legs are one asset, and only there", () => {
  const basisOf = (y: string, x: string) => {
    const { spec, columns } = pairChart(readingsOf(100), { ...options, y, x });
    const panel = spec.panels.find(({ key }) => key === "basis");
    return { columns, panel, isBoth: panel !== undefined && columns.basis !== undefined };
  };
  const { columns, panel, isBoth } = basisOf("okx:BTC-USDT-SWAP", "BTCUSDT");
  ok(isBoth);
  deepStrictEqual(panel!.rules.map(({ value }) => value), [0]);
  strictEqual(panel!.unit, "bps by which okx:BTC-USDT-SWAP is above BTCUSDT");
  const { y, x, stale, basis } = columns;
  deepStrictEqual(basis, y!.map((price, k) => stale![k] ? null : 1e4 * (price! - x![k]!) / x![k]!));
  ok(basis!.includes(null) && basis!.some((value) => value !== null));
  const none = basisOf("ETHUSDT", "BTCUSDT");
  deepStrictEqual([none.panel, none.columns.basis], [undefined, undefined]);
});

Deno.test("renderSvg() writes numbers beside the axis that have room there, however small", async () => {
  const { panels, ...spec } = pairChart([], options).spec;
  const one = { ...spec, panels: [{ ...panels[1]!, bands: [] }] };
  const ticks = async (from: number, to: number) => {
    const svg = await renderSvg(one, { t: [0, 60_000], spread: [from, to] });
    const axis = /<g[^>]*aria-label="y-axis tick label"[^>]*>(.*?)<\/g>/s.exec(svg)![1]!;
    return [...axis.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);
  };
  deepStrictEqual(await ticks(-4e-5, 4e-5), ["−4e−5", "−2e−5", "0", "2e−5", "4e−5"]);
  deepStrictEqual(await ticks(-0.0002, 0.0004), ["−0.0002", "0.0000", "0.0002", "0.0004"]);
  deepStrictEqual(await ticks(81_000, 83_000), ["81,000", "81,500", "82,000", "82,500", "83,000"]);
  for (const scale of [1e-3, 1e-5, 1e-7]) {
    for (const text of await ticks(-1.37 * scale, 2.9 * scale)) {
      ok(text.length <= 8, text);
      ok(Math.abs(Number(text.replaceAll("−", "-"))) < 3 * scale, text);
    }
  }
});

Deno.test("renderSvg() draws a file of its own, below 60 kB however many rows there are", async () => {
  const { spec, columns } = pairChart(readingsOf(20_000), options);
  const svg = await renderSvg(spec, columns);
  ok(svg.length < 60_000, `${svg.length} bytes`);
  match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  ok(!/NaN|undefined|currentColor;|<script|<style/.test(svg), "no gaps and nothing active");
  match(svg, /<rect width="100%" height="100%" fill="#ffffff"\/>/);
  for (const { label } of spec.panels) ok(svg.includes(label), label);
});

Deno.test("renderSvg() draws one line per series and breaks it where values are absent", async () => {
  const spec: ChartSpec = pairChart([], options).spec;
  const one = { ...spec, panels: [{ ...spec.panels[1]!, bands: [] }] };
  const t = [0, 60_000, 120_000, 180_000, 240_000];
  const svg = await renderSvg(one, { t, spread: [1, 2, null, 3, 4] });
  const [line, ...others] = pathsOf(svg);
  strictEqual(others.length, 0);
  strictEqual(line!.match(/M/g)!.length, 2);
});

Deno.test("renderSvg() draws nothing of rows outside the time asked for", async () => {
  const spec: ChartSpec = pairChart([], options).spec;
  const one = { ...spec, panels: [{ ...spec.panels[1]!, bands: [] }] };
  const columns = { t: [0, 60_000, 120_000], spread: [1, 2, 3] };
  const lineIn = async (startMs: number) => {
    const span = { startMs, endMs: startMs + 60_000 };
    return pathsOf(await renderSvg(one, columns, { span }))[0] ?? "";
  };
  match(await lineIn(60_000), /L/);
  for (const startMs of [-600_000, 600_000]) ok(!/L/.test(await lineIn(startMs)), `${startMs}`);
});

Deno.test("renderSvg() draws the same picture twice", async () => {
  const { spec, columns } = candleChart(walk("BTCUSDT", 500, 3), {
    title: "BTCUSDT",
    intervalMs: 60_000,
  });
  strictEqual(await renderSvg(spec, columns), await renderSvg(spec, columns));
});

Deno.test("renderSvg() escapes what it is told", async () => {
  const { spec, columns } = candleChart([], { title: `<b> & "quotes"`, intervalMs: 60_000 });
  const svg = await renderSvg(spec, columns, { theme: DARK, width: 500 });
  ok(!svg.includes("<b>"));
  match(svg, /width="500"/);
  match(svg, new RegExp(`fill="${DARK.surface}"`));
});

Deno.test("renderSvg() draws empty charts and single rows", async () => {
  for (const count of [0, 1, 2]) {
    const bars = walk("BTCUSDT", count, 1);
    const { spec, columns } = candleChart(bars, { title: "BTCUSDT", intervalMs: 60_000 });
    ok(!(await renderSvg(spec, columns)).includes("NaN"), `${count} bars`);
    const pair = pairChart(readingsOf(Math.max(count, 5)).slice(0, count), options);
    ok(!(await renderSvg(pair.spec, pair.columns)).includes("NaN"), `${count} readings`);
  }
});
