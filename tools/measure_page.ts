// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Measures the live page: panning (P11), page load to first chart (P12), serving 20 tabs (P13), and
 * what the page weighs. Needs Chromium; read ratios rather than milliseconds on a busy machine.
 *
 *     deno run -A tools/measure_page.ts
 *
 * @module
 */
/// <reference lib="dom" />
import { chromium } from "npm:playwright-core@1.65.1";
import type { Page as LivePage } from "../lib/live/client/page.ts";
import { startHub } from "../lib/live/mod.ts";
import { openReader } from "../lib/store/mod.ts";
import { measurePan } from "./page/measure_pan.ts";
import { measureServe } from "./page/measure_serve.ts";
import { SyntheticMarket } from "./page/synthetic_market.ts";

declare global {
  /** What the page offers to tests. */
  var tandem: LivePage;
}

const browser = await chromium.launch({
  executablePath: Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});

for (const [points, target] of [[50_000, 17], [500_000, 34]] as const) {
  for (const gesture of ["drag", "keys"] as const) {
    const { panels, frameP95Ms, frameMostMs, idleP95Ms, cpuMs } = await measurePan(
      browser,
      points,
      gesture,
    );
    console.log(
      `P11 pan ${points.toLocaleString("en")} points x ${panels} panels by ${gesture}: p95 frame ` +
        `${frameP95Ms.toFixed(1)} ms (target ${target}), longest ${frameMostMs.toFixed(1)} ms, ` +
        `${idleP95Ms.toFixed(1)} ms while nothing is drawn; main thread ${cpuMs.toFixed(1)} ms ` +
        `of CPU per frame`,
    );
  }
}

{
  using market = new SyntheticMarket(["AAUSDT", "BBUSDT"]);
  market.add(4_000);
  await using hub = await startHub({ open: () => openReader(market.path) });
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
  const times: number[] = [];
  for (let k = 0; k < 5; k++) {
    await page.goto("about:blank");
    await page.goto(`${hub.url}?y=AAUSDT&x=BBUSDT`, { waitUntil: "commit" });
    let loadedMs: number | null = null;
    while (loadedMs === null) {
      loadedMs = await page.evaluate(() =>
        (globalThis.tandem?.state()?.points ?? 0) > 0 ? performance.now() : null
      );
    }
    times.push(loadedMs);
  }
  times.sort((a, b) => a - b);
  console.log(`P12 page load to first chart: ${times[2]!.toFixed(0)} ms median (target 1,000)`);
  let bytes = 0;
  for (const path of ["", "page.css", "chart.js"]) {
    const answer = await fetch(`${hub.url}${path}`, { headers: { "accept-encoding": "gzip" } });
    const zipped = new Response(
      answer.body!.pipeThrough(new CompressionStream("gzip")),
    );
    bytes += (await zipped.arrayBuffer()).byteLength;
  }
  console.log(`    what the page loads: ${(bytes / 1_000).toFixed(0)} kB gzipped (target 200)`);
  await page.close();
}
await browser.close();

const { tabs, coreShare, bytesPerUpdate } = await measureServe();
console.log(
  `P13 serve with ${tabs} tabs at 1 update/s over 3 pairs: ${(100 * coreShare).toFixed(1)} % of ` +
    `a core (target 5), ${(bytesPerUpdate / 1_000).toFixed(2)} kB per update (target 2)`,
);
