import { type Bar, vwap } from "../../market/mod.ts";
import type { ParquetField, StoreReader } from "../../store/mod.ts";
import { barsFrom } from "./bars_from.ts";
import { type Rows, type Table, toRows } from "./table.ts";
import type { Span } from "./trade_table.ts";

const FIELDS: readonly ParquetField[] = [
  { name: "venue", type: "string" },
  { name: "symbol", type: "string" },
  { name: "interval_ms", type: "int64" },
  { name: "open_time_ms", type: "int64" },
  ...["open", "high", "low", "close", "volume"].map((name) => ({ name, type: "double" as const })),
  { name: "quote_volume", type: "double", nullable: true },
  { name: "trade_count", type: "int64", nullable: true },
  { name: "taker_buy_volume", type: "double", nullable: true },
  { name: "vwap", type: "double", nullable: true },
  { name: "first_trade_id", type: "int64", nullable: true },
  { name: "last_trade_id", type: "int64", nullable: true },
  { name: "complete", type: "int64" },
  { name: "revision", type: "int64" },
];

const COLUMNS: Readonly<Record<string, (bar: Bar) => number | string | null>> = {
  venue: (bar) => bar.venue,
  symbol: (bar) => bar.symbol,
  interval_ms: (bar) => bar.intervalMs,
  open_time_ms: (bar) => bar.openTimeMs,
  open: (bar) => bar.open,
  high: (bar) => bar.high,
  low: (bar) => bar.low,
  close: (bar) => bar.close,
  volume: (bar) => bar.volume,
  quote_volume: (bar) => bar.quoteVolume,
  trade_count: (bar) => bar.tradeCount,
  taker_buy_volume: (bar) => bar.takerBuyVolume,
  vwap,
  first_trade_id: (bar) => bar.firstTradeId,
  last_trade_id: (bar) => bar.lastTradeId,
  complete: (bar) => bar.complete ? 1 : 0,
  revision: (bar) => bar.revision,
};

/** The bars of symbols, oldest first, as `v_bars` names them. */
export function barTable(
  reader: StoreReader,
  intervalMs: number,
  { symbols, fromMs, toMs }: Span,
  onTime: (timeMs: number) => void,
): Table {
  function* rows(): Generator<Rows> {
    for (const symbol of symbols) {
      for (const bars of barsFrom(reader, { symbol, intervalMs, fromMs, toMs })) {
        yield toRows(bars, COLUMNS);
        onTime(bars.at(-1)!.openTimeMs);
      }
    }
  }
  return { fields: FIELDS, rows };
}
