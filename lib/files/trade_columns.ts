import type { StreamKind } from "../market/mod.ts";
import { numberIn } from "./number_text.ts";
import type { Row } from "./row.ts";
import { type Places, type SniffedTable, sniffTable } from "./sniff_table.ts";
import { plainName } from "./table.ts";
import type { TradeCells } from "./trade_rows.ts";

type TradeField = keyof TradeCells;

/** Where each cell stands, from 0. */
export type TradeColumns = Places<TradeField>;

const NAMES: Readonly<Record<TradeField, readonly string[]>> = {
  symbol: ["symbol", "ticker", "pair", "instrument"],
  id: ["aggtradeid", "tradeid", "id", "a", "aggid", "tid"],
  time: [
    ...["timems", "transacttime", "tradetime", "timestamp", "timestampms", "time", "ts", "t"],
    ...["datetime", "date", "unix", "unixtime"],
  ],
  price: ["price", "p", "px", "tradeprice"],
  quantity: ["quantity", "qty", "size", "amount", "q", "volume", "sz", "vol", "basequantity"],
  side: ["takerside", "side", "direction", "aggressor"],
  buyerIsMaker: ["isbuyermaker", "buyerismaker", "m", "ismaker"],
  simulated: ["simulated"],
};

/** Binance's archive files as they were before they named their columns. */
const AGG_TRADES: TradeColumns = { id: 0, price: 1, quantity: 2, time: 5, buyerIsMaker: 6 };
const TRADES: TradeColumns = { id: 0, price: 1, quantity: 2, time: 4, buyerIsMaker: 5 };

/** What the first lines of a file of trades tell of its form. */
export interface TradeTable extends SniffedTable<TradeField> {
  readonly streamKind: StreamKind;
}

/**
 * Returns how trades are written in a file.
 *
 * @param rows Its first rows; empty ones do not count.
 * @throws {FileError} If a needed column is missing.
 */
export function sniffTradeTable(rows: readonly Row[]): TradeTable {
  const { facts, at } = sniffTable(rows, {
    what: "trades",
    needed: ["time", "price", "quantity"],
    decimals: ["price", "quantity"],
    named: namedColumns,
    placed: placedColumns,
  });
  const isAggregate = facts.hasHeader
    ? plainName(facts.columns.id ?? "").startsWith("agg")
    : at === AGG_TRADES;
  return { at, facts, streamKind: isAggregate ? "aggTrade" : "trade" };
}

function namedColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): TradeColumns {
  const names = header.map(plainName);
  const at: Partial<Record<TradeField, number>> = {};
  for (const field of Object.keys(NAMES) as TradeField[]) {
    const found = NAMES[field].map((name) => names.indexOf(name)).find((k) => k >= 0);
    if (found !== undefined) at[field] = found;
  }
  // Some venues have ids that are no numbers: they prove nothing, and trades get ids of ours.
  const ids = rows.map((cells) => cells[at.id ?? -1] ?? "");
  if (ids.length > 0 && !ids.some((id) => numberIn(id) >= 0)) delete at.id;
  return at;
}

function placedColumns(first: readonly string[]): TradeColumns {
  const isTruth = (k: number) => /^(true|false)$/i.test(first[k] ?? "");
  if (isTruth(6) && numberIn(first[5] ?? "") > 0 && !isTruth(5)) return AGG_TRADES;
  return isTruth(5) ? TRADES : {};
}
