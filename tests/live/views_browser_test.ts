/// <reference lib="dom" />
import { Buffer } from "node:buffer";
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { browserTest } from "../support/browser.ts";
import { uniform } from "../support/random.ts";
import { until } from "./support/page_socket.ts";
import { PAIR, untilState, WIDE, withPage } from "./support/page.ts";

const SYMBOLS = [..."ABCDEFGHIJKL"].map((letter) => `${letter}${letter}USDT`);
const UNIVERSE = "?view=universe&interval=1m&window=100&rows=all";
const LARGE = { viewport: { width: 1500, height: 1200 } };

browserTest(
  "the universe ranks every pair, in place, and says how far to trust it",
  LARGE,
  (page) =>
    withPage(
      page,
      async (_hub, market) => {
        const rows = page.locator(".ranking tbody tr");
        await rows.nth(65).waitFor();
        strictEqual(await rows.count(), 66);
        const tiles = page.locator("section[data-view=universe] .tiles");
        match(await tiles.innerText(), /Pairs tested\s+66\s+of 12 symbols/);
        match(await tiles.innerText(), /Expected false/);
        match(await tiles.innerText(), /Hold-out survival/);
        const says = /^66 pairs of 12 symbols were tested/;
        await until(
          async () => says.test(await page.locator(".trust .note").innerText()),
          "every stored bar is read",
        );
        const marked = await rows.first().evaluateHandle((row) => row);
        const bar = () => tiles.innerText();
        const before = await bar();
        market.add(1);
        await until(async () => await bar() !== before, "the next bar is screened");
        strictEqual(await marked.evaluate((row) => row.isConnected), true, "rows change in place");
        strictEqual(await page.title(), "Universe, Tandem");
      },
      UNIVERSE,
      SYMBOLS,
    ),
);

browserTest(
  "the ranking sorts and filters, and a row opens the pair",
  LARGE,
  (page) =>
    withPage(
      page,
      async () => {
        const rows = page.locator(".ranking tbody tr");
        await rows.nth(65).waitFor();
        await page.getByRole("button", { name: "Corr.", exact: true }).click();
        const column = async (k: number) =>
          (await rows.locator(`td:nth-child(${k})`).allInnerTexts()).map((text) =>
            Number(text.replace("−", "-"))
          );
        const sorted = await column(10);
        deepStrictEqual(sorted, sorted.toSorted((a, b) => b - a));
        match(page.url(), /sort=returnCorrelation&order=desc/);
        strictEqual(await page.locator("th[aria-sort=descending]").innerText(), "Corr.");
        await page.locator("section[data-view=universe]").getByLabel("Find").fill("bb");
        await until(async () => await rows.count() === 11, "only pairs of BBUSDT are left");
        await page.reload();
        await until(async () => await rows.count() === 11, "the filter survives a reload");
        const name = await rows.first().locator("a").innerText();
        await rows.first().locator("td").nth(3).click();
        const [y, x] = name.split(" · ");
        await untilState(page, "the pair is open", (s) => s.title === `${y} and ${x}`);
        match(page.url(), new RegExp(`y=${y}&x=${x}&interval=1m`));
        await page.goBack();
        await until(async () => await rows.count() === 11, "back leads to the ranking as it was");
      },
      UNIVERSE,
      SYMBOLS,
    ),
);

