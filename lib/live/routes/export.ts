import type { Bar } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";
import { PairFeed } from "../pair_feed.ts";
import { readQuery, requireSymbols } from "../query.ts";
import { csv } from "./csv.ts";
import type { Route } from "./route.ts";

const BARS_PER_READ = 5_000;

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
    const bars = barsOf(reader, symbol, intervalMs, from ?? -Infinity, to ?? Infinity);
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

/** Bars from the oldest on, a part at a time, so that any number of them fits. */
function* barsOf(
  reader: StoreReader,
  symbol: string,
  intervalMs: number,
  fromMs: number,
  toMs: number,
): Generator<readonly Bar[]> {
  const newest = reader.bars({ symbol, intervalMs, toMs, limit: 1 })[0];
  if (newest === undefined) return;
  const stepMs = BARS_PER_READ * intervalMs;
  const endMs = newest.openTimeMs + intervalMs;
  let startMs = Math.max(fromMs, firstOpenTime(reader, symbol, intervalMs, endMs));
  for (; startMs < endMs; startMs += stepMs) {
    yield reader.bars({
      ...{ symbol, intervalMs },
      ...{ fromMs: startMs, toMs: Math.min(endMs, startMs + stepMs) },
    });
  }
}

/** The oldest open time, found by halving: a reader answers only the newest bars of a range. */
function firstOpenTime(
  reader: StoreReader,
  symbol: string,
  intervalMs: number,
  endMs: number,
): number {
  const existsBefore = (timeMs: number) =>
    reader.bars({ symbol, intervalMs, toMs: timeMs, limit: 1 }).length > 0;
  let before = 0;
  let after = Math.ceil(endMs / intervalMs);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (existsBefore(middle * intervalMs)) after = middle;
    else before = middle;
  }
  return before * intervalMs;
}
