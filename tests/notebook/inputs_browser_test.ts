/// <reference lib="dom" />
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Locator, Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { Jupyter, jupyterIsMissing } from "./support/jupyter.ts";
import {
  ALLOWED,
  openCells,
  reload,
  runAll,
  runLast,
  untilConnected,
} from "./support/notebook_page.ts";

const PICTURES = Deno.env.get("TANDEM_PICTURES");

const CELLS = [
  `import * as nb from "tandem/notebook";
   await nb.sampleMarket({ hours: 0.5 });
   const noon = Date.UTC(2026, 0, 5, 12);`,
  `const controls = nb.inputs({
     window: nb.slider({ min: 20, max: 240, step: 10, value: 60, label: "Window" }),
     method: nb.select(["rolling-ols", "ols"], { label: "Method" }),
     level: nb.checkbox(false, { label: "Levels" }),
     rows: nb.number({ min: 1, max: 500, value: 5, label: "Rows" }),
     span: nb.dateRange({ fromMs: noon - 1_800_000, toMs: noon }, { label: "Span" }),
     again: nb.button("Draw anew"),
   });
   await nb.show(controls);`,
  `await nb.show(controls.view(({ window, method }) =>
     nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s", window, method }).live()));`,
  `await nb.show(controls.view(({ rows, span, again, level }) =>
     nb.table(nb.candles("BTCUSDT").bars().filter((bar) => bar.openTimeMs >= span.fromMs)
       .slice(0, rows).map((bar) => ({ again, level, close: bar.close })))));`,
  `const chart = nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).live();
   await nb.show(chart);`,
  `await nb.show(chart.view((rows) => nb.table(rows, { columns: ["openTimeMs", "zScore"], limit: 3 })));`,
  `1`,
];

async function keepPicture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: false });
}

const outputOf = (page: Page, cell: number): Locator => page.locator(".code_cell").nth(cell);

async function until(page: Page, holds: () => Promise<boolean>): Promise<void> {
  for (let k = 0; k < 600; k++) {
    if (await holds()) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`Waited in vain until ${holds}`);
}

async function turnEveryControl(page: Page): Promise<void> {
  const [form, pair, table] = [1, 2, 3].map((cell) => outputOf(page, cell)) as [
    Locator,
    Locator,
    Locator,
  ];
  const subtitle = pair.locator(".subtitle");
  await subtitle.filter({ hasText: "window 60, rolling" }).waitFor();
  const slider = form.getByLabel("Window");
  await slider.focus();
  for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowRight");
  await subtitle.filter({ hasText: "window 100, rolling" }).waitFor();
  await form.getByLabel("Method").selectOption("ols");
  await subtitle.filter({ hasText: "window 100, one hedge ratio" }).waitFor();

  const cells = async () =>
    (await table.locator("tbody tr").allInnerTexts()).map((t) => t.split("\t"));
  await until(page, async () => (await cells()).length === 5);
  await form.getByLabel("Rows").fill("3");
  await form.getByLabel("Rows").press("Enter");
  await until(page, async () => (await cells()).length === 3);
  await form.getByLabel("Levels").check();
  await form.getByRole("button", { name: "Draw anew" }).click();
  await form.getByRole("button", { name: "Draw anew" }).click();
  await until(page, async () => (await cells())[0]!.slice(0, 2).join() === "2,true");
  const closes = async () => (await cells()).map((row) => Number(row[2]));
  const unsorted = await closes();
  const head = table.getByRole("button", { name: "close" });
  await head.click();
  deepStrictEqual(await closes(), unsorted.toSorted((a, b) => a - b));
  await head.click();
  deepStrictEqual(await closes(), unsorted.toSorted((a, b) => b - a));
  strictEqual(await table.locator("th[aria-sort=descending]").count(), 1);
  await head.click();
  deepStrictEqual(await closes(), unsorted);
  const before = await cells();
  await form.getByLabel("Span, from, UTC").fill("2026-01-05T11:45");
  await until(page, async () => (await cells()).join() !== before.join());
  deepStrictEqual(
    JSON.parse(await runLast(page, "console.log(JSON.stringify(controls.values))")),
    {
      ...{ window: 100, method: "ols", level: true, rows: 3, again: 2 },
      span: { fromMs: Date.UTC(2026, 0, 5, 11, 45), toMs: Date.UTC(2026, 0, 5, 12) },
    },
  );
  await runLast(page, `controls.set({ window: 200 }); console.log("set")`);
  await subtitle.filter({ hasText: "window 200" }).waitFor();
  strictEqual(await form.getByLabel("Window").inputValue(), "200");
}