browserTest(
  "the heat map is read by pointer and by keys, and a cell opens the pair",
  LARGE,
  (page) =>
    withPage(
      page,
      async () => {
        const canvas = page.locator(".heat canvas");
        const said = page.locator(".said");
        await until(
          async () => (await canvas.boundingBox())!.height > 300,
          "the heat map is drawn",
        );
        const painted = await canvas.evaluate((node) => {
          const { width, height } = node as HTMLCanvasElement;
          const context = (node as HTMLCanvasElement).getContext("2d")!;
          const { data } = context.getImageData(0, 0, width, height);
          const colors = new Set<string>();
          for (let k = 0; k < data.length; k += 4) colors.add(data.slice(k, k + 3).join());
          return colors.size;
        });
        ok(painted > 60, `${painted} colours`);
        const box = (await canvas.boundingBox())!;
        await page.mouse.move(box.x + 84 + 1.5 * 34, box.y + 84 + 3.5 * 34);
        match(await said.innerText(), /^\w+USDT · \w+USDT: correlation −?\d\.\d\d$/);
        await page.getByRole("button", { name: "p-value" }).click();
        match(page.url(), /part=pValue/);
        await canvas.focus();
        await page.mouse.move(2, 2);
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        await until(async () => / p /.test(await said.innerText()), "keys read p-values");
        await page.keyboard.press("+");
        const [, y, x] = /^(\w+) · (\w+):/.exec(await said.innerText())!;
        await page.keyboard.press("Enter");
        await untilState(page, "the pair is open", (s) => s.title === `${y} and ${x}`);
      },
      UNIVERSE,
      SYMBOLS,
    ),
);

browserTest(
  "the data view tells of every stream and of what is missing",
  WIDE,
  (page) =>
    withPage(page, async () => {
      const rows = page.locator("section[data-view=data] .card").first().locator("tbody tr");
      await rows.nth(2).waitFor();
      match(
        await page.locator("section[data-view=data] .tiles").innerText(),
        /Missing\s+Nothing\n/,
      );
      match(
        await page.locator("section[data-view=data] .tiles").innerText(),
        /Database\s+[\d.]+ kB/,
      );
      await page.locator("#simulated").getByText("SIMULATED").waitFor();
      await page.getByText("No trade id was ever skipped").waitFor();
      await page.getByRole("button", { name: "Symbol" }).first().click();
      await page.getByRole("button", { name: "Symbol" }).first().click();
      strictEqual(await rows.first().locator("td").first().innerText(), "SOLUSDT");
      await page.getByLabel("Find a symbol").fill("eth");
      await until(async () => await rows.count() === 1, "one symbol is left");
      match(page.url(), /find=eth&sort=symbol&order=desc&view=data/);
      await page.getByRole("link", { name: "Pair", exact: true }).click();
      await untilState(page, "a pair is shown", ({ title }) => title !== "");
    }, "?view=data"),
);

browserTest(
  "tests on demand say in words what they find",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.getByRole("button", { name: "Statistical tests" }).click();
      const rows = page.locator("#report tbody tr");
      await rows.nth(6).waitFor();
      strictEqual(await rows.count(), 7);
      match(await page.locator("#report").innerText(), /300 bars from 2024-07-1\d/);
      match(await rows.nth(4).innerText(), /Engle-Granger\s+ETHUSDT on BTCUSDT.*The spread|That/s);
      match(page.url(), /report=tests/);
      await page.locator("#swap").click();
      await rows.getByText("BTCUSDT on ETHUSDT").first().waitFor();
      await page.getByRole("button", { name: "Statistical tests" }).click();
      strictEqual(await page.locator("#report").isVisible(), false);
    }),
);

browserTest(
  "statistics per minute are a table and a file",
  WIDE,
  (page) =>
    withPage(page, async (hub, market) => {
      const rows = page.locator("#report tbody tr");
      await rows.nth(239).waitFor();
      const newest = new Date(market.timeMs(299)).toISOString().slice(0, 16).replace("T", " ");
      strictEqual(await rows.first().locator("td").first().innerText(), newest);
      const href = (await page.locator("#report a").getAttribute("href"))!;
      const text = await (await fetch(new URL(href, hub.url))).text();
      strictEqual(text.trimEnd().split("\r\n").length, 301);
      match(text, /^openTimeMs,yClose,yReturnBps/);
    }, `${PAIR}&report=minutes`),
);

