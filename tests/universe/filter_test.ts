import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { assetOf } from "../../lib/universe/assets.ts";
import { Screener, Universe, type UniverseBar } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { Random } from "../../lib/stats/mod.ts";
import { logRows } from "./support.ts";

const WINDOW = 50;
const MINUTE_MS = 60_000;
const NAMES = ["BTCUSDT", "BTCUSDC", "ETHUSDT", "SOLUSDT", "ETHBTC"];

/** What a bar of a symbol tells beside its price. */
type Activity = (t: number, i: number) => Pick<UniverseBar, "quoteVolume" | "tradeCount">;

function universeOf(bars: number, activity: Activity = () => ({})): Universe {
  const universe = new Universe({ intervalMs: MINUTE_MS, windowBars: WINDOW });
  logRows({ seed: 1, symbols: NAMES.length, bars }).forEach((row, t) =>
    universe.push(
      MINUTE_MS * t,
      row.map((log, i) => ({
        ...{ symbol: NAMES[i]!, close: Math.exp(log), complete: true },
        ...activity(t, i),
      })),
    )
  );
  return universe;
}

const reasons = (universe: Universe, symbols: object) =>
  Object.fromEntries(universe.screen({ symbols }).symbols.map((s) => [s.symbol, s.reason]));

Deno.test("assetOf() tells contracts on one asset by their names", () => {
  const key = (symbol: string) => assetOf(symbol).key;
  const same = ["BTCUSDT", "BTCUSDC", "BTCFDUSD", "BTCUSDT_260327", "BTCUSD_PERP"];
  deepStrictEqual([...new Set(same.map(key))], ["BTC:USD"]);
  deepStrictEqual(
    ["bybit:BTCUSDT", "okx:BTC-USDT-SWAP", "okx:BTC-USDC-SWAP"].map(key),
    ["BTC:USD", "BTC:USD", "BTC:USD"],
  );
  strictEqual(key("1000PEPEUSDT"), key("PEPEUSDC"));
  strictEqual(key("1000000MOGUSDT"), key("1000MOGUSDC"));
  const others = ["BTCUSDT", "ETHBTC", "ETHUSDT", "1INCHUSDT", "USDCUSDT", "AAPL", "A"];
  strictEqual(new Set(others.map(key)).size, others.length);
  deepStrictEqual(["ETHBTC", "BTCUSDC", "AAPL"].map((s) => assetOf(s).quote), [
    "BTC",
    "USDC",
    null,
  ]);
});

Deno.test("Universe.screen() leaves pairs on one asset out of the tests and shows them", () => {
  const universe = universeOf(80);
  const screen = universe.screen({ rows: "all" });
  deepStrictEqual([screen.tested, screen.wrappers, screen.rows.length], [9, 1, 10]);
  const row = screen.rows.find(({ sameAsset }) => sameAsset)!;
  deepStrictEqual([row.y, row.x].sort(), ["BTCUSDC", "BTCUSDT"]);
  deepStrictEqual([row.pValue, row.reason], [null, "contracts on one asset"]);
  ok(row.rSquared !== null && row.hedgeRatio !== null);
  const all = universe.screen({ rows: "all", wrappers: "test" });
  deepStrictEqual([all.tested, all.wrappers], [10, 0]);
  ok(all.rows.find(({ sameAsset }) => sameAsset)!.pValue !== null);
  // The others are tested alike; only the number of tests differs.
  for (const { y, x, statistic } of screen.rows.filter(({ sameAsset }) => !sameAsset)) {
    strictEqual(all.rows.find((other) => other.y === y && other.x === x)!.statistic, statistic);
  }
});

Deno.test("Universe.screen() tests only symbols that a filter lets through, and counts them", () => {
  const universe = universeOf(90, (_, i) => ({ quoteVolume: 100 * (i + 1), tradeCount: 2 * i }));
  const perDay = (i: number) => 100 * (i + 1) * 1_440;
  universe.screen().symbols.forEach((symbol, i) => {
    close(symbol.quoteVolumePerDay, perDay(i), 1e-12);
    strictEqual(symbol.tradesPerBar, 2 * i);
  });
  strictEqual(universe.screen({ symbols: { quote: "USDT" } }).tested, 3);
  strictEqual(universe.screen({ symbols: { minTradesPerBar: 3 } }).usable, 3);
  const screen = universe.screen({ symbols: { minQuoteVolumePerDay: perDay(3) }, rows: "all" });
  deepStrictEqual([screen.usable, screen.tested], [2, 1]);
  strictEqual(screen.symbols[0]!.reason, "quote volume per day 144000 is below 576000");
  deepStrictEqual(reasons(universe, { quote: "BTC", minTradesPerBar: 100 }), {
    BTCUSDT: "quoted in USDT",
    BTCUSDC: "quoted in USDC",
    ETHUSDT: "quoted in USDT",
    SOLUSDT: "quoted in USDT",
    ETHBTC: "trades per bar 8 is below 100",
  });
});

