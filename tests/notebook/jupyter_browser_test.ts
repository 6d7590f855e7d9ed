/// <reference lib="dom" />
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { Jupyter, jupyterIsMissing } from "./support/jupyter.ts";
import { ALLOWED, prompts, reload, runAll, untilConnected } from "./support/notebook_page.ts";

const NOTEBOOK = new URL("../../notebooks/01_quickstart.ipynb", import.meta.url);
const PICTURES = Deno.env.get("TANDEM_PICTURES");

/** Outputs that talk with the kernel, charts among them, and pictures that are stored. */
const HOSTS = 5;
const CHARTS = 3;
const PICTURES_STORED = 4;

async function keepPicture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: false });
}

/** What each chart has drawn. */
function drawings(page: Page): Promise<string[]> {
  return page.locator(".output_html .panels").evaluateAll((panels) =>
    panels.map((p) => p.innerHTML)
  );
}

async function until(page: Page, holds: () => Promise<boolean>): Promise<void> {
  for (let k = 0; k < 1_200; k++) {
    if (await holds()) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`Waited in vain until ${holds}`);
}

const hosts = (page: Page, state: "live" | "lost") =>
  page.locator(`.output_html [data-tandem=${state}]`).count();

async function untilLive(page: Page): Promise<void> {
  await until(page, async () => await hosts(page, "live") === HOSTS);
  await until(page, async () => (await drawings(page)).length === CHARTS);
}

/** Waits until every chart has drawn something else, and no cell has run meanwhile. */
async function untilMoved(page: Page): Promise<void> {
  const [before, ran] = [await drawings(page), await prompts(page)];
  await until(
    page,
    async () => (await drawings(page)).every((drawing, k) => drawing !== before[k]),
  );
  deepStrictEqual(await prompts(page), ran);
}

/** Waits until every chart, the drawn one too, is to be seen as a picture; Jupyter removes ids until it trusts. */
async function untilPictures(page: Page): Promise<void> {
  await page.waitForFunction((count) => {
    const images = [...document.querySelectorAll<HTMLImageElement>(".output_html img")];
    return images.length === count &&
      images.every((image) => image.naturalWidth > 100 && image.offsetHeight > 100);
  }, PICTURES_STORED);
}

async function walk(page: Page): Promise<void> {
  await using jupyter = await Jupyter.start();
  await Deno.copyFile(NOTEBOOK, `${jupyter.folder}/quickstart.ipynb`);
  await page.goto(jupyter.notebookUrl("quickstart.ipynb"));
  await untilPictures(page);
  await keepPicture(page, "1_opened");

  await untilConnected(page);
  await runAll(page);
  await untilLive(page);
  await untilMoved(page);
  await untilMoved(page);
  await keepPicture(page, "2_running");

  await reload(page);
  await untilLive(page);
  await untilMoved(page);
  await keepPicture(page, "3_reloaded");

  await jupyter.shutDownKernels();
  await until(page, async () => await hosts(page, "lost") === HOSTS);
  ok((await drawings(page)).every((drawing) => drawing.includes("<svg")));
  await page.reload();
  await untilConnected(page);
  await untilPictures(page);
  strictEqual(await hosts(page, "live"), 0);
  await keepPicture(page, "4_ended");
}

if (jupyterIsMissing !== null) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: the quickstart in Jupyter, as ${jupyterIsMissing}`);
} else {
  browserTest(
    "the quickstart in Jupyter: charts move in place, survive a reload, end as pictures",
    { viewport: { width: 1200, height: 1600 }, allowed: ALLOWED },
    walk,
  );
}