async function brush(page: Page): Promise<void> {
  const [chart, table] = [outputOf(page, 4), outputOf(page, 5)];
  await chart.getByRole("button", { name: "Select" }).click();
  const panels = chart.locator(".panels");
  await panels.scrollIntoViewIfNeeded();
  const box = (await panels.boundingBox())!;
  const y = box.y + 60;
  await page.mouse.move(box.x + 300, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 350, y, { steps: 3 });
  await page.mouse.move(box.x + 400, y, { steps: 3 });
  await page.mouse.up();
  await until(page, async () => /of \d+ rows/.test(await table.innerText()));
  await keepPicture(page, "inputs_brushed");
  const said = await runLast(
    page,
    "console.log(JSON.stringify([chart.selection, chart.selected().map((r) => r.openTimeMs)]))",
  );
  const [span, times] = JSON.parse(said);
  const seconds = (span.toMs - span.fromMs) / 1_000;
  // 100 of some 700 pixels, of half an hour.
  ok(seconds > 150 && seconds < 350, `${seconds} s`);
  ok(Math.abs(times.length - seconds) <= 1, `${times.length} rows in ${seconds} s`);
  ok(times[0] >= span.fromMs && times.at(-1) < span.toMs);
  match(await table.innerText(), new RegExp(`${times.length - 3} more of ${times.length} rows`));

  const title = chart.locator(".chart");
  await title.focus();
  await page.keyboard.press("Escape");
  await until(page, async () => /\n0 rows/.test(`\n${await table.innerText()}`));
  await page.keyboard.press("s");
  await until(page, async () => /of 1,(7\d\d|800) rows/.test(await table.innerText()));
}

async function walk(page: Page): Promise<void> {
  await using jupyter = await Jupyter.start();
  await openCells(page, jupyter, CELLS);
  await runAll(page);
  await keepPicture(page, "inputs_ran");
  await turnEveryControl(page);
  await keepPicture(page, "inputs_turned");
  await brush(page);

  await reload(page);
  await untilConnected(page);
  const form = outputOf(page, 1);
  await until(page, async () => await form.getByLabel("Window").count() === 1);
  strictEqual(await form.getByLabel("Window").inputValue(), "200");
  await form.getByLabel("Method").selectOption("rolling-ols");
  await outputOf(page, 2).locator(".subtitle").filter({ hasText: "200, rolling" }).waitFor();

  const pid = Number(await runLast(page, "console.log(Deno.pid)"));
  const drawing = outputOf(page, 4).locator(".panels svg");
  const panels = await drawing.count();
  await jupyter.kill(pid);
  await until(page, () => form.getByLabel("Window").isDisabled());
  const chart = outputOf(page, 4).locator("[data-tandem=lost]");
  await chart.waitFor();
  match(await chart.getAttribute("data-tandem-note") ?? "", /Not connected/);
  strictEqual(await drawing.count(), panels);
  ok(panels >= 5 && await drawing.first().isVisible());
  await keepPicture(page, "inputs_ended");
}

if (jupyterIsMissing !== null) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: inputs in Jupyter, as ${jupyterIsMissing}`);
} else {
  browserTest(
    "inputs in Jupyter: controls draw anew, brushed rows reach the kernel, pictures survive it and its server",
    { viewport: { width: 1200, height: 1600 }, allowed: ALLOWED },
    walk,
  );
}
