/// <reference lib="dom" />
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest } from "../support/browser.ts";
import { PAIR, withPage } from "./support/page.ts";

const VIEWS = [
  ...[PAIR, `${PAIR}&report=tests`, "?view=universe&interval=1m&window=60&rows=all&maxStale=100"],
  ...["?view=backtest&y=ETHUSDT&x=BTCUSDT&interval=1m", "?view=data", "?view=alerts"],
  "?view=files",
];

/** Every text that is seen, also in shadow trees, with too little contrast to what is behind it. */
function faintTexts(page: Page): Promise<{ seen: number; faint: string[] }> {
  return page.evaluate(() => {
    type Color = [red: number, green: number, blue: number, opacity: number];
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const parse = (color: string): Color => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue, opacity] = context.getImageData(0, 0, 1, 1).data;
      return [red!, green!, blue!, opacity! / 255];
    };
    const over = ([r, g, b, opacity]: Color, behind: Color): Color => {
      const mix = (top: number, below: number) => opacity * top + (1 - opacity) * below;
      return [mix(r, behind[0]), mix(g, behind[1]), mix(b, behind[2]), 1];
    };
    const parentOf = (node: Element): Element | null =>
      node.assignedSlot ?? node.parentElement ??
        (node.getRootNode() instanceof ShadowRoot ? (node.getRootNode() as ShadowRoot).host : null);
    /** What may be behind an element: of a gradient each of its colours. */
    const behind = (element: Element | null): Color[] => {
      if (element === null) return [[255, 255, 255, 1]];
      const { backgroundColor, backgroundImage } = getComputedStyle(element);
      const stops = backgroundImage.match(/rgba?\([^)]*\)/g);
      if (stops !== null) return stops.map(parse);
      const own = parse(backgroundColor);
      return own[3] === 1 ? [own] : behind(parentOf(element)).map((color) => over(own, color));
    };
    const opacityOf = (element: Element | null): number =>
      element === null
        ? 1
        : Number(getComputedStyle(element).opacity) * opacityOf(parentOf(element));
    const luminance = ([...rgb]: Color) => {
      const [red, green, blue] = rgb.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const contrast = (a: Color, b: Color) => {
      const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (high! + 0.05) / (low! + 0.05);
    };
    const faint = new Set<string>();
    let seen = 0;
    const look = (element: Element) => {
      if (element.shadowRoot !== null) [...element.shadowRoot.children].forEach(look);
      [...element.children].forEach(look);
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent!.trim()).join(" ").trim();
      const isOff = element.closest(":disabled, option, script, style, datalist, .spoken");
      if (text === "" || isOff || !element.checkVisibility({ visibilityProperty: true })) return;
      seen++;
      const style = getComputedStyle(element);
      const ink = parse(element instanceof SVGElement ? style.fill : style.color);
      ink[3] *= opacityOf(element);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
      const least = Math.min(...behind(element).map((color) => contrast(over(ink, color), color)));
      if (least < (isLarge ? 3 : 4.5)) {
        faint.add(`${least.toFixed(2)} ${element.tagName} ${element.className} "${text}"`);
      }
    };
    look(document.body);
    return { seen, faint: [...faint] };
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `every text of every view has the contrast of WCAG AA, ${colorScheme}`,
    { viewport: { width: 1280, height: 1000 }, colorScheme },
    (page) =>
      withPage(page, async (hub) => {
        const found: string[] = [];
        for (const view of VIEWS) {
          await page.goto(hub.url + view);
          await page.locator("main > section:visible :is(button, table, input)").first().waitFor();
          await page.waitForTimeout(500);
          const { seen, faint } = await faintTexts(page);
          ok(seen > 10, `${view} has ${seen} texts`);
          found.push(...faint.map((text) => `${view}: ${text}`));
        }
        deepStrictEqual([...new Set(found)], []);
      }),
  );
}

/** Presses Tab until it leaves the page; tells what it never reached and what showed no focus. */
async function walkByTab(page: Page): Promise<{ reached: number; missed: string[] }> {
  await page.evaluate(() => {
    const controls = new Set<Element>();
    const collect = (root: ParentNode) => {
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot !== null) collect(element.shadowRoot);
        const isControl = element.matches(
          "a[href], button, input, select, summary, [tabindex='0']",
        );
        const isOff = element.matches(":disabled, [type=radio], [tabindex='-1']");
        if (isControl && !isOff && element.checkVisibility()) controls.add(element);
      }
    };
    collect(document);
    Object.assign(globalThis, { controls });
  });
  const missed: string[] = [];
  let reached = 0;
  for (let k = 0; k < 400; k++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (element === null || element === document.body) return null;
      (globalThis as unknown as { controls: Set<Element> }).controls.delete(element);
      // A radio button is drawn by what comes after it.
      const drawn = element.matches("[type=radio]") ? element.nextElementSibling! : element;
      const { outlineStyle, boxShadow } = getComputedStyle(drawn);
      const isSeen = outlineStyle !== "none" || boxShadow !== "none";
      return isSeen ? "" : `no ring: ${element.outerHTML.slice(0, 80)}`;
    });
    if (focus === null) break;
    reached++;
    if (focus !== "") missed.push(focus);
  }
  const left = await page.evaluate(() =>
    [...(globalThis as unknown as { controls: Set<Element> }).controls]
      .filter((element) => element.isConnected && element.checkVisibility())
      .map((element) => `not reached: ${element.outerHTML.slice(0, 80)}`)
  );
  return { reached, missed: [...missed, ...left] };
}

browserTest(
  "every control of every view is reached by Tab and shows that it has the focus",
  { viewport: { width: 1280, height: 1000 } },
  (page) =>
    withPage(page, async (hub) => {
      for (const view of VIEWS) {
        await page.goto(hub.url + view);
        await page.locator("main > section:visible :is(button, table, input)").first().waitFor();
        await page.waitForTimeout(500);
        const { reached, missed } = await walkByTab(page);
        ok(reached > 8, `${view} has ${reached} controls`);
        deepStrictEqual(missed, [], view);
      }
    }),
);
