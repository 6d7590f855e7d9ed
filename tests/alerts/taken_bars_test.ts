import { deepStrictEqual, match } from "node:assert/strict";
import { AlertDesk, readAlertRule } from "../../lib/alerts/mod.ts";
import { sequenceId } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";

Deno.test("AlertDesk.poll() takes bars that nothing can prove as they stand, and says so", async () => {
  const folder = await Deno.makeTempDir();
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  try {
    using writer = openWriter(`${folder}/tandem.db`, { identity });
    const symbols = [["bybit-linear", "bybit:BTCUSDT"], ["binance-usdm", "BTCUSDT"]] as const;
    for (const [venue, symbol] of symbols) writer.register(venue, symbol, "trade");
    using reader = openReader(`${folder}/tandem.db`);
    const rules = symbols.map(([, symbol], k) =>
      readAlertRule({
        ...{ id: `rule-${k}`, watch: "price", symbol, interval: "1s", above: 105, cooldown: "0s" },
      })
    );
    const desk = new AlertDesk(reader, rules.map((rule) => ({ rule, state: null })));
    const fired = [];
    for (let second = 0; second < 10; second++) {
      const close = second < 6 ? 100 : 110;
      writer.write({
        bars: symbols.map(([venue, symbol]) => ({
          ...{ venue, symbol, intervalMs: 1_000, openTimeMs: second * 1_000 },
          ...{ open: close, high: close, low: close, close, volume: 1, quoteVolume: close },
          ...{ tradeCount: 1, takerBuyVolume: 1, complete: false, revision: 0 },
          firstTradeId: sequenceId(second, 0),
          lastTradeId: sequenceId(second, 0),
        })),
      });
      fired.push(...desk.poll({ exchangeMs: 0, lagMs: null }).firings);
      desk.stored();
    }
    // Nothing is decided yet of the venue whose ids may still prove its bars.
    deepStrictEqual(fired.map(({ ruleId, timeMs }) => [ruleId, timeMs]), [["rule-0", 7_000]]);
    match(JSON.stringify(fired[0]), /nothing proves the bars of bybit:BTCUSDT/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
