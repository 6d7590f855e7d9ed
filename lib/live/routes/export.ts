import type { Bar } from "../../market/mod.ts";
import { barPages } from "../../store/mod.ts";
import { PairFeed } from "../pair_feed.ts";
import { readQuery, requireSymbols } from "../query.ts";
import { csv } from "./csv.ts";
import type { Route } from "./route.ts";

const BAR_FIELDS = [
  ...["symbol", "intervalMs", "openTimeMs", "open", "high", "low", "close", "volume"],
  ...["quoteVolume", "tradeCount", "takerBuyVolume", "firstTradeId", "lastTradeId", "complete"],
  "revision",
] as const satisfies readonly (keyof Bar)[];

/** Bars (`symbol`) or readings of a pair (`y`, `x`) as CSV. */
export const exportCsv: Route = ({ source, query }) => {
  if ("symbol" in query) {
    const { symbol, interval: intervalMs, from, to } = readQuery("barExport", query);
    const reader = source.read((reader) => {
      requireSymbols(reader, symbol);
      return reader;
    });
    const bars = barPages(reader, {
      ...{ symbol, intervalMs },
      ...{ fromMs: from ?? -Infinity, toMs: to ?? Infinity },
    });
    return csv(`${symbol}-${query.interval ?? "1m"}`, BAR_FIELDS, bars);
  }
  const asked = readQuery("pair", query);
  const readings = source.read((reader) => {
    requireSymbols(reader, asked.y, asked.x);
    return new PairFeed(reader, asked).readings;
  });
  const fields = Object.keys(readings[0] ?? { openTimeMs: 0 }) as (keyof typeof readings[number])[];
  return csv(`${asked.y}-${asked.x}-${query.interval ?? "1m"}`, fields, [readings]);
};
