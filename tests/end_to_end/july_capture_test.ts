/**
 * Two real minutes around midnight, 2024-07-18/19, as they were captured: replayed over real sockets,
 * stored by the real programs, by one process and by two feeds, a nats-server and a store, in a file
 * and in PostgreSQL; compared with bars that pandas made from the same trades, and with each other.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatInterval } from "../../lib/market/mod.ts";
import { alignCloses, engleGrangerBoth, pairReadings } from "../../lib/pairs/mod.ts";
import { adf, ols, pearson } from "../../lib/stats/mod.ts";
import { openReader, type StoreReader } from "../../lib/store/mod.ts";
import { NatsServer, natsServerPath } from "../support/nats_server.ts";
import { postgresFolder, PostgresServer } from "../support/postgres_server.ts";
import { run } from "../support/programs.ts";
import { dataTest } from "../support/shared.ts";
import { byIngest, byRoles, replay } from "./support/captured_ways.ts";

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

/** Everything that is told of trades and bars; how often a bar was revised depends on commits. */
function contents(reader: StoreReader) {
  return Object.keys(EXPECTED_TRADES).map((symbol) => ({
    trades: reader.trades({ symbol }),
    bars: [1_000, 60_000].flatMap((intervalMs) => reader.bars({ symbol, intervalMs }))
      .map(({ revision: _, ...bar }) => bar),
    gaps: reader.gaps(symbol),
  }));
}

function isWhole(reader: StoreReader, symbol: string, count: number): void {
  const trades = reader.trades({ symbol });
  strictEqual(trades.length, count);
  trades.forEach((trade, k) => strictEqual(trade.tradeId, trades[0]!.tradeId + k));
  deepStrictEqual(reader.gaps(symbol), []);
}

/** Compares bars with those that pandas made. */
function areReference(reader: StoreReader, symbol: string, intervalMs: number, data: string): void {
  const name = `${symbol.toLowerCase()}_2024-07-18_19_${formatInterval(intervalMs)}_bars.csv`;
  const reference = readReference(`${data}/${name}`);
  const bars = reader.bars({ symbol, intervalMs });
  deepStrictEqual(bars.map((b) => b.openTimeMs), reference.map((r) => r.openTimeMs));
  bars.forEach((bar, k) => {
    const expected = reference[k]!;
    deepStrictEqual([bar.open, bar.high, bar.low, bar.close], expected.prices);
    deepStrictEqual([bar.tradeCount, bar.firstTradeId, bar.lastTradeId], expected.counts);
    [bar.volume, bar.quoteVolume!, bar.takerBuyVolume!].forEach((sum, j) => {
      const wanted = expected.sums[j]!;
      ok(Math.abs(sum - wanted) <= 1e-9 * Math.abs(wanted), `${sum} is not ${wanted}`);
    });
  });
  ok(
    bars.slice(1, -1).every((bar) => bar.complete),
    "only the first and the last lack a neighbour",
  );
  strictEqual(bars[0]!.complete, false);
}

/** The pair's numbers. */
function pairNumbers(reader: StoreReader) {
  const closes = (symbol: string) => reader.bars({ symbol, intervalMs: 1_000 });
  const legs = [closes("ETHUSDT"), closes("BTCUSDT")] as const;
  const rows = alignCloses(...legs, { intervalMs: 1_000, fill: "previous" });
  strictEqual(rows.length, 481);
  const eth = rows.map((row) => Math.log(row.y));
  const btc = rows.map((row) => Math.log(row.x));
  const line = ols(eth, btc);
  const both = engleGrangerBoth(eth, btc);
  const returns = (prices: number[]) => prices.slice(1).map((p, k) => p - prices[k]!);
  return {
    intercept: line.intercept,
    slope: line.slope,
    rSquared: line.rSquared,
    ethOnBtc: both.yOnX.test.statistic,
    ethOnBtcP: both.yOnX.test.pValue,
    btcOnEth: both.xOnY.test.statistic,
    btcOnEthP: both.xOnY.test.pValue,
    naiveP: adf(both.yOnX.test.residuals).pValue,
    correlation: pearson(returns(eth), returns(btc)).coefficient,
    readings: pairReadings(rows, { windowBars: 60 }).map(({ revision: _, ...reading }) => reading),
  };
}

const STATSMODELS = {
  intercept: -5.29787459,
  slope: 1.21424596,
  rSquared: 0.928167,
  ethOnBtc: -2.6454185,
  ethOnBtcP: 0.2198203,
  btcOnEth: -2.7561721,
  btcOnEthP: 0.1800287,
  naiveP: 0.0852323,
  correlation: 0.604317,
};

dataTest(
  "the captured minutes give the reference bars through one process and through several",
  async (data, t) => {
    const folder = `${data}/binance-usdm-2024-07`;
    const names = ["btcusdt", "ethusdt"].flatMap((s) => [`${s}_20240718`, `${s}_20240719`]);
    const files = names.map((name) => `${folder}/${name}.gz`);
    const temporary = await Deno.makeTempDir();
    const [one, file] = ["one", "roles"].map((name) => `${temporary}/${name}.db`) as [
      string,
      string,
    ];
    try {
      await using nats = natsServerPath === null ? null : await NatsServer.start();
      await using postgres = nats === null || postgresFolder === null
        ? null
        : await PostgresServer.start();
      const server = await postgres?.makeDatabase() ?? null;
      if (server === null) {
        // deno-lint-ignore no-console -- a skipped test says why
        console.log("skipped: not all ways without Debian's packages nats-server and postgresql");
      }
      const ways = [
        byIngest(one),
        ...nats === null ? [] : [byRoles(file, nats.url)],
        ...nats === null || server === null ? [] : [byRoles(server, nats.url)],
      ];
      await replay({ files, trades: EXPECTED_TRADES }, ways, temporary);
      using reader = openReader(one);
      for (const [symbol, count] of Object.entries(EXPECTED_TRADES)) {
        await t.step(`${symbol}: every trade once, in id order, no gap`, () => {
          isWhole(reader, symbol, count);
        });
        for (const intervalMs of [1_000, 60_000]) {
          await t.step(`${symbol}: ${formatInterval(intervalMs)} bars as pandas makes them`, () => {
            areReference(reader, symbol, intervalMs, folder);
          });
        }
      }
      const numbers = pairNumbers(reader);
      await t.step("the pair's numbers are those of statsmodels", () => {
        for (const [name, wanted] of Object.entries(STATSMODELS)) {
          const got = numbers[name as keyof typeof STATSMODELS]!;
          ok(Math.abs(got - wanted) <= 1e-6, `${name} is ${got}, expected ${wanted}`);
        }
      });
      const others = { "in a file": nats && file, "in PostgreSQL": server };
      for (const [where, database] of Object.entries(others)) {
        if (database === null) continue;
        await t.step(`feeds, log and store give the same ${where}, bit for bit`, () => {
          using other = openReader(database);
          deepStrictEqual(contents(other), contents(reader));
          deepStrictEqual(pairNumbers(other), numbers);
        });
      }
      await t.step("verify finds nothing to object to", async () => {
        const { code, err } = await run("verify", "--db", one);
        strictEqual(code, 0, err);
      });
    } finally {
      await Deno.remove(temporary, { recursive: true });
    }
  },
);
