/// <reference lib="dom" />
import type { Page } from "npm:playwright-core@1.65.1";
import type { Page as LivePage } from "../../../lib/live/client/page.ts";
import { type Hub, startHub } from "../../../lib/live/mod.ts";
import { Market } from "./market.ts";
import { until } from "./page_socket.ts";

declare global {
  /** What the page offers to tests. */
  var tandem: LivePage;
}

/** A pair of the market of `withPage()`. */
export const PAIR = "?y=ETHUSDT&x=BTCUSDT&interval=1m&window=20";

/** A window of a desk. */
export const WIDE = { viewport: { width: 1280, height: 1000 } };

/** What the chart of a page shows. */
export type State = NonNullable<ReturnType<LivePage["state"]>>;

/** What the chart shows now, or `null` before there is one. */
export const stateOf = (page: Page): Promise<State | null> =>
  page.evaluate(() => globalThis.tandem?.state() ?? null);

/** Waits until the chart is as wanted. */
export async function untilState(
  page: Page,
  what: string,
  holds: (state: State) => boolean,
): Promise<State> {
  let state: State | null = null;
  await until(async () => {
    state = await stateOf(page);
    return state !== null && holds(state);
  }, `${what}, it is ${JSON.stringify(state)}`);
  return state!;
}

/** The time in view, ms. */
export const length = ({ domain }: State): number => domain[1] - domain[0];

/** The middle of the z-score panel. */
export async function plotCentre(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator("#chart section[aria-label='z-score'] .plot").boundingBox();
  return { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 };
}

/** Opens a page of a hub over a market of 300 minutes, waits for its chart, and does something. */
export async function withPage(
  page: Page,
  body: (hub: Hub, market: Market) => Promise<void>,
  search = PAIR,
  symbols?: readonly string[],
): Promise<void> {
  using market = new Market(symbols);
  market.add(300);
  await using hub = await startHub({ open: market.open });
  await page.goto(hub.url + search);
  if (!search.includes("view=")) {
    await untilState(page, "the chart is there", ({ points }) => points > 0);
  }
  await body(hub, market);
  await page.goto("about:blank");
}
