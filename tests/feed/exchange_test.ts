import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type ExchangeFaults, startExchange } from "../../lib/exchange/mod.ts";
import { binanceFeed, type BinanceFeedOptions } from "../../lib/feed/mod.ts";
import { isSameTrade } from "../../lib/market/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { dataTest } from "../support/shared.ts";
import { Recorder } from "./support/recorder.ts";

/** Loses, corrupts, delays and repeats frames, and refuses or cuts REST answers, while `on`. */
class Mischief implements ExchangeFaults {
  on = true;
  corrupted: string[] = [];
  readonly #random: () => number;
  #late: string[] = [];

  constructor(seed: number) {
    const random = new Random(seed);
    this.#random = () => random.uniform();
  }

  frame({ stream, text }: { stream: string | null; text: string }): string | null {
    if (!this.on || !stream?.endsWith("@aggTrade")) return text;
    const draw = this.#random();
    if (draw < 0.02) return null;
    if (draw < 0.03) {
      this.corrupted.push(text.slice(0, -5));
      return text.slice(0, -5);
    }
    if (draw < 0.04) {
      this.corrupted.push(text.replace(/"p":"[^"]+"/, '"p":"0"'));
      return this.corrupted.at(-1)!;
    }
    // Some frames come late, some twice: each takes the place of another.
    if (draw < 0.06) this.#late.push(text);
    if (draw < 0.05) return null;
    return (draw >= 0.06 && draw < 0.08 ? this.#late.shift() : undefined) ?? text;
  }

  response(path: string, response: Response): Response | Promise<Response> {
    if (!this.on || !path.includes("aggTrades")) return response;
    const draw = this.#random();
    const { status, headers } = response;
    if (draw < 0.2) return Response.json({ code: -1008, msg: "overloaded" }, { status: 503 });
    if (draw < 0.3) {
      const headers = { "retry-after": "0" };
      return Response.json({ code: -1003, msg: "slow down" }, { status: 429, headers });
    }
    if (draw < 0.4) {
      return response.text().then((body) =>
        new Response(body.slice(0, body.length / 2), { status })
      );
    }
    if (draw < 0.5) return new Response("[]", { status, headers });
    return response;
  }
}

for (const seed of [1, 2, 3]) {
  Deno.test(`binanceFeed() delivers what a faulty exchange generated, seed ${seed}`, async () => {
    const faults = new Mischief(seed);
    const source = { seed, symbols: 3, ratePerSecond: 3_000 };
    await using exchange = await startExchange({ source, faults });
    const { symbols, wsUrl, restUrl } = exchange;
    const newestId = (symbol: string) => exchange.aggTrades(symbol).at(-1)!.tradeId;
    const lastIds = new Map(symbols.map((symbol) => [symbol, newestId(symbol)]));
    const options = { symbols, wsUrl, restUrl, lastIds, random: () => 0.05 };

    const recorder = await recorded(options, async (recorder) => {
      await recorder.until("many trades", () => recorder.count("trade") >= 600);
      faults.on = false;
      const target = new Map(symbols.map((symbol) => [symbol, newestId(symbol)]));
      const isPast = (symbol: string) => (recorder.ids(symbol).at(-1) ?? 0) >= target.get(symbol)!;
      await recorder.until("every chain to pass its target", () => symbols.every(isPast));
    });

    for (const symbol of symbols) {
      const trades = recorder.trades.filter((t) => t.symbol === symbol);
      const first = lastIds.get(symbol)! + 1;
      const last = trades.at(-1)!.tradeId;
      const truth = exchange.aggTrades(symbol)
        .filter(({ tradeId }) => first <= tradeId && tradeId <= last);
      strictEqual(trades.length, truth.length);
      trades.forEach((trade, i) => ok(isSameTrade(trade, truth[i]!), `${symbol} ${trade.tradeId}`));
    }
    const setAside = recorder.events.flatMap((e) => e.kind === "quarantine" ? e.frame.raw : []);
    deepStrictEqual(setAside.sort(), faults.corrupted.sort());
    ok(recorder.gaps.length > 10);
    ok(recorder.gaps.every((gap) => !gap.endsWith("lost")));
    ok(recorder.count("duplicate") > 0);
  });
}

/** Runs a feed beside a test, and ends it. */
async function recorded(
  options: Omit<BinanceFeedOptions, "signal">,
  body: (recorder: Recorder) => Promise<void>,
): Promise<Recorder> {
  const controller = new AbortController();
  const recorder = new Recorder(binanceFeed({ ...options, signal: controller.signal }));
  try {
    await body(recorder);
  } finally {
    controller.abort();
    await recorder.ended;
  }
  return recorder;
}

dataTest("binanceFeed() of single trades delivers a whole captured replay", async (folder) => {
  const files = ["btcusdt_20240718", "btcusdt_20240719", "ethusdt_20240718", "ethusdt_20240719"]
    .map((name) => `${folder}/binance-usdm-2024-07/${name}.gz`);
  await using exchange = await startExchange({ source: { files, speed: "max" } });
  const { wsUrl, restUrl } = exchange;
  const symbols = ["BTCUSDT", "ETHUSDT"];
  const recorder = await recorded(
    { symbols, wsUrl, restUrl, streamKind: "trade" },
    async (recorder) => {
      await exchange.finished;
      await recorder.until("all trades", () => recorder.count("trade") === 10_701 + 13_655);
      const newestMs = Math.max(...recorder.trades.map((t) => t.timeMs));
      const closedMs = () => recorder.events.findLast((e) => e.kind === "watermark")!.timeMs;
      await recorder.until("the last bar to be closed", () => closedMs() > newestMs + 1_000);
    },
  );
  for (const [symbol, count] of [["BTCUSDT", 10_701], ["ETHUSDT", 13_655]] as const) {
    const ids = recorder.ids(symbol);
    strictEqual(ids.length, count);
    deepStrictEqual(ids, ids.map((_, i) => ids[0]! + i));
  }
  deepStrictEqual(recorder.gaps, []);
  deepStrictEqual(recorder.quarantine, []);
});
