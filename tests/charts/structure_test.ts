import { candleChart, type Chart, pairChart, renderSvg } from "../../lib/charts/mod.ts";
import { readingsOf, walk } from "./support.ts";

/**
 * What a picture is made of, without where exactly it lies: every text, and every group of marks
 * with how many shapes it holds. Coordinates change with a font or a rounding, the structure does
 * not.
 */
async function structureOf({ spec, columns }: Chart): Promise<string[]> {
  const svg = await renderSvg(spec, columns);
  const lines: string[] = [];
  const parts = svg.matchAll(
    /<g[^>]*aria-label="([^"]*)"|<(path|rect|circle|line)\b|<text[^>]*>(.*?)<\/text>/g,
  );
  for (const [, group, shape, text] of parts) {
    if (group !== undefined) lines.push(`[${group}]`);
    else if (shape !== undefined) {
      const last = lines.at(-1) ?? "";
      const [, name, count] = /^ {2}(\w+) x (\d+)$/.exec(last) ?? [];
      if (name === shape) lines[lines.length - 1] = `  ${shape} x ${Number(count) + 1}`;
      else lines.push(`  ${shape} x 1`);
    } else lines.push(`  "${text!.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim()}"`);
  }
  return lines;
}

Deno.test("pairChart() has the panels, lines, bands, signs and words of its snapshot", async (t) => {
  const options = { y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60 };
  await t.assertSnapshot(await structureOf(pairChart(readingsOf(400), options)));
});

Deno.test("candleChart() has the candles, columns and words of its snapshot", async (t) => {
  const bars = walk("BTCUSDT", 60, 3);
  await t.assertSnapshot(
    await structureOf(candleChart(bars, { title: "BTCUSDT", intervalMs: 60_000 })),
  );
});
