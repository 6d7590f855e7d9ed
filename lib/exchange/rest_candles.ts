import { candleSpan, mergeMinutes } from "./candle.ts";
import { formatDecimal } from "./decimal.ts";
import { missingParameter, RestRefusal } from "./rest_error.ts";
import type { RestQuery } from "./rest_query.ts";
import type { Tape } from "./tape.ts";
import { candleTexts, klineRow } from "./wire.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Answers `GET /fapi/v1/klines`. */
export function klines(query: RestQuery): string {
  const { candles, contract } = query.tape();
  const interval = query.text("interval");
  if (interval === null) throw missingParameter("interval");
  const spanOf = candleSpan(interval);
  if (spanOf === null) throw new RestRefusal(-1120, "Invalid interval.");
  const limit = query.limit(500, 1_500);
  const { startTime, endTime } = query.times();
  const inRange = mergeMinutes(candles.minutes, spanOf).filter(({ openTimeMs }) =>
    openTimeMs >= (startTime ?? -Infinity) && openTimeMs <= (endTime ?? Infinity)
  );
  const found = startTime === null ? inRange.slice(-limit) : inRange.slice(0, limit);
  return JSON.stringify(found.map((candle) => klineRow(contract, candle, candle.endTimeMs)));
}

/** The weight of a `klines` request, by the number of rows asked for. */
export function klinesWeight(limit: number | null): number {
  if (limit === null) return 5;
  return limit <= 100 ? 1 : limit <= 500 ? 2 : limit <= 1_000 ? 5 : 10;
}

function dayTicker(tape: Tape, nowMs: number): unknown {
  const { contract, candles, trades, aggTrades } = tape;
  const minutes = candles.minutes.filter((m) => m.openTimeMs > nowMs - DAY_MS - MINUTE_MS);
  const last = trades.at(-1) ?? aggTrades.at(-1);
  const [day] = mergeMinutes(minutes, () => ({ openTimeMs: 0, endTimeMs: Infinity }));
  if (day === undefined || last === undefined) return null;
  const texts = candleTexts(contract, day);
  const change = day.close - day.open;
  const average = day.volume === 0 ? day.close : Math.round(day.quoteVolume / day.volume);
  return {
    symbol: contract.symbol,
    priceChange: formatDecimal(change, contract.pricePrecision),
    priceChangePercent: (100 * change / day.open).toFixed(3),
    weightedAvgPrice: formatDecimal(average, contract.pricePrecision),
    lastPrice: texts.close,
    lastQty: formatDecimal(last.quantity, contract.quantityPrecision),
    openPrice: texts.open,
    highPrice: texts.high,
    lowPrice: texts.low,
    volume: texts.volume,
    quoteVolume: texts.quoteVolume,
    openTime: minutes[0]!.openTimeMs,
    closeTime: nowMs,
    firstId: day.firstId,
    lastId: day.lastId,
    count: day.tradeCount,
  };
}

/** Answers `GET /fapi/v1/ticker/24hr`, for one symbol or all that traded. */
export function dayTickers(
  query: RestQuery,
  tapes: ReadonlyMap<string, Tape>,
  nowMs: number,
): string {
  if (query.has("symbol")) {
    const ticker = dayTicker(query.tape(), nowMs);
    if (ticker === null) throw new RestRefusal(-1121, "Invalid symbol.");
    return JSON.stringify(ticker);
  }
  return JSON.stringify([...tapes.values()].flatMap((tape) => dayTicker(tape, nowMs) ?? []));
}
