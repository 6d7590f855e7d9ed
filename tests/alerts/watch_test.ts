import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { AlertDesk, nextAlert, readAlertRule, UNSEEN } from "../../lib/alerts/mod.ts";
import type { Bar, Gap } from "../../lib/market/mod.ts";
import { alignCloses, pairReadings, pairVerdict } from "../../lib/pairs/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { barsOf, pairCloses } from "../pairs/bars.ts";

const VENUE = "binance-usdm";
const IDENTITY = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
const NO_CLOCK = { exchangeMs: 0, lagMs: null };

function stored(symbol: string, bars: ReturnType<typeof barsOf>): Bar[] {
  return bars.map(({ openTimeMs, close, complete }) => ({
    ...{ venue: VENUE, symbol, intervalMs: 1_000, openTimeMs },
    ...{ open: close, high: close, low: close, close, volume: 1, quoteVolume: close },
    ...{ tradeCount: 1, takerBuyVolume: 1, firstTradeId: 1, lastTradeId: 1 },
    ...{ complete, revision: 0 },
  }));
}

async function withStore(
  work: (
    open: () => {
      writer: ReturnType<typeof openWriter>;
      reader: ReturnType<typeof openReader>;
    },
  ) => void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const opened: Disposable[] = [];
  try {
    work(() => {
      const writer = openWriter(`${folder}/tandem.db`, { identity: IDENTITY });
      for (const symbol of ["YUSDT", "XUSDT"]) writer.register(VENUE, symbol, "aggTrade");
      const reader = openReader(`${folder}/tandem.db`);
      opened.push(reader, writer);
      return { writer, reader };
    });
  } finally {
    for (const each of opened) each[Symbol.dispose]();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("AlertDesk.poll() fires where the readings of the whole series do, for every measure", () =>
  withStore((open) => {
    const { writer, reader } = open();
    const { y, x } = pairCloses(5, 600, 0.05);
    const legs = { YUSDT: barsOf(y), XUSDT: barsOf(x) };
    const pair = { y: "YUSDT", x: "XUSDT", interval: "1s", window: 20, cooldown: "5s" };
    const rules = [
      { ...pair, id: "z", watch: "z-score", above: 1.5, below: -1.5, hysteresis: 0.5 },
      { ...pair, id: "r", watch: "correlation", above: 0.8, below: 0.5, hysteresis: 0.02 },
      { ...pair, id: "beta", watch: "hedge-ratio-change", above: 0.2, below: -0.2 },
      { ...pair, id: "p", watch: "p-value", above: 0.04, below: 0.02, cooldown: "0s" },
    ].map(readAlertRule);
    const desk = new AlertDesk(reader, rules.map((rule) => ({ rule, state: null })));
    const fired: string[] = [];
    for (let second = 0; second < 600; second += 7) {
      const isNow = (bar: Bar) =>
        bar.openTimeMs >= second * 1_000 && bar.openTimeMs < (second + 7) * 1_000;
      const bars = Object.entries(legs).flatMap(([symbol, own]) =>
        stored(symbol, own).filter(isNow)
      );
      writer.write({ bars });
      const { firings } = desk.poll(NO_CLOCK);
      fired.push(...firings.map((f) => `${f.ruleId} ${f.side} ${f.timeMs}`));
      desk.stored();
    }

    const rows = alignCloses(legs.YUSDT, legs.XUSDT, { intervalMs: 1_000, fill: "previous" });
    const readings = pairReadings(rows, { windowBars: 20 });
    const expected = rules.flatMap((rule) => {
      let state = UNSEEN;
      return readings.flatMap((reading, k) => {
        if (rule.id === "p" && reading.row % 10 !== 0) return [];
        const before = readings[k - 20]?.hedgeRatio ?? null;
        const value = {
          z: () => reading.zScore,
          r: () => reading.correlation,
          beta: () =>
            before === null || reading.hedgeRatio === null ? null : reading.hedgeRatio / before - 1,
          p: () => pairVerdict(readings.slice(Math.max(0, k - 999), k + 1)).pValue,
        }[rule.id]!();
        const timeMs = reading.openTimeMs + 1_000;
        const gate = reading.stale ? "stale" : null;
        const next = nextAlert(state, { timeMs, value, gate, caveat: null }, rule);
        state = next.state;
        return next.crossings.map((c) => `${rule.id} ${c.side} ${c.timeMs}`);
      });
    });
    deepStrictEqual(fired.sort(), expected.sort());
    for (const { id } of rules) ok(fired.some((f) => f.startsWith(id)), `${id} never fired`);
  }));

Deno.test("AlertDesk.poll() waits for a bar that is not complete, then passes it over and says so", () =>
  withStore((open) => {
    const { writer, reader } = open();
    const rule = readAlertRule({
      ...{ id: "x", watch: "price", symbol: "XUSDT", interval: "1s", above: 2, cooldown: "0s" },
    });
    const desk = new AlertDesk(reader, [{ rule, state: null }]);
    const write = (second: number, close: number, complete: boolean) => {
      const [bar] = barsOf([close], 1_000, second);
      writer.write({ bars: stored("XUSDT", [{ ...bar!, complete }]) });
      const { firings, states } = desk.poll(NO_CLOCK);
      desk.stored();
      return { fired: firings.map((f) => f.timeMs / 1_000), gate: states.get("x")?.gate };
    };
    deepStrictEqual(write(0, 1, true).fired, []);
    deepStrictEqual(write(1, 3, false).fired, [], "its trades may still come");
    deepStrictEqual(write(1, 3, true).fired, [2], "they have come");
    deepStrictEqual(write(2, 1, true).fired, []);
    deepStrictEqual(write(3, 3, false).fired, []);
    const late = write(40, 1, true);
    deepStrictEqual(late, { fired: [], gate: null }, "the bar of second 3 was passed over");
    deepStrictEqual(write(41, 5, false).fired, []);
    strictEqual(write(80, 1, false).gate, "trades of the bar are missing");
  }));

Deno.test("AlertDesk.poll() tells of silence, lag, missing and lost ids in exchange time", () =>
  withStore((open) => {
    const { writer, reader } = open();
    const rules = (["silence", "lag", "missing-ids", "lost-ids"] as const).map((watch) =>
      readAlertRule({ id: watch, watch, symbol: "XUSDT", above: 10, cooldown: "0s" })
    );
    writer.write({
      trades: [{
        ...{ venue: VENUE, symbol: "XUSDT", tradeId: 1, timeMs: 1_000, price: 1, quantity: 1 },
        ...{ takerSide: "buy", source: "ws" },
      }],
    });
    const desk = new AlertDesk(reader, rules.map((rule) => ({ rule, state: null })));
    const poll = (exchangeMs: number, lagMs: number | null) => {
      const { firings } = desk.poll({ exchangeMs, lagMs });
      desk.stored();
      return firings.map((f) => `${f.ruleId} ${f.value}`);
    };
    const gap = (state: Gap["state"], closedAtMs: number | null): Gap => ({
      ...{ venue: VENUE, symbol: "XUSDT", firstMissingId: 2, lastMissingId: 21 },
      ...{ openedAtMs: 12_000, closedAtMs, state },
    });
    deepStrictEqual(poll(2_000, 500), []);
    deepStrictEqual(poll(12_000, 11_000), ["silence 11", "lag 11"]);
    writer.write({ gaps: [gap("open", null)] });
    deepStrictEqual(poll(13_000, 0), ["missing-ids 20"]);
    writer.write({ gaps: [gap("lost", 14_000)] });
    deepStrictEqual(poll(14_000, 0), ["lost-ids 20"]);
    deepStrictEqual(poll(4_000_000, 0), [], "an hour later nothing was lost in the last hour");
  }));
