/// <reference lib="dom" />
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { Jupyter, jupyterIsMissing } from "./support/jupyter.ts";
import { isLeased, openReader } from "../../lib/store/mod.ts";
import { ALLOWED, openCells, runAll, untilConnected } from "./support/notebook_page.ts";

const CELLS = [
  `import * as nb from "tandem/notebook";
   const store = await nb.ingest({ symbols: ["ETHUSDT", "BTCUSDT"], simulated: true });`,
  `await nb.show(nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).live());`,
  `1 + 1`,
];

async function walk(page: Page): Promise<void> {
  await using jupyter = await Jupyter.start({ TANDEM_TRANSPORT: "embedded" });
  const elsewhere: string[] = [];
  await page.route((url) => url.origin !== jupyter.url && url.protocol !== "blob:", (route) => {
    elsewhere.push(route.request().url());
    return route.abort();
  });
  await openCells(page, jupyter, CELLS);
  await runAll(page);
  const chart = page.locator("[data-tandem=embedded]");
  await chart.locator(".panels svg").first().waitFor();
  const drawing = () => chart.locator(".panels").innerHTML();
  for (let k = 0; k < 2; k++) {
    const before = await drawing();
    let waited = 0;
    while (await drawing() === before && waited++ < 300) await page.waitForTimeout(100);
    ok(await drawing() !== before, "rows reach the page through the outputs of the kernel");
  }
  strictEqual(await page.locator(".code_cell").nth(2).locator(".output_area").count(), 1);
  deepStrictEqual(elsewhere.filter((url) => !url.startsWith("data:")), []);
  await outliveKernel(page, jupyter);
}

/** The process that writes the database. */
function writerOf(database: string): number | undefined {
  using reader = openReader(database);
  return reader.heartbeat()?.pid;
}

/** Stop, restart and Run All leave one ingest, the first. */
async function outliveKernel(page: Page, jupyter: Jupyter): Promise<void> {
  const { database } = jupyter;
  const writer = writerOf(database);
  await jupyter.interruptKernels();
  await page.waitForTimeout(1_000);
  ok(isLeased(database), "the stop button has ended the ingest");
  await jupyter.restartKernels();
  await untilConnected(page);
  ok(isLeased(database), "the restart has ended the ingest");
  await page.reload();
  await untilConnected(page);
  await runAll(page);
  ok(isLeased(database));
  strictEqual(writerOf(database), writer);
}

if (jupyterIsMissing !== null) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: an embedded chart in Jupyter, as ${jupyterIsMissing}`);
} else {
  browserTest(
    "an embedded chart moves in Jupyter though the browser reaches nothing else; ingest outlives its kernel",
    { viewport: { width: 1200, height: 1200 }, allowed: ALLOWED },
    walk,
  );
}
