/// <reference lib="dom" />
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { keepFiles } from "../../lib/apps/serve/keep_files.ts";
import { startHub } from "../../lib/live/mod.ts";
import { browserTest } from "../support/browser.ts";
import { Market } from "./support/market.ts";
import { WIDE } from "./support/page.ts";

const CSV = [
  "time,open,high,low,close,volume",
  ...Array.from({ length: 100 }, (_, k) => {
    const time = new Date(Date.UTC(2026, 0, 5, 0, k)).toISOString();
    return `${time},1,${k === 7 ? 0 : 3},1,2,5`;
  }),
].join("\n");

browserTest(
  "the files view keeps a file in the database and tells what became of every row",
  { ...WIDE, allowed: /status of 413/ },
  async (page) => {
    using market = new Market();
    market.add(3);
    market.release();
    const files = keepFiles(market.path, 100_000, new AbortController().signal);
    const actions = { changeAlerts: () => Promise.resolve([]), files };
    await using hub = await startHub({ open: market.open, actions });
    await page.goto(`${hub.url}?view=files`);
    const file = (name: string, text: string) => ({
      ...{ name, mimeType: "text/csv", buffer: Buffer.from(text) },
    });
    const kept = page.getByRole("region", { name: "Keep in the database" });
    strictEqual(await kept.isVisible(), false, "there is nothing to keep yet");
    await page.locator("#files-input").setInputFiles(file("prices.csv", CSV));
    await kept.getByRole("button", { name: "Keep prices.csv" }).click();
    await kept.getByText(/no column holds the symbol: name it in the field/).waitFor();
    await kept.getByLabel("Symbol").fill("adausdt");
    await kept.getByRole("button", { name: "Keep prices.csv" }).click();
    await kept.getByText("100 rows: 99 bars stored, 1 refused").waitFor();
    match(await kept.innerText(), /time, open, high, low, close, volume/);
    await kept.getByText("1 row that was refused").click();
    await kept.getByText(/line 9: its high is no price above 0/).waitFor();
    using reader = market.open();
    strictEqual(reader.bars({ symbol: "ADAUSDT", intervalMs: 60_000 }).length, 99);
    await kept.getByRole("button", { name: "Keep prices.csv" }).click();
    await kept.getByText("0 bars stored, 99 were there").waitFor();
    await page.locator("#files-input").setInputFiles(file("long.csv", CSV.repeat(40)));
    await kept.getByRole("button", { name: "Keep long.csv" }).click();
    await kept.getByText(/Cannot take a file of more than/).waitFor();
    deepStrictEqual(reader.symbols().length, 4);
    await page.goto("about:blank");
  },
);

browserTest(
  "the files view of a hub that only reads does not offer to keep",
  WIDE,
  async (page) => {
    using market = new Market();
    await using hub = await startHub({ open: market.open });
    await page.goto(`${hub.url}?view=files`);
    await page.locator("#files-input").setInputFiles({
      ...{ name: "ADAUSDT.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) },
    });
    await page.locator("section[data-view=files] .note").getByText(/99 bars/).waitFor();
    strictEqual(
      await page.getByRole("region", { name: "Keep in the database" }).isVisible(),
      false,
    );
    await page.goto("about:blank");
  },
);
