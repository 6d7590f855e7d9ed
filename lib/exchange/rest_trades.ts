import { windowTooOld } from "./rest_error.ts";
import type { RestQuery } from "./rest_query.ts";
import type { RowHistory } from "./row_history.ts";
import type { TradeRow } from "./trade_row.ts";
import { aggTradeRow } from "./wire.ts";

/** How far back REST tells aggregates, ms. */
const WINDOW_MS = 48 * 3_600_000;

function rowsFromId(rows: RowHistory, id: number, limit: number, oldestMs: number): TradeRow[] {
  const oldest = rows.at(0);
  if (oldest !== undefined && id < oldest.id) throw windowTooOld();
  const from = rows.indexOfId(id);
  const first = rows.at(from);
  if (first !== undefined && first.timeMs < oldestMs) throw windowTooOld();
  return rows.slice(from, from + limit);
}

function rowsOfTime(rows: RowHistory, query: RestQuery, limit: number, oldestMs: number) {
  const { startTime, endTime } = query.times();
  const keptFromMs = rows.dropped ? rows.at(0)?.timeMs ?? Infinity : oldestMs;
  if ((startTime ?? endTime ?? Infinity) < Math.max(oldestMs, keptFromMs)) throw windowTooOld();
  const end = endTime === null ? rows.size : rows.indexOfTime(endTime + 1);
  const from = startTime === null ? end - limit : rows.indexOfTime(startTime);
  return rows.slice(Math.max(from, rows.indexOfTime(oldestMs)), Math.min(end, from + limit));
}

/** Answers `GET /fapi/v1/aggTrades`. With `fromId` the times are not looked at. */
export function aggTrades(query: RestQuery, nowMs: number): string {
  const { aggTrades: rows, contract } = query.tape();
  const limit = query.limit(500, 1_000);
  const fromId = query.integer("fromId");
  const oldestMs = nowMs - WINDOW_MS;
  const found = fromId === null
    ? rowsOfTime(rows, query, limit, oldestMs)
    : rowsFromId(rows, fromId, limit, oldestMs);
  return `[${found.map((row) => aggTradeRow(contract, row)).join(",")}]`;
}
