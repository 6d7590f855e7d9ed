/// <reference lib="dom" />
import { ok, strictEqual } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { plotCentre, untilState, WIDE, withPage } from "./support/page.ts";

/** What a frame shows while the chart is moved. */
interface Frame {
  /** Where each panel has its grid lines, CSS pixels from its left. */
  readonly gridLines: number[][];
  /** The labels of the time axis that are seen, and how far they are from where they belong. */
  readonly labels: { readonly text: string; readonly x: number; readonly offPixels: number }[];
  /** The row under the pointer: what is said of its time, and of one of its values. */
  readonly when: string;
  readonly value: string;
  /** The row that is there, from the rows themselves. */
  readonly row: { readonly timeMs: number; readonly value: number | null };
  /** How far the line of the z-score ends from where the newest row is, CSS pixels. */
  readonly endOffPixels: number;
}

const KEYS: Record<string, string> = { "<": "ArrowLeft", ">": "ArrowRight", "]": "End" };

/** Pans a step in every frame without ever coming to rest; `]` goes to the end in the same frame. */
function panInFrames(page: Page, signs: string): Promise<Frame[]> {
  return page.evaluate(async ([signs, keys]) => {
    const chart = document.querySelector("#chart")!.shadowRoot!.querySelector<HTMLElement>(
      ".chart",
    )!;
    const panels = [...chart.querySelectorAll<HTMLElement>(".panel")];
    const score = panels.find((panel) => panel.ariaLabel === "z-score")!;
    const minuteMs = 60_000;
    const look = (): Frame => {
      const { domain } = globalThis.tandem.state()!;
      const columns = globalThis.tandem.columns()!;
      const area = chart.querySelector(".panels")!.getBoundingClientRect();
      const pixelsPerMs = (area.width - 72) / (domain[1] - domain[0]);
      const labels = [...panels.at(-1)!.querySelectorAll("g[aria-label^='x-axis tick'] text")]
        .map((label) => ({ label, box: label.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0)
        .map(({ label, box }) => {
          const x = box.left + box.width / 2 - area.left;
          const text = label.firstChild!.textContent!;
          const [hours, minutes] = text.split(":").map(Number);
          const timeMs = domain[0] + (x - 58) / pixelsPerMs;
          const offMs = (timeMs - minuteMs * (60 * hours! + minutes!)) % (1_440 * minuteMs);
          const nearMs = Math.min(Math.abs(offMs), 1_440 * minuteMs - Math.abs(offMs));
          return { text, x, offPixels: nearMs * pixelsPerMs };
        });
      const line = chart.querySelector<HTMLElement>(".cross")!;
      const pointedMs = domain[0] + (parseFloat(line.style.left) - 58) / pixelsPerMs;
      const row = columns.t.findIndex((timeMs) => Math.abs(timeMs - pointedMs) < 0.5 * minuteMs);
      const path = score.querySelector("g[aria-label='line'] path")!.getBoundingClientRect();
      const endX = area.left + 58 + (columns.t.at(-1)! - domain[0]) * pixelsPerMs;
      return {
        gridLines: panels.map((panel) => {
          const { left } = panel.getBoundingClientRect();
          return [...panel.querySelectorAll("g[aria-label='x-grid'] line")]
            .map((line) => line.getBoundingClientRect().left - left);
        }),
        labels,
        when: chart.querySelector<HTMLElement>(".when")!.innerText,
        value: score.querySelector("output")!.value,
        row: { timeMs: columns.t[row]!, value: columns.zScore![row]! },
        endOffPixels: Math.abs(path.right - endX),
      };
    };
    const frames = [];
    const { setTimeout } = globalThis;
    // However slow the machine, the chart is not to believe that the reader has stopped.
    Object.assign(globalThis, { setTimeout: () => 0 });
    for (const sign of signs) {
      chart.dispatchEvent(new KeyboardEvent("keydown", { key: keys[sign]!, bubbles: true }));
      if (sign === "]") continue;
      await new Promise(requestAnimationFrame);
      frames.push(look());
    }
    Object.assign(globalThis, { setTimeout });
    return frames;
  }, [signs, KEYS] as const);
}

/** Shows about a third of the rows. */
async function zoomIn(page: Page): Promise<void> {
  await page.locator("#chart .chart").focus();
  for (let k = 0; k < 3; k++) await page.keyboard.press("+");
}

const moving = (page: Page) => page.locator("#chart .moving");

/** Moves a step more, so that a pan that never ended can, and waits until it has. */
async function rest(page: Page): Promise<void> {
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() =>
    document.querySelector("#chart")!.shadowRoot!.querySelector(".moving") === null
  );
}

browserTest(
  "while it pans, panels that slide along show the same time as those that are drawn",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await zoomIn(page);
      const frames = await panInFrames(page, "<<<<<<<<>><>>>>>");
      ok(await moving(page).count() > 3, "it is still moving");
      for (const { gridLines, labels } of frames) {
        ok(gridLines.length > 3 && gridLines.every((lines) => lines.length > 1));
        const spacing = gridLines[0]![1]! - gridLines[0]![0]!;
        for (const at of gridLines.flat()) {
          const off = (at - gridLines[0]![0]!) / spacing;
          ok(Math.abs(off - Math.round(off)) * spacing < 1.1, `a grid line is ${off} spacings off`);
        }
        ok(labels.length >= 3, "the time axis has labels");
        for (const { text, x, offPixels } of labels) {
          ok(offPixels < 1.5, `${text} stands ${offPixels} pixels from its time`);
          ok(x > 56 && x < 1_280 - 14, `${text} stands at ${x}, outside of the plot`);
        }
      }
      await rest(page);
    }),
);

