/// <reference lib="dom" />
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { length, PAIR, plotCentre, stateOf, untilState, WIDE, withPage } from "./support/page.ts";

const panel = (page: Page, label: string) => page.locator(`#chart section[aria-label='${label}']`);

/** Drags from a fraction of the z-score panel to another. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  const box = (await panel(page, "z-score").locator(".plot").boundingBox())!;
  const at = (share: number) => 58 + share * (box.width - 72) + box.x;
  await page.mouse.move(at(from), box.y + 40);
  await page.mouse.down();
  await page.mouse.move(at((from + to) / 2), box.y + 40, { steps: 2 });
  await page.mouse.move(at(to), box.y + 40, { steps: 2 });
  await page.mouse.up();
}

browserTest(
  "a dragged box is zoomed to, with Shift or the tool",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      await page.keyboard.down("Shift");
      await drag(page, 0.25, 0.5);
      await page.keyboard.up("Shift");
      const near = await untilState(page, "a quarter is shown", (s) => length(s) < 80 * 60_000);
      ok(Math.abs(near.domain[0] - market.timeMs(75)) < 60_000);
      ok(Math.abs(near.domain[1] - market.timeMs(150)) < 60_000);
      strictEqual(near.follows, false);
      await page.getByRole("button", { name: "Zoom" }).click();
      await drag(page, 0.75, 0.5);
      const nearer = await untilState(page, "a quarter of it", (s) => length(s) < 20 * 60_000);
      ok(nearer.domain[0] > near.domain[0] && nearer.domain[1] < near.domain[1]);
      strictEqual(await page.locator("#chart .selection").isVisible(), false);
      await page.getByRole("button", { name: "Zoom" }).click();
      await drag(page, 0.5, 0.4);
      const moved = await untilState(page, "it pans", (s) => s.domain[0] > nearer.domain[0]);
      ok(Math.abs(length(moved) - length(nearer)) < 1);
    }),
);

browserTest(
  "what is in view is in the address and survives a reload",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.keyboard.down("Shift");
      await drag(page, 0.25, 0.5);
      await page.keyboard.up("Shift");
      const zoomed = await untilState(page, "it is zoomed", (s) => !s.follows);
      match(page.url(), /from=2024-07-1\d.*&to=2024-07-1\d/);
      await page.reload();
      const again = await untilState(page, "it is there again", ({ points }) => points === 300);
      deepStrictEqual(again.domain.map(Math.round), zoomed.domain.map(Math.round));
      await page.locator("#chart").getByRole("button", { name: "1h" }).click();
      await untilState(page, "an hour is shown", (s) => length(s) === 3_600_000);
      match(page.url(), /last=3600/);
      await page.reload();
      await untilState(page, "an hour is shown again", (s) => length(s) === 3_600_000 && s.follows);
    }),
);

browserTest(
  "panels fold, series hide, and the time axis moves to the lowest panel",
  WIDE,
  (page) =>
    withPage(page, async () => {
      const times = (label: string) => panel(page, label).locator("g[aria-label^='x-axis tick']");
      strictEqual(await times("Half-life").count(), 1);
      await panel(page, "Half-life").getByRole("button", { name: "Half-life", exact: true })
        .click();
      await panel(page, "Half-life").locator("svg").waitFor({ state: "hidden" });
      strictEqual(await times("Correlation").count(), 1);
      const lines = panel(page, "Price").locator("g[aria-label='line'] path");
      strictEqual(await lines.count(), 2);
      await panel(page, "Price").getByRole("button", { name: /BTCUSDT/ }).click();
      await lines.nth(1).waitFor({ state: "detached" });
      strictEqual(await lines.count(), 1);
      await page.locator("#controls").getByLabel("Window").fill("30");
      await page.keyboard.press("Enter");
      await page.locator("#chart .subtitle").getByText("window 30").waitFor();
      strictEqual(await lines.count(), 1, "the choice outlives another window");
      strictEqual(await panel(page, "Half-life").locator("svg").count(), 0);
    }),
);

browserTest(
  "a logarithmic scale can be asked for, and candles of a leg",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.getByRole("button", { name: "BTCUSDT candles" }).click();
      await untilState(page, "the candles are there", (s) => s.title === "BTCUSDT");
      match(page.url(), /chart=x/);
      const ticks = () => panel(page, "Price").locator("g[aria-label^='y-axis tick']").innerHTML();
      const linear = await ticks();
      ok(await panel(page, "Price").locator("g[aria-label='rect'] rect").count() > 100);
      await panel(page, "Price").getByRole("button", { name: "Log" }).click();
      await page.waitForFunction(
        (before) => {
          const chart = document.querySelector("#chart")!.shadowRoot!;
          const axis = chart.querySelector(
            "section[aria-label='Price'] g[aria-label^='y-axis tick']",
          );
          return axis !== null && axis.innerHTML !== before;
        },
        linear,
      );
      await page.getByRole("button", { name: "Pair", exact: true }).click();
      await untilState(page, "the pair is back", (s) => s.title === "ETHUSDT and BTCUSDT");
    }),
);

browserTest(
  "what is in view is saved as PNG, SVG and CSV",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.locator("#chart").getByRole("button", { name: "1h" }).click();
      await untilState(page, "an hour is shown", (s) => length(s) === 3_600_000);
      const save = async (kind: string) => {
        await page.locator("#chart summary").click();
        const downloading = page.waitForEvent("download");
        await page.locator("#chart .items button", { hasText: kind }).click();
        const download = await downloading;
        const bytes = await Deno.readFile(await download.path());
        return { name: download.suggestedFilename(), bytes, text: new TextDecoder().decode(bytes) };
      };
      const csv = await save("CSV");
      strictEqual(csv.name, "ETHUSDT-and-BTCUSDT-1m.csv");
      const lines = csv.text.trimEnd().split("\r\n");
      strictEqual(lines.length, 61);
      match(lines[0]!, /^open_time_ms,open_time_utc,y,x,spread,/);
      const columns = (await page.evaluate(() => globalThis.tandem.columns()))!;
      strictEqual(Number(lines.at(-1)!.split(",")[2]), columns.y!.at(-1));
      const svg = await save("SVG");
      match(svg.text, /^<svg xmlns=/);
      for (const label of ["z-score", "Half-life", "60 rows"]) ok(svg.text.includes(label), label);
      const png = await save("PNG");
      deepStrictEqual([...png.bytes.subarray(1, 4)], [...new TextEncoder().encode("PNG")]);
      ok(png.bytes.length > 20_000, `${png.bytes.length} bytes`);
    }),
);

browserTest(
  "times are told on the reader's own clock if asked for, and it is remembered",
  { ...WIDE, timezoneId: "Asia/Kolkata" },
  (page) =>
    withPage(page, async (_hub, market) => {
      const { x, y } = await plotCentre(page);
      await page.mouse.move(x, y);
      match(await page.locator("#chart .when").innerText(), /UTC/);
      await page.locator("#clock").click();
      await page.locator("#chart .zone", { hasText: "Local" }).waitFor();
      await page.reload();
      await untilState(page, "it is there again", ({ points }) => points === 300);
      strictEqual(await page.locator("#clock").innerText(), "Local time");
      await page.locator("#chart .chart").focus();
      await page.keyboard.press("Shift+ArrowLeft");
      const local = new Date(market.timeMs(298) + 5.5 * 3_600_000).toISOString().slice(11, 16);
      match(await page.locator("#chart .spoken").innerText(), new RegExp(`${local} Local time`));
      await page.locator("#chart .zone").click();
      strictEqual(await page.locator("#clock").innerText(), "UTC");
    }),
);

browserTest(
  "thresholds move the lines and the decisions, and refuse what cannot be",
  WIDE,
  (page) =>
    withPage(page, async () => {
      const signs = panel(page, "z-score").locator("g[aria-label='dot'] :is(path, circle)");
      const before = await signs.count();
      ok(before > 0);
      await page.locator("#controls").getByLabel("Entry").fill("1");
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        (count) =>
          document.querySelector("#chart")!.shadowRoot!.querySelectorAll(
            "section[aria-label='z-score'] g[aria-label='dot'] :is(path, circle)",
          ).length > count,
        before,
      );
      match(page.url(), /entry=1/);
      await page.locator("#controls").getByLabel("Exit").fill("3");
      await page.keyboard.press("Enter");
      await page.locator("input[name=entry][aria-invalid=true]").waitFor();
      ok(!page.url().includes("exit=3"));
    }),
);

browserTest("a touch reads values without moving the chart", {
  viewport: { width: 400, height: 900 },
  hasTouch: true,
}, (page) =>
  withPage(page, async () => {
    const before = (await stateOf(page))!;
    await panel(page, "z-score").scrollIntoViewIfNeeded();
    const { x, y } = await plotCentre(page);
    await page.touchscreen.tap(x, y);
    await page.locator("#chart .when").waitFor();
    deepStrictEqual((await stateOf(page))!.domain, before.domain);
  }));

browserTest(
  "the Kalman filter is a method like others",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.locator("#chart .subtitle").getByText("by Kalman filter").waitFor();
      const columns = (await page.evaluate(() => globalThis.tandem.columns()))!;
      ok(columns.hedgeRatio!.slice(20).every((value) => value !== null));
      ok(columns.hedgeRatioError!.slice(20).every((value) => value! > 0));
    }, `${PAIR}&method=kalman`),
);
