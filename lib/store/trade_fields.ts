import { CodedText } from "./parquet/coded_text.ts";
import type { ParquetField, ParquetInput } from "./parquet/parquet_field.ts";
import { TAKER_SIDES, TRADE_SOURCES, type TradeColumns } from "./trade_columns.ts";

/** The columns of trades of one symbol in a file, named as in `v_trades`. */
export const TRADE_FIELDS: readonly ParquetField[] = [
  { name: "trade_id", type: "int64" },
  { name: "time_ms", type: "int64" },
  { name: "price", type: "double" },
  { name: "quantity", type: "double" },
  { name: "taker_side", type: "string" },
  { name: "source", type: "string" },
];

/**
 * Returns trades as the columns that `TRADE_FIELDS` names; nothing is copied.
 *
 * @example One trade
 * ```ts
 * import { CodedText, tradeFields } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const fields = tradeFields({
 *   ...{ length: 1, tradeId: Float64Array.of(7), timeMs: Float64Array.of(0) },
 *   ...{ price: Float64Array.of(2.5), quantity: Float64Array.of(1) },
 *   ...{ takerBought: Uint8Array.of(1), source: Uint8Array.of(1) },
 * });
 * deepStrictEqual(fields.taker_side, new CodedText(["sell", "buy"], Uint8Array.of(1)));
 * ```
 *
 * @param trades The trades.
 * @returns The columns by name.
 */
export function tradeFields(trades: TradeColumns): Readonly<Record<string, ParquetInput>> {
  return {
    trade_id: trades.tradeId,
    time_ms: trades.timeMs,
    price: trades.price,
    quantity: trades.quantity,
    taker_side: new CodedText(TAKER_SIDES, trades.takerBought),
    source: new CodedText(TRADE_SOURCES, trades.source),
  };
}