browserTest(
  "while it pans, the row under the pointer is read",
  WIDE,
  (page) =>
    withPage(page, async () => {
      const { x, y } = await plotCentre(page);
      await page.mouse.move(x + 1, y);
      await zoomIn(page);
      const frames = await panInFrames(page, "<<<<<>>>");
      strictEqual(new Set(frames.map(({ when }) => when)).size >= 5, true);
      for (const { when, value, row } of frames) {
        const time = new Date(row.timeMs).toISOString().slice(11, 16);
        ok(when.includes(time), `${when} does not name ${time}`);
        ok(row.value !== null && Math.abs(Number(value.replace("−", "-")) - row.value) < 0.01);
      }
      await rest(page);
    }),
);

browserTest(
  "once it rests, it is drawn as if it had never moved",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await zoomIn(page);
      await panInFrames(page, "<<<<");
      await rest(page);
      const drawn = () =>
        page.evaluate(() =>
          [...document.querySelector("#chart")!.shadowRoot!.querySelectorAll(".plot svg")]
            .map(({ outerHTML }) => outerHTML.replace(/plot-clip-\d+/g, ""))
        );
      const settled = await drawn();
      const { draws } = await untilState(page, "it is there", () => true);
      const shot = page.locator("#chart").getByRole("button", { name: "Log" }).first();
      await shot.click();
      await shot.click();
      await untilState(page, "it is drawn again", (state) => state.draws > draws);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const fresh = await drawn();
      strictEqual(fresh.length, settled.length);
      fresh.forEach((svg, k) => strictEqual(svg, settled[k]));
    }),
);

browserTest(
  "rows that come while it pans are shown before it rests",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      await zoomIn(page);
      // Drawn for one way only, so that a panel has to be drawn anew at each turn.
      await panInFrames(page, "]<>");
      market.add(1);
      await untilState(page, "a row has come", ({ points }) => points === 301);
      const frames = await panInFrames(page, "<><><><><><><><>");
      const { endOffPixels } = frames.at(-1)!;
      ok(endOffPixels < 3, `the line ends ${endOffPixels} pixels from the newest row`);
      await rest(page);
    }),
);
