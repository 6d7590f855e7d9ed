import type { Trade } from "../market/mod.ts";
import { linesOf } from "./line_splitter.ts";
import type { Row } from "./row.ts";
import { TickParser } from "./tick_parser.ts";
import { type RefusedTrade, type TradeFileReport, TradeTableParser } from "./trade_parser.ts";
import type { TradeFileOptions } from "./trade_rows.ts";

/** How trades stand in a file: as a table, or as lines of JSON. */
export type TradeFormat = "table" | "json lines";

/** The trades of a file, as they come. */
export interface TradeFile extends AsyncIterable<Trade[]> {
  /** What was found so far; final when the last trades have come. */
  readonly report: TradeFileReport;
}

/** How to read a file of trades, and who is told of rows that are not taken. */
export interface ReadTradesOptions extends Omit<TradeFileOptions, "decimalComma"> {
  /** How they stand in it. @default {"table"} */
  readonly format?: TradeFormat;
  /** Told of every row that is not taken. */
  readonly onRefused?: (row: RefusedTrade) => void;
}

/**
 * Reads a file of trades of any size: Binance's aggTrades and trades with or without column names,
 * other tables with a time, a price and a quantity, or ticks as lines of JSON
 * (`{"symbol":"BTCUSDT","ts":1721347020000,"price":64000.1,"size":0.5}`).
 *
 * Rows come in the order of the file; memory does not grow with it. Where a file tells no ids, they
 * are made from the times (see `timeId()`); where it tells no sides, the tick rule does: `report`
 * says how often.
 *
 * @example An archive file without column names, one row without a quantity
 * ```ts
 * import { readTrades } from "tandem/files";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const text = "7,64000.10,0.5,70,71,1721347020000,true\n8,64000.2,0.0,72,72,1721347020100,false\n";
 * const refused: string[] = [];
 * const file = readTrades([new TextEncoder().encode(text)], {
 *   symbol: "BTCUSDT",
 *   onRefused: ({ line, tradeId, reason }) => refused.push(`line ${line}, id ${tradeId}: ${reason}`),
 * });
 * const [trade] = (await Array.fromAsync(file)).flat();
 * deepStrictEqual([trade?.tradeId, trade?.price, trade?.takerSide], [7, 64000.1, "sell"]);
 * deepStrictEqual(refused, ["line 2, id 8: its quantity is no number above 0"]);
 * strictEqual(file.report.streamKind, "aggTrade");
 * ```
 *
 * @param bytes The file's content, not compressed.
 * @param options The format; symbol, zone and kind, where they are known.
 * @returns The trades, in parts. Reading throws {@link FileError} where the file holds no trades.
 * @throws {RangeError} If the zone is not known.
 */
export function readTrades(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadTradesOptions,
): TradeFile {
  return readTradeRows(linesOf(bytes), options);
}

/**
 * Reads trades from rows, in parts, of a file in any form; else the same as `readTrades()`.
 *
 * @example Cells of a file that is no text; the first row names the columns
 * ```ts
 * import { readTradeRows } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * async function* rows() {
 *   yield [["trade_id", "price", "quantity", "time_ms"], [7, 64000.1, 0.5, 1721347020000]];
 * }
 * const [trade] = (await Array.fromAsync(readTradeRows(rows(), { symbol: "BTCUSDT" }))).flat();
 * deepStrictEqual([trade?.tradeId, trade?.price], [7, 64000.1]);
 * ```
 *
 * @param rows Lines, or the cells of rows; an absent cell is `""`.
 * @param options The format; symbol, zone and kind, where they are known.
 * @returns The trades, in parts. Reading throws {@link FileError} where the file holds no trades.
 * @throws {RangeError} If the zone is not known.
 */
export function readTradeRows(
  rows: AsyncIterable<readonly Row[]>,
  options: ReadTradesOptions,
): TradeFile {
  const { format, onRefused, ...rest } = options;
  const parser = format === "json lines"
    ? new TickParser(rest, onRefused)
    : new TradeTableParser(rest, onRefused);
  async function* parts() {
    for await (const part of rows) {
      const trades = parser.push(part);
      if (trades.length > 0) yield trades;
    }
    const trades = parser.end();
    if (trades.length > 0) yield trades;
  }
  return {
    get report() {
      return parser.report;
    },
    [Symbol.asyncIterator]: () => parts(),
  };
}
