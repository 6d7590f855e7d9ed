/// <reference lib="dom" />
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { startHub } from "../../lib/live/mod.ts";
import type { BacktestAnswer } from "../../lib/live/mod.ts";
import { pairBacktest } from "../../lib/backtest/mod.ts";
import { alignCloses } from "../../lib/pairs/mod.ts";
import { browserTest } from "../support/browser.ts";
import { Market } from "./support/market.ts";
import { WIDE } from "./support/page.ts";

const PAIR = "y=ETHUSDT&x=BTCUSDT&interval=1m&window=20";

Deno.test("GET /api/backtest answers what pairBacktest() says of the stored bars", async () => {
  using market = new Market();
  market.add(400);
  await using hub = await startHub({ open: market.open });
  const ask = async (query: string) => {
    const response = await fetch(`${hub.url}api/backtest?${PAIR}&${query}`);
    return [response.status, await response.json()] as const;
  };
  using reader = market.open();
  const [y, x] = ["ETHUSDT", "BTCUSDT"].map((symbol) =>
    reader.bars({ symbol, intervalMs: 60_000 })
  );
  const rows = alignCloses(y!, x!, { intervalMs: 60_000, fill: "previous" });
  const own = pairBacktest(rows, {
    ...{ windowBars: 20, entry: 1.5, exit: 0.5, stop: 4, feeBps: 2, slippageBps: 1 },
  });
  const [status, body] = await ask("entry=1.5&fee=2&slippage=1&sweep=1");
  const answer = body as BacktestAnswer;
  strictEqual(status, 200);
  ok(own.trades.length > 3);
  deepStrictEqual(answer.trades.map((t) => t.net).toReversed(), own.trades.map((t) => t.net));
  strictEqual(answer.metrics.totalNet, own.totalNet);
  strictEqual(answer.columns.equity!.length, 400);
  strictEqual(answer.trades.at(-1)!.entryTimeMs, rows[own.trades[0]!.entryBar]!.openTimeMs);
  ok(answer.sweep!.cells.length > 40);
  for (
    const [query, code, message] of [
      ["window=300", "too_few_bars", /400 bars in common and 602 are needed/],
      ["entry=0.1", "bad_request", /"entry" must be above exit/],
      ["fee=-1", "bad_request", /"fee" must be >= 0/],
    ] as const
  ) {
    const [, { error }] = await ask(query);
    strictEqual(error.code, code);
    match(error.message, message);
  }
});

browserTest(
  "the backtest view trades the pair one looks at, and a sweep beside it",
  WIDE,
  async (page) => {
    using market = new Market();
    market.add(400);
    await using hub = await startHub({ open: market.open });
    await page.goto(`${hub.url}?${PAIR}`);
    await page.locator("#chart svg").first().waitFor();
    await page.locator("#backtest").click();
    const view = page.locator('section[data-view="backtest"]');
    const trades = view.getByRole("table", { name: "Round trips" }).locator("tbody tr");
    await trades.first().waitFor();
    const before = await trades.count();
    strictEqual(await view.getByRole("region", { name: "Sweep" }).isVisible(), false);
    await view.getByLabel("Entry").fill("1.25");
    await view.getByLabel("Fee, bps").fill("1");
    await view.getByLabel("Try other thresholds").check();
    await view.getByRole("button", { name: "Run" }).click();
    await view.getByText(/probability of overfitting/).first().waitFor();
    ok(await trades.count() > before, "a lower entry trades more often");
    match(page.url(), /entry=1.25.*fee=1.*sweep=1.*view=backtest/);
    const note = await view.locator(".note").first().innerText();
    match(note, /no funding is charged, .* from 7 hours of bars/);
    const first = await view.locator(".tiles dd").first().innerText();
    await page.reload();
    await trades.first().waitFor();
    strictEqual(
      await view.locator(".tiles dd").first().innerText(),
      first,
      "the address says it all",
    );
  },
);
