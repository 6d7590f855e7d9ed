import { BarAggregator, resampleBars } from "../../../lib/bars/mod.ts";
import { vwap } from "../../../lib/market/mod.ts";
import { sessionVwap } from "../../../lib/stats/session_vwap.ts";
import type { Adapter } from "./adapter.ts";

export const bars: Adapter = {
  run(golden) {
    const times = golden.series("ts");
    const prices = golden.series("price");
    const sizes = golden.series("size");
    const widthMs = golden.number("width_ms");
    const aggregator = new BarAggregator({ intervalsMs: [1_000] });
    times.forEach((timeMs, k) =>
      aggregator.push({
        venue: "binance-usdm",
        symbol: "BTCUSDT",
        tradeId: k,
        timeMs,
        price: prices[k]!,
        quantity: sizes[k]!,
        takerSide: "buy",
        source: "import",
      })
    );
    aggregator.advance(["BTCUSDT"], Infinity);
    const own = resampleBars(aggregator.takeBars(), widthMs);
    const byTime = new Map(own.map((bar) => [bar.openTimeMs, bar]));
    const start: number[] = [];
    for (let t = own[0]!.openTimeMs; t <= own.at(-1)!.openTimeMs; t += widthMs) start.push(t);
    const all = start.map((t) => byTime.get(t) ?? null);
    let lastClose: number | null = null;
    return {
      start,
      open: all.map((b) => b?.open ?? null),
      high: all.map((b) => b?.high ?? null),
      low: all.map((b) => b?.low ?? null),
      close: all.map((b) => b?.close ?? null),
      volume: all.map((b) => b?.volume ?? 0),
      count: all.map((b) => b?.tradeCount ?? 0),
      vwap: all.map((b) => b === null ? null : vwap(b)),
      close_ffill: all.map((b) => lastClose = b?.close ?? lastClose),
      session_vwap: sessionVwap(prices, sizes),
    };
  },
};