browserTest(
  "a watched pair stays in sight with its score, also after a reload",
  WIDE,
  (page) =>
    withPage(page, async (hub) => {
      await page.locator("#watch").click();
      const watched = page.locator("#watchlist .watched");
      await watched.locator("output", { hasText: /\d\.\d\d/ }).waitFor();
      strictEqual(await page.locator("#watch").getAttribute("aria-pressed"), "true");
      await page.locator("#controls").getByLabel("Hedge leg").fill("SOLUSDT");
      await page.keyboard.press("Enter");
      await untilState(page, "the pair is another", (s) => s.title === "ETHUSDT and SOLUSDT");
      strictEqual(await page.locator("#watch").getAttribute("aria-pressed"), "false");
      await page.reload();
      const other = await page.context().newPage();
      await other.goto(`${hub.url}?view=data`);
      strictEqual(await other.locator("#watchlist .watched").count(), 1);
      await page.locator("#watch").click();
      await other.locator("#watchlist .watched").nth(1).waitFor();
      await other.close();
      await watched.first().locator("a").click();
      await untilState(page, "the first is back", (s) => s.title === "ETHUSDT and BTCUSDT");
      match(page.url(), /window=20/);
      await page.getByLabel("Stop watching ETHUSDT and BTCUSDT").click();
      strictEqual(await watched.count(), 1);
    }),
);

browserTest("every view fits a telephone, in the dark", {
  viewport: { width: 400, height: 800 },
  colorScheme: "dark",
  hasTouch: true,
}, (page) =>
  withPage(page, async (hub) => {
    const fits = async (what: string) =>
      strictEqual(await page.evaluate(() => document.documentElement.scrollWidth), 400, what);
    await page.locator("#report tbody tr").nth(6).waitFor();
    await fits("pair");
    await page.goto(`${hub.url}${UNIVERSE}`);
    await page.locator(".ranking tbody tr").first().waitFor();
    await fits("universe");
    await page.goto(`${hub.url}?view=data`);
    await page.locator("section[data-view=data] tbody tr").first().waitFor();
    await fits("data");
  }, `${PAIR}&report=tests`));

/** A file of hourly bars with a row that is none. */
function csv(seed: number): string {
  const random = uniform(seed);
  let close = 100;
  const lines = Array.from({ length: 400 }, (_, hour) => {
    const open = close;
    close *= 1 + (uniformAt(hour) - 0.5) / 100 + (random() - 0.5) / 500;
    const time = new Date(1_721_347_200_000 + 3_600_000 * hour).toISOString();
    return [time, open, Math.max(open, close), Math.min(open, close), close, 5].join(",");
  });
  lines[7] = "2024-07-19T07:00:00Z,1,0.5,1,1,5";
  return ["time,open,high,low,close,volume", ...lines].join("\n");
}

const uniformAt = (k: number) => uniform(k)();

browserTest(
  "files of bars are opened by the browser, alone and as a pair",
  WIDE,
  (page) =>
    withPage(page, async () => {
      const requests: string[] = [];
      page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
      const file = (name: string, text: string) => ({
        ...{ name, mimeType: "text/csv", buffer: Buffer.from(text) },
      });
      const input = page.locator("#files-input");
      const title = page.locator("#files-chart h2");
      await input.setInputFiles(file("AAUSDT-1h.csv", csv(1)));
      await title.getByText("AAUSDT", { exact: true }).waitFor();
      match(
        await page.locator("section[data-view=files] .note").innerText(),
        /399 bars of 1h.*1 refused/,
      );
      strictEqual(await page.locator("#files-chart section[aria-label=Volume]").count(), 1);
      await input.setInputFiles(file("BBUSDT-1h.csv", csv(2)));
      await title.getByText("AAUSDT and BBUSDT").waitFor();
      await page.locator("#files-chart .subtitle").getByText("1h bars, window 60").waitFor();
      await page.getByLabel("Pair of files").getByLabel("Window").fill("100");
      await page.keyboard.press("Enter");
      await page.locator("#files-chart .subtitle").getByText("window 100").waitFor();
      await input.setInputFiles(file("notes.csv", "hello\nworld\n"));
      await page.locator("section[data-view=files] .note").getByText(/Cannot|notes/).first()
        .waitFor();
      strictEqual(await title.innerText(), "AAUSDT and BBUSDT", "the chart stays");
      deepStrictEqual(requests.filter((request) => !/GET .*(api\/|files\.js$)/.test(request)), []);
    }, "?view=files"),
);