Deno.test("Universe.screen() knows the volume of the window only, also late and unknown ones", () => {
  const universe = universeOf(120, (t) => ({
    quoteVolume: t < 60 ? null : t < 75 ? 1e12 : 1,
    tradeCount: t < 75 ? 1 : 3,
  }));
  const [symbol] = universe.screen().symbols;
  strictEqual(symbol!.tradesPerBar, (5 + 45 * 3) / 50);
  close(symbol!.quoteVolumePerDay, (5e12 + 45) / 50 * 1_440, 1e-12);
  const later = universeOf(126, (t) => ({ quoteVolume: t < 75 ? 1e12 + t : 1, tradeCount: 1 }));
  close(later.screen().symbols[0]!.quoteVolumePerDay, 1_440, 1e-3);
  const unknown = universeOf(100, (t) => ({ quoteVolume: t === 70 ? null : 1 }));
  strictEqual(unknown.screen().symbols[0]!.quoteVolumePerDay, null);
  strictEqual(
    reasons(unknown, { minQuoteVolumePerDay: 1 })["BTCUSDT"],
    "quote volume per day is not known",
  );
  const bar = { symbol: "BTCUSDT", close: 3, complete: true, quoteVolume: 51 };
  unknown.amend(70 * MINUTE_MS, [bar]);
  close(unknown.screen().symbols[0]!.quoteVolumePerDay, 100 / 50 * 1_440, 1e-12);
});

Deno.test("Universe.screen() overrides the share of stale bars allowed", () => {
  const universe = new Universe({ intervalMs: 1, windowBars: WINDOW });
  logRows({ seed: 2, symbols: 3, bars: 100 }).forEach((row, t) =>
    universe.push(
      t,
      row.map((log, i) => ({ symbol: NAMES[i + 2]!, close: Math.exp(log), complete: true }))
        .filter((_, i) => i !== 1 || t % 5 !== 0),
    )
  );
  strictEqual(universe.screen().tested, 1);
  const { tested, staleShare, caveats } = universe.screen({ symbols: { maxStaleShare: 0.2 } });
  deepStrictEqual([tested, staleShare], [3, 0.2 / 3]);
  ok(caveats.some((caveat) => caveat.startsWith("7 % of the bars keep an old price")));
  strictEqual(universe.screen({ symbols: { maxStaleShare: 0.19 } }).tested, 1);
});

Deno.test("Universe.screen() hides rows by half-life and symbol without changing a number", () => {
  const universe = universeOf(150);
  const all = universe.screen({ rows: "all", retest: "every" });
  const lives = all.rows.flatMap((row) => row.halfLifeBars ?? []).sort((a, b) => a - b);
  const [low, high] = [lives[1]!, lives.at(-2)!];
  const some = universe.screen({
    ...{ rows: "all", retest: "every" },
    pairs: { minHalfLifeBars: low, maxHalfLifeBars: high },
  });
  deepStrictEqual(
    some.rows,
    all.rows.filter(({ halfLifeBars: h }) => h !== null && h >= low && h <= high),
  );
  deepStrictEqual([some.tested, some.matching], [all.tested, some.rows.length]);
  ok(some.caveats.some((caveat) => caveat.includes("half-life")));
  const eth = universe.screen({ rows: "all", retest: "every", pairs: { symbol: "ETHUSDT" } });
  deepStrictEqual(eth.rows, all.rows.filter(({ y, x }) => [y, x].includes("ETHUSDT")));
  strictEqual(eth.matching, 4);
  const three = universe.screen({ rows: "all", retest: "every", limit: 3 });
  deepStrictEqual([three.rows, three.matching], [all.rows.slice(0, 3), 10]);
});

Deno.test("Universe.screen() tells the basis of one asset at several venues, and of nothing else", () => {
  const venues = ["BTCUSDT", "bybit:BTCUSDT", "okx:BTC-USDT-SWAP", "BTCUSDC", "ETHUSDT"];
  const universe = new Universe({ intervalMs: 1_000, windowBars: 40 });
  const random = new Random("basis");
  let level = 80_000;
  const closes = (bar: number) => {
    level *= 1 + 1e-4 * random.normal();
    const noise = () => level * (1 + 1e-4 * random.normal());
    const [binance, bybit, okx] = [level, noise(), noise()];
    // The last bar has no trade of one of them.
    return [binance, bybit, bar === 59 ? null : okx, noise(), 3_000 + random.normal()];
  };
  let last: (number | null)[] = [];
  for (let bar = 0; bar < 60; bar++) {
    last = closes(bar);
    universe.push(
      bar * 1_000,
      venues.flatMap((symbol, k) => {
        const close = last[k]!;
        return close === null
          ? []
          : { symbol, close, complete: true, quoteVolume: 1_000_000, tradeCount: 50 };
      }),
    );
  }
  const { rows } = universe.screen({ rows: "all" });
  const basis = new Map(rows.map((row) => [`${row.y} ${row.x}`, row.basisBps]));
  const [first, ...others] = [...basis].filter(([, value]) => value !== null);
  const [pair, told] = first!;
  const isTurned = pair === "bybit:BTCUSDT BTCUSDT";
  ok(isTurned || pair === "BTCUSDT bybit:BTCUSDT", pair);
  const [y, x] = isTurned ? [last[1]!, last[0]!] : [last[0]!, last[1]!];
  ok(Math.abs(told! - 10_000 * (y / x - 1)) < 1e-6);
  deepStrictEqual(others, []);
  strictEqual(rows.filter(({ sameAsset }) => sameAsset).length, 6);
});

Deno.test("Screener.screen() says of one pair that it was tested", () => {
  const screener = new Screener({ intervalMs: MINUTE_MS, windowBars: WINDOW });
  logRows({ seed: 1, symbols: 2, bars: WINDOW }).forEach((row, t) =>
    screener.push(
      MINUTE_MS * t,
      row.map((log, i) => ({ symbol: `S${i}USDT`, close: Math.exp(log), complete: true })),
    )
  );
  ok(screener.screen().summary.startsWith("1 pair of 2 symbols was tested over 50 bars"));
});
