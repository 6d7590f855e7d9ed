/// <reference lib="dom" />
import { deepStrictEqual, match } from "node:assert/strict";
import { AlertDesk, readAlertRule } from "../../lib/alerts/mod.ts";
import { type HubActions, HubError, startHub } from "../../lib/live/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { browserTest } from "../support/browser.ts";
import { Market } from "./support/market.ts";
import { WIDE } from "./support/page.ts";

browserTest(
  "the alerts view makes a rule from a pair, shows what fired, notifies, and removes it",
  { ...WIDE, permissions: ["notifications"], allowed: /status of (400|503)/ },
  async (page) => {
    using market = new Market();
    market.add(150);
    let isRunning = false;
    const actions: HubActions = {
      changeAlerts(put, remove) {
        if (!isRunning) return Promise.reject(new HubError(503, "no_ingest", "No ingest runs"));
        for (const rule of put) market.writer.alerts.putRule(rule.id, JSON.stringify(rule));
        return Promise.resolve(remove.filter((id) => market.writer.alerts.removeRule(id)));
      },
    };
    await using hub = await startHub({ open: market.open, actions });
    await page.addInitScript(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      globalThis.Notification = class extends globalThis.Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options);
          told.push(`${title}: ${options?.body}`);
        }
      };
    });
    await page.goto(`${hub.url}?y=ETHUSDT&x=BTCUSDT&interval=1m&window=20`);
    await page.locator("#alert").click();
    const view = page.locator('section[data-view="alerts"]');
    await view.getByText("There are no rules yet").waitFor();
    const add = view.getByRole("button", { name: "Add alert" });
    await add.click();
    await view.getByRole("alert").getByText('"above" or "below" must be given').waitFor();
    await view.getByLabel("Above").fill("0.1");
    await view.getByLabel("Below").fill("-0.1");
    await view.getByLabel("Cooldown").fill("0s");
    await add.click();
    await view.getByRole("alert").getByText("No ingest runs").waitFor();
    isRunning = true;
    await add.click();
    const rules = view.getByRole("table", { name: "Alert rules" });
    await rules.getByText("z-score of ETHUSDT on BTCUSDT (1m, 20 bars)").waitFor();
    await view.getByRole("button", { name: "Notify me in this browser" }).click();
    await view.getByRole("button", { name: "Notifications on" }).waitFor();

    using reader = openReader(market.path);
    const [stored] = reader.alerts.rules();
    const desk = new AlertDesk(reader, [
      { rule: readAlertRule(JSON.parse(stored!.rule)), state: null },
    ]);
    market.add(20);
    const { states, firings } = desk.poll({ exchangeMs: 0, lagMs: null });
    market.writer.alerts.write(
      new Map(states.entries().map(([id, state]) => [id, JSON.stringify(state)])),
      firings,
    );
    const fired = view.getByRole("table", { name: "What fired, newest first" });
    await fired.locator("tbody tr").first().waitFor();
    deepStrictEqual(await fired.locator("tbody tr").count(), firings.length);
    const told = await page.waitForFunction(() => {
      const { told } = globalThis as unknown as { told: string[] };
      return told.length > 0 ? told : null;
    });
    match(
      (await told.jsonValue() as string[])[0]!,
      /^SIMULATED: z-score-ethusdt-btcusdt: z-score of/,
    );
    await rules.getByRole("link", { name: "z-score-ethusdt-btcusdt" }).click();
    await page.locator("#chart svg").first().waitFor();
    match(page.url(), /y=ETHUSDT&x=BTCUSDT&interval=1m&window=20/);
    await page.goBack();
    const remove = view.getByRole("button", { name: "Remove z-score-ethusdt-btcusdt" });
    isRunning = false;
    await remove.click();
    const problem = view.getByRole("status").getByText("No ingest runs");
    await problem.waitFor();
    // What is told stays while the rules are looked at again.
    await page.waitForResponse((response) => response.url().endsWith("/api/alerts"));
    await page.waitForResponse((response) => response.url().endsWith("/api/alerts"));
    deepStrictEqual(await problem.isVisible(), true);
    isRunning = true;
    await remove.click();
    await view.getByText("There are no rules yet").waitFor();
    deepStrictEqual(reader.alerts.rules(), []);
  },
);
