/// <reference lib="dom" />
import { ok } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { WIDE, withPage } from "./support/page.ts";

/**
 * Pans a step in every frame without ever coming to rest; answers where each panel has its grid
 * lines then, in pixels.
 */
function panInFrames(page: Page, keys: readonly string[]): Promise<number[][][]> {
  return page.evaluate(async (keys) => {
    const chart = document.querySelector("#chart")!.shadowRoot!.querySelector<HTMLElement>(
      ".chart",
    )!;
    const gridLines = (panel: Element) => {
      const { left } = panel.getBoundingClientRect();
      return [...panel.querySelectorAll("g[aria-label='x-grid'] line")]
        .map((line) => line.getBoundingClientRect().left - left);
    };
    const frames = [];
    const { setTimeout } = globalThis;
    // However slow the machine, the chart is not to believe that the reader has stopped.
    Object.assign(globalThis, { setTimeout: () => 0 });
    for (const key of keys) {
      chart.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await new Promise(requestAnimationFrame);
      frames.push([...chart.querySelectorAll(".panel")].map(gridLines));
    }
    Object.assign(globalThis, { setTimeout });
    return frames;
  }, keys);
}

browserTest(
  "while it pans, panels that slide along show the same time as those that are drawn",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.locator("#chart .chart").focus();
      for (let k = 0; k < 3; k++) await page.keyboard.press("+");
      const frames = await panInFrames(
        page,
        [..."<<<<<<>><"].map((sign) => sign === "<" ? "ArrowLeft" : "ArrowRight"),
      );
      const still = page.locator("#chart g.tandem-still");
      ok(await still.count() > 0, "it is still moving");
      for (const panels of frames) {
        const all = panels.flat();
        ok(panels.length > 3 && panels.every((lines) => lines.length > 1));
        const spacing = panels[0]![1]! - panels[0]![0]!;
        for (const at of all) {
          const off = (at - panels[0]![0]!) / spacing;
          ok(Math.abs(off - Math.round(off)) * spacing < 1, `a grid line is ${off} spacings off`);
        }
      }
      await page.keyboard.press("ArrowLeft");
      await still.first().waitFor({ state: "detached" });
    }),
);
