/// <reference lib="dom" />
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { Jupyter, jupyterIsMissing } from "./support/jupyter.ts";
import { ALLOWED, prompts, reload, runAll, untilConnected } from "./support/notebook_page.ts";

const NOTEBOOK = new URL("../../notebooks/01_quickstart.ipynb", import.meta.url);
const PICTURES = Deno.env.get("TANDEM_PICTURES");

const HOSTS = ".output_html div[data-tandem]";

async function keepPicture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: false });
}

/** What each live chart has drawn. */
function drawings(page: Page): Promise<string[]> {
  return page.$$eval(
    HOSTS,
    (hosts) => hosts.map((host) => host.shadowRoot?.querySelector(".panels")?.innerHTML ?? ""),
  );
}

async function untilLive(page: Page): Promise<void> {
  await page.waitForFunction(
    (hosts) => document.querySelectorAll(`${hosts}[data-tandem=live]`).length === 2,
    HOSTS,
    { timeout: 60_000 },
  );
  await page.waitForFunction(
    (hosts) => [...document.querySelectorAll(hosts)].every((host) => host.shadowRoot !== null),
    HOSTS,
  );
}

/** Waits until every chart has drawn something else, and no cell has run meanwhile. */
async function untilMoved(page: Page): Promise<void> {
  const [before, ran] = [await drawings(page), await prompts(page)];
  await page.waitForFunction(
    ([hosts, before]) =>
      [...document.querySelectorAll(hosts as string)].every((host, i) =>
        host.shadowRoot?.querySelector(".panels")?.innerHTML !== (before as string[])[i]
      ),
    [HOSTS, before] as const,
    { timeout: 30_000 },
  );
  deepStrictEqual(await prompts(page), ran);
}

/** Waits until every chart, the drawn one too, is to be seen as a picture; Jupyter removes ids until it trusts. */
async function untilPictures(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll<HTMLImageElement>(".output_html img")];
    return images.length === 3 &&
      images.every((image) => image.naturalWidth > 100 && image.offsetHeight > 100);
  });
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
  await page.waitForFunction(
    (hosts) => document.querySelectorAll(`${hosts}[data-tandem=lost]`).length === 2,
    HOSTS,
  );
  ok((await drawings(page)).every((drawing) => drawing.includes("<svg")));
  await page.reload();
  await untilConnected(page);
  await untilPictures(page);
  strictEqual(await page.locator(`${HOSTS}[data-tandem=live]`).count(), 0);
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
