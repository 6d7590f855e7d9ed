import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { MarketModel, type ModelTrade, STEP_MS } from "../../lib/exchange/market_model.ts";
import { seededContracts } from "../../lib/exchange/seeded_contracts.ts";
import { close } from "../support/close.ts";

const START_MS = Date.UTC(2026, 0, 5);

function model(seed: number, symbols: number | readonly string[], ratePerSecond: number) {
  const contracts = seededContracts(symbols);
  return new MarketModel({ seed, contracts, ratePerSecond, startMs: START_MS });
}

function played(market: MarketModel, seconds: number): ModelTrade[] {
  const steps = seconds * 1_000 / STEP_MS;
  return Array.from({ length: steps }, () => market.step()).flat();
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values);
  const product = (shift: number) =>
    mean(values.slice(shift).map((value, i) => (value - centre) * (values[i]! - centre)));
  return product(lag) / product(0);
}

Deno.test("MarketModel.step() gives the same trades for the same seed and others for another", () => {
  const first = played(model(7, 20, 200), 60);
  deepStrictEqual(played(model(7, 20, 200), 60), first);
  notDeepStrictEqual(played(model(8, 20, 200), 60), first);
});

Deno.test("MarketModel.step() gives trades in time order within the step, ids without holes", () => {
  const market = model(1, 20, 2_000);
  const lastIds = new Map<number, number>();
  for (let step = 0; step < 200; step++) {
    const startMs = market.timeMs;
    let timeMs = startMs;
    for (const { index, row } of market.step()) {
      ok(row.timeMs >= timeMs && row.timeMs < startMs + STEP_MS);
      timeMs = row.timeMs;
      strictEqual(row.id, (lastIds.get(index) ?? row.id - 1) + 1);
      lastIds.set(index, row.id);
      ok(row.price > 0 && row.quantity > 0 && Number.isSafeInteger(row.price));
      ok(Number.isSafeInteger(row.quantity));
    }
    strictEqual(market.timeMs, startMs + STEP_MS);
  }
  strictEqual(lastIds.size, 20);
});

Deno.test("MarketModel.step() keeps the rate in the long run, most of it in the majors", () => {
  const market = model(3, 20, 100);
  const counts = new Array<number>(20).fill(0);
  const seconds = 3 * 3_600;
  for (const { index } of played(market, seconds)) counts[index]! += 1;
  close(counts.reduce((sum, n) => sum + n, 0) / seconds, 100, 0.1);
  ok(counts[0]! > 1.5 * counts[1]! && counts[1]! > 3 * counts[19]!, `counts ${counts}`);
});

Deno.test("MarketModel.step() bursts and rests: far more spread than a Poisson stream", () => {
  const market = model(4, 20, 200);
  const perSecond = Array.from({ length: 1_800 }, () => played(market, 1).length);
  const centre = mean(perSecond);
  const variance = mean(perSecond.map((n) => (n - centre) ** 2));
  ok(variance > 20 * centre, `variance ${variance}, mean ${centre}`);
  const sorted = perSecond.toSorted((a, b) => a - b);
  ok(sorted[90]! < 0.4 * centre, `5 % of seconds have at most ${sorted[90]} trades`);
  ok(sorted.at(-1)! > 3 * centre, `the busiest second has ${sorted.at(-1)} trades`);
});

Deno.test("MarketModel.step() lets one order take several fills in one millisecond", () => {
  const trades = played(model(5, 1, 200), 300);
  const orders = trades.filter(({ row }, i) => {
    const before = trades[i - 1]?.row;
    return before === undefined || before.timeMs !== row.timeMs ||
      before.takerSold !== row.takerSold;
  });
  const fills = trades.length / orders.length;
  ok(fills > 2 && fills < 2.6, `${fills} fills per order`);
});

Deno.test("MarketModel.pairs is the truth: hedge ratio, half-life and deviation come back", () => {
  const market = model(6, 2, 1);
  const [pair] = market.pairs;
  ok(pair !== undefined);
  deepStrictEqual([pair.y, pair.x], ["ETHUSDT", "BTCUSDT"]);
  const seconds = 200 * pair.halfLifeMs / 1_000;
  const spread = Array.from({ length: seconds }, () => {
    played(market, 1);
    return Math.log(market.price(1)) - pair.intercept -
      pair.hedgeRatio * Math.log(market.price(0));
  });
  const deviation = Math.sqrt(mean(spread.map((s) => (s - mean(spread)) ** 2)));
  close(deviation, pair.spreadDeviation, 0.2);
  close(mean(spread), 0, 0, 0.4 * pair.spreadDeviation);
  close(autocorrelation(spread, pair.halfLifeMs / 1_000), 0.5, 0, 0.1);
});

Deno.test("MarketModel() walks apart where no pair is named, and comes back where one is", () => {
  const market = model(6, 4, 1);
  const [pair, ...others] = market.pairs;
  ok(pair !== undefined && others.length === 0);
  const [named, unnamed]: [number[], number[]] = [[], []];
  for (let second = 0; second < 24_000; second++) {
    played(market, 1);
    const [btc, eth, sol] = [0, 1, 2].map((index) => Math.log(market.price(index)));
    named.push(eth! - pair.hedgeRatio * btc!);
    unnamed.push(sol! - btc!);
  }
  // Of a random walk the ratio is 1, of a spread with a half-life of a minute nearly 0.
  const varianceRatio = (values: readonly number[], lag: number) => {
    const squaredMove = (by: number) =>
      mean(values.slice(by).map((value, i) => (value - values[i]!) ** 2));
    return squaredMove(lag) / (lag * squaredMove(1));
  };
  ok(varianceRatio(named, 600) < 0.2, `named ${varianceRatio(named, 600)}`);
  ok(varianceRatio(unnamed, 600) > 0.6, `unnamed ${varianceRatio(unnamed, 600)}`);
});

Deno.test("MarketModel() moves prices alike whatever the rate of trades", () => {
  const [slow, fast] = [model(9, 4, 1), model(9, 4, 1_000)];
  played(slow, 30);
  played(fast, 30);
  for (const index of [0, 1, 2, 3]) strictEqual(slow.price(index), fast.price(index));
});

Deno.test("MarketModel() quotes one price step around the price", () => {
  const market = model(2, 40, 1);
  const contracts = seededContracts(40);
  for (const [index, { pricePrecision, tickUnits }] of contracts.entries()) {
    const units = market.price(index) * 10 ** pricePrecision;
    const bid = market.bid(index);
    strictEqual(bid % tickUnits, 0);
    ok(bid <= units && units <= bid + tickUnits);
    ok(tickUnits / bid < 0.002, `a price step of ${contracts[index]!.symbol} is too coarse`);
  }
});

Deno.test("MarketModel() refuses a rate that is not > 0", () => {
  for (const rate of [0, -1, NaN, Infinity]) throws(() => model(1, 2, rate), RangeError);
});

Deno.test("seededContracts() names majors first, then made-up symbols, each the same every time", () => {
  const contracts = seededContracts(22);
  strictEqual(contracts[0]!.symbol, "BTCUSDT");
  strictEqual(contracts[20]!.symbol, "SIM021USDT");
  strictEqual(new Set(contracts.map(({ symbol }) => symbol)).size, 22);
  deepStrictEqual(seededContracts(["SIM021USDT"]), [contracts[20]]);
  for (const symbols of [0, -1, 1.5, NaN, [], ["A", "A"], [""], ["btcusdt"], ['A"']]) {
    throws(() => seededContracts(symbols), RangeError);
  }
});
