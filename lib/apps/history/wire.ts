import { z } from "zod";
import type { Bar, QuarantinedFrame, Trade, TradeSource } from "../../market/mod.ts";
import type { BarBatch, TradeBatch } from "./history.ts";

/** Trades as they travel to a running ingest: a row is id, time, price, quantity, 1 for a buy. */
type TradeRow = readonly [number, number, number, number, 0 | 1];

const finite = z.number();
const id = z.number().int().nonnegative();
const tradeRow = z.tuple([
  id,
  z.number().int(),
  finite.positive(),
  finite.positive(),
  z.literal([0, 1]),
]);

const frame = z.object({
  venue: z.string(),
  symbol: z.string().nullable(),
  tradeId: id.nullable(),
  reason: z.string(),
  raw: z.string(),
  receivedMs: finite,
});

const tradesShape = z.object({
  venue: z.string().min(1),
  symbol: z.string().min(1),
  streamKind: z.enum(["aggTrade", "trade"]),
  source: z.enum(["rest", "archive", "import"]),
  rows: z.array(tradeRow).max(50_000),
  rejected: z.array(frame),
});

const barsShape = z.object({
  venue: z.string().min(1),
  symbol: z.string().min(1),
  intervalMs: z.number().int().positive(),
  bars: z.array(z.record(z.string(), z.union([z.string(), finite, z.boolean(), z.null()]))).max(
    50_000,
  ),
});

/** Writes a batch of trades as it travels. */
export function encodeTrades(batch: TradeBatch): string {
  const { venue, symbol, streamKind, rejected } = batch;
  const rows = batch.trades.map((t): TradeRow => [
    ...[t.tradeId, t.timeMs, t.price, t.quantity] as const,
    t.takerSide === "buy" ? 1 : 0,
  ]);
  const source: TradeSource = batch.trades[0]?.source ?? "import";
  return JSON.stringify({ venue, symbol, streamKind, source, rows, rejected });
}

/** Reads a batch of trades that has travelled, or `null` where it is none. */
export function decodeTrades(body: unknown): TradeBatch | null {
  const { data } = tradesShape.safeParse(body);
  if (data === undefined) return null;
  const { venue, symbol, streamKind, source } = data;
  return {
    ...{ venue, symbol, streamKind },
    rejected: data.rejected as QuarantinedFrame[],
    trades: data.rows.map(([tradeId, timeMs, price, quantity, isBuy]): Trade => ({
      ...{ venue, symbol, tradeId, timeMs, price, quantity },
      ...{ takerSide: isBuy === 1 ? "buy" : "sell", source },
    })),
  };
}

/** Reads a batch of bars that has travelled as JSON, or `null` where it is none. */
export function decodeBars(body: unknown): BarBatch | null {
  const { data } = barsShape.safeParse(body);
  if (data === undefined) return null;
  const { venue, symbol, intervalMs } = data;
  const bars = data.bars as unknown as Bar[];
  const isWhole = bars.every((bar) =>
    [bar.open, bar.high, bar.low, bar.close, bar.volume, bar.openTimeMs].every(Number.isFinite)
  );
  return isWhole ? { venue, symbol, intervalMs, bars } : null;
}
