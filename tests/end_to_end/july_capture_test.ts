/**
 * Two real minutes around midnight, 2024-07-18/19, as they were captured: replayed over a real
 * socket, ingested by the real program, compared with bars that pandas made from the same trades.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatInterval, openTimeOf } from "../../lib/market/mod.ts";
import { alignCloses, engleGrangerBoth } from "../../lib/pairs/mod.ts";
import { adf, ols, pearson } from "../../lib/stats/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { run, start, until } from "../support/programs.ts";
import { dataTest } from "../support/shared.ts";

const EXPECTED_TRADES = { BTCUSDT: 10_701, ETHUSDT: 13_655 };

interface ReferenceBar {
  readonly openTimeMs: number;
  readonly prices: number[];
  readonly counts: number[];
  readonly sums: number[];
}

function readReference(path: string): ReferenceBar[] {
  return Deno.readTextFileSync(path).trimEnd().split("\n").slice(1).map((line) => {
    const [openTimeMs, open, high, low, close, volume, trades, quoteVolume, takerBuy, first, last] =
      line.split(",").map(Number);
    return {
      openTimeMs: openTimeMs!,
      prices: [open!, high!, low!, close!],
      counts: [trades!, first!, last!],
      sums: [volume!, quoteVolume!, takerBuy!],
    };
  });
}

function storedTrades(database: string, symbol: string): number {
  try {
    using reader = openReader(database);
    return reader.quality().find((q) => q.symbol === symbol)?.stored ?? 0;
  } catch {
    return 0;
  }
}

/** Whether the second of the last stored trade is closed: the exchange's clock runs on after the replay. */
function hasClosedBars(database: string, symbol: string): boolean {
  using reader = openReader(database);
  const last = reader.symbols().find((s) => s.symbol === symbol)?.lastTradeTimeMs;
  const [second] = reader.bars({ symbol, intervalMs: 1_000, limit: 1 });
  return last !== null && last !== undefined && second?.openTimeMs === openTimeOf(last, 1_000);
}

dataTest(
  "the captured minutes give the reference bars through socket, ingest and store",
  async (data, t) => {
    const folder = `${data}/binance-usdm-2024-07`;
    const temporary = await Deno.makeTempDir();
    const database = `${temporary}/july.db`;
    try {
      await using exchange = start(
        "exchange",
        "--json",
        "--speed",
        "max",
        "--replay",
        ...["btcusdt_20240718", "btcusdt_20240719", "ethusdt_20240718", "ethusdt_20240719"].map((
          f,
        ) => `${folder}/${f}.gz`),
      );
      const { wsUrl, restUrl } = await exchange.json<{ wsUrl: string; restUrl: string }>();
      {
        await using ingest = start(
          "ingest",
          "--stream",
          "trade",
          "--ws-url",
          wsUrl,
          "--rest-url",
          restUrl,
          "--db",
          database,
          "BTCUSDT",
          "ETHUSDT",
        );
        await until(
          () =>
            Object.entries(EXPECTED_TRADES).every(([symbol, n]) =>
              storedTrades(database, symbol) >= n && hasClosedBars(database, symbol)
            ),
          120_000,
          100,
        );
        strictEqual(await ingest.stop(), 0, ingest.err);
      }
      using reader = openReader(database);
      for (const [symbol, count] of Object.entries(EXPECTED_TRADES)) {
        await t.step(`${symbol}: every trade once, in id order, no gap`, () => {
          const trades = reader.trades({ symbol });
          strictEqual(trades.length, count);
          trades.forEach((trade, k) => strictEqual(trade.tradeId, trades[0]!.tradeId + k));
          deepStrictEqual(reader.gaps(symbol), []);
        });
        for (const intervalMs of [1_000, 60_000]) {
          await t.step(`${symbol}: ${formatInterval(intervalMs)} bars as pandas makes them`, () => {
            const reference = readReference(
              `${folder}/${symbol.toLowerCase()}_2024-07-18_19_${
                formatInterval(intervalMs)
              }_bars.csv`,
            );
            const bars = reader.bars({ symbol, intervalMs });
            deepStrictEqual(bars.map((b) => b.openTimeMs), reference.map((r) => r.openTimeMs));
            bars.forEach((bar, k) => {
              const expected = reference[k]!;
              deepStrictEqual([bar.open, bar.high, bar.low, bar.close], expected.prices);
              deepStrictEqual(
                [bar.tradeCount, bar.firstTradeId, bar.lastTradeId],
                expected.counts,
              );
              [bar.volume, bar.quoteVolume!, bar.takerBuyVolume!].forEach((sum, j) => {
                const wanted = expected.sums[j]!;
                ok(Math.abs(sum - wanted) <= 1e-9 * Math.abs(wanted), `${sum} is not ${wanted}`);
              });
            });
            const inner = bars.slice(1, -1);
            ok(
              inner.every((bar) => bar.complete),
              "only the first and the last bar lack a neighbour",
            );
            strictEqual(bars[0]!.complete, false);
          });
        }
      }
      await t.step("the pair's numbers are those of statsmodels", () => {
        const closes = (symbol: string) => reader.bars({ symbol, intervalMs: 1_000 });
        const rows = alignCloses(closes("ETHUSDT"), closes("BTCUSDT"), {
          intervalMs: 1_000,
          fill: "previous",
        });
        strictEqual(rows.length, 481);
        const eth = rows.map((row) => Math.log(row.y));
        const btc = rows.map((row) => Math.log(row.x));
        const line = ols(eth, btc);
        const both = engleGrangerBoth(eth, btc);
        const returns = (prices: number[]) => prices.slice(1).map((p, k) => p - prices[k]!);
        const expected: Record<string, [number | null, number]> = {
          intercept: [line.intercept, -5.29787459],
          slope: [line.slope, 1.21424596],
          rSquared: [line.rSquared, 0.928167],
          ethOnBtc: [both.yOnX.test.statistic, -2.6454185],
          ethOnBtcP: [both.yOnX.test.pValue, 0.2198203],
          btcOnEth: [both.xOnY.test.statistic, -2.7561721],
          btcOnEthP: [both.xOnY.test.pValue, 0.1800287],
          naiveP: [adf(both.yOnX.test.residuals).pValue, 0.0852323],
          correlation: [pearson(returns(eth), returns(btc)).coefficient, 0.604317],
        };
        for (const [name, [got, wanted]] of Object.entries(expected)) {
          ok(Math.abs(got! - wanted) <= 1e-6, `${name} is ${got}, expected ${wanted}`);
        }
      });
      await t.step("verify finds nothing to object to", async () => {
        const { code, err } = await run("verify", "--db", database);
        strictEqual(code, 0, err);
      });
    } finally {
      await Deno.remove(temporary, { recursive: true });
    }
  },
);
