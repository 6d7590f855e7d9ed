import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { LiveScreen } from "../../lib/live/mod.ts";
import { Screener } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { Market } from "./support/market.ts";

const WINDOW = 30;
const SYMBOLS = ["AUSDT", "BUSDT", "CUSDT"];
const OPTIONS = { intervalMs: 60_000, windowBars: WINDOW, maxStaleShare: 0.5 };

/** A screener that is given everything stored by now, each bar at once. */
function fromStored(market: Market): Screener {
  using reader = market.open();
  const screener = new Screener(OPTIONS);
  const closes = reader.closes({ intervalMs: 60_000, fromMs: 0, toMs: 1e15 });
  for (const [timeMs, bars] of Map.groupBy(closes, (c) => c.openTimeMs)) {
    screener.push(timeMs, bars);
  }
  return screener;
}

function checkSame(live: Screener, stored: Screener): void {
  const [a, b] = [live, stored].map((screener) => screener.screen({ rows: "all" }));
  deepStrictEqual([a!.openTimeMs, a!.tested], [b!.openTimeMs, b!.tested]);
  for (const y of SYMBOLS) {
    for (const x of SYMBOLS) {
      const [p, q] = [live, stored].map(({ universe }) => universe.pair(y, x));
      strictEqual(p!.reason, q!.reason);
      if (q!.statistic !== null) close(p!.statistic, q!.statistic, 0, 1e-8);
    }
  }
}

Deno.test("LiveScreen equals a screener that is given the stored bars, whatever comes late", () => {
  const late = fc.record({
    back: fc.integer({ min: 1, max: WINDOW + 5 }),
    symbol: fc.nat(2),
    shift: fc.double({ min: -2, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.nat(2 * WINDOW),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), late), { maxLength: 12 }),
      (stored, steps) => {
        using market = new Market(SYMBOLS);
        market.add(stored);
        using reader = market.open();
        const live = new LiveScreen(reader, OPTIONS);
        live.warm(() => true);
        let minute = stored;
        let nowMs = 0;
        for (const [added, { back, symbol, shift }] of steps) {
          market.add(added);
          minute += added;
          const at = minute - back;
          if (at >= 0) market.write(market.bar(SYMBOLS[symbol]!, at, 100 + shift, 1));
          live.poll(nowMs += 100);
        }
        live.poll(nowMs += 10_000);
        // Both have seen more than a window, or the same beginning.
        checkSame(live.screener, fromStored(market));
      },
    ),
    { numRuns: 25, seed: 4 },
  );
});

Deno.test("LiveScreen waits a moment for the other symbols of a bar, not for ever", () => {
  using market = new Market(SYMBOLS);
  market.add(WINDOW);
  using reader = market.open();
  const live = new LiveScreen(reader, OPTIONS);
  strictEqual(live.screener.universe.openTimeMs, null);
  live.warm(() => true);
  deepStrictEqual([live.warmUp, live.screener.universe.openTimeMs], [null, market.timeMs(29)]);
  const { revision } = live;
  live.poll(0);
  market.write(market.bar("AUSDT", WINDOW, 101));
  live.poll(1_000);
  market.write(market.bar("BUSDT", WINDOW, 102), market.bar("CUSDT", WINDOW, 103));
  live.poll(1_100);
  deepStrictEqual([live.screener.universe.openTimeMs, live.revision], [
    market.timeMs(29),
    revision,
  ]);
  live.poll(1_400);
  strictEqual(live.screener.universe.openTimeMs, market.timeMs(WINDOW));
  strictEqual(live.revision, revision + 1);
  strictEqual(live.screener.universe.pair("AUSDT", "BUSDT").staleShare, 0);
  market.write(market.bar("AUSDT", WINDOW + 1, 101));
  live.poll(2_000);
  market.write(market.bar("AUSDT", WINDOW + 2, 101));
  live.poll(2_010);
  strictEqual(
    live.screener.universe.openTimeMs,
    market.timeMs(WINDOW + 1),
    "a later bar has begun",
  );
  for (let minute = 3; minute < 6; minute++) {
    market.write(market.bar("AUSDT", WINDOW + minute, 101));
  }
  for (let minute = 2; minute < 6; minute++) {
    live.poll(3_000 + 500 * minute, true);
    strictEqual(live.screener.universe.openTimeMs, market.timeMs(WINDOW + minute), "one by one");
  }
});

Deno.test("LiveScreen screens again for another price, not for another mark of completeness", () => {
  using market = new Market(SYMBOLS);
  market.add(WINDOW);
  using reader = market.open();
  const live = new LiveScreen(reader, OPTIONS);
  live.warm(() => true);
  const { close: price } = reader.bars({ symbol: "AUSDT", intervalMs: 60_000, limit: 1 })[0]!;
  market.write({ ...market.bar("AUSDT", WINDOW - 1, price, 1), complete: false });
  const { revision } = live;
  live.poll(0);
  strictEqual(live.revision, revision);
  strictEqual(live.screener.screen().symbols[0]!.incompleteShare, 1 / WINDOW);
  market.write(market.bar("AUSDT", WINDOW - 1, price + 1, 2));
  live.poll(200);
  ok(live.revision > revision);
});

Deno.test("LiveScreen is outdated once the past of a new symbol is stored", () => {
  using market = new Market([...SYMBOLS, "NEWUSDT"]);
  const past = (symbol: string, minute: number) => market.bar(symbol, minute, 100 + minute % 7);
  for (let t = 0; t < WINDOW; t++) market.write(...SYMBOLS.map((symbol) => past(symbol, t)));
  using reader = market.open();
  const live = new LiveScreen(reader, OPTIONS);
  live.warm(() => true);
  market.write(past("NEWUSDT", WINDOW - 1));
  live.poll(0);
  strictEqual(live.isOutdated, false);
  for (let t = 0; t < WINDOW - 1; t++) market.write(past("NEWUSDT", t));
  live.poll(100);
  strictEqual(live.isOutdated, true);
});
