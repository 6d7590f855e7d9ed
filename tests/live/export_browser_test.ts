/// <reference lib="dom" />
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { duckdb } from "../support/duckdb.ts";
import { PAIR, WIDE, withPage } from "./support/page.ts";

/** Chooses in the export menu of a part of the page, and gives the name and path of what came. */
async function exported(page: Page, within: string, choices: Readonly<Record<string, string>>) {
  const menu = page.locator(`${within} details.export`);
  if (!await menu.evaluate((node) => (node as HTMLDetailsElement).open)) {
    await menu.locator("summary").click();
  }
  for (const [name, label] of Object.entries(choices)) {
    await menu.locator(`select[name=${name}]`).selectOption({ label });
  }
  const coming = page.waitForEvent("download");
  await menu.getByRole("button", { name: "Download" }).click();
  const download = await coming;
  const path = `${await Deno.makeTempDir()}/${download.suggestedFilename()}`;
  await download.saveAs(path);
  await menu.getByText(/^Sent: /).waitFor();
  return {
    name: download.suggestedFilename(),
    path,
    said: await menu.locator(".note").innerText(),
  };
}

browserTest(
  "the pair view saves readings, bars and trades, in the chart, in view or all, and tells the rows",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      const within = "section[data-view=pair]";
      const readings = await exported(page, within, { format: "Parquet" });
      strictEqual(readings.name, "ETHUSDT-BTCUSDT-1m.parquet");
      match(readings.said, /300 rows/);
      const [found] = await duckdb(`SELECT count(z_score)::INT AS n FROM '${readings.path}'`);
      ok(Number(found!.n) > 200 && Number(found!.n) < 300);
      const bars = await exported(page, within, {
        ...{ what: "Bars of BTCUSDT, 1m", range: "All that is stored", format: "CSV" },
      });
      strictEqual(bars.name, "BTCUSDT-1m.csv");
      const [row] = await duckdb(`SELECT min(open_time_ms)::INT8::DOUBLE AS t FROM '${bars.path}'`);
      strictEqual(row!.t, market.timeMs(0));
      const trades = await exported(page, within, { what: "Trades of ETHUSDT" });
      deepStrictEqual([trades.name, trades.said], ["ETHUSDT-trades.csv", "Sent: 0 rows."]);
    }),
);

browserTest(
  "the universe and the backtest are saved as they are shown",
  WIDE,
  (page) =>
    withPage(page, async (hub) => {
      await page.goto(`${hub.url}?view=universe&interval=1m&window=60&rows=all`);
      await page.locator("section[data-view=universe] table.data tbody tr").first().waitFor();
      const screen = await exported(page, "section[data-view=universe]", { format: "Parquet" });
      strictEqual(screen.name, "screen-1m-60.parquet");
      strictEqual((await duckdb(`SELECT * FROM '${screen.path}'`)).length, 3);
      await page.goto(`${hub.url}${PAIR}&view=backtest&entry=1`);
      await page.locator("section[data-view=backtest] table.data tbody tr").first().waitFor();
      const shown = await page.locator("section[data-view=backtest] table.data tbody tr").count();
      const trips = await exported(page, "section[data-view=backtest]", { format: "CSV" });
      strictEqual((await duckdb(`SELECT * FROM '${trips.path}'`)).length, shown);
      const equity = await exported(page, "section[data-view=backtest]", {
        what: "Equity, bar by bar",
      });
      strictEqual(equity.said, "Sent: 300 rows.");
    }),
);

browserTest(
  "the export menu says why nothing came",
  { ...WIDE, allowed: /409/ },
  (page) =>
    withPage(page, async () => {
      const menu = page.locator("section[data-view=pair] details.export");
      await menu.locator("summary").click();
      await page.locator("#controls input[name=interval][value='5m']").check({ force: true });
      await menu.locator("summary").click();
      await menu.locator("summary").click();
      await menu.locator("select[name=range]").selectOption({ label: "All that is stored" });
      await menu.locator("select[name=what]").selectOption({ label: "Bars of ETHUSDT, 5m" });
      await menu.getByRole("button", { name: "Download" }).click();
      await menu.getByText(/^Sent: 60 rows/).waitFor();
      await page.locator("#controls input[name=interval][value='1s']").check({ force: true });
      await menu.locator("summary").click();
      await menu.locator("summary").click();
      await menu.locator("select[name=what]").selectOption({ label: "Bars of ETHUSDT, 1s" });
      await menu.getByRole("button", { name: "Download" }).click();
      await menu.getByText(/there are none/).waitFor();
    }),
);
