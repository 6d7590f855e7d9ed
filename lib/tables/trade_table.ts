import {
  CodedText,
  type ParquetField,
  type StoreReader,
  TRADE_FIELDS,
  tradeFields,
} from "../store/mod.ts";
import { markedAs } from "./marked_table.ts";
import type { Rows, Table } from "./table.ts";

/** Trades read at a time: few enough that whatever else goes on is not held up. */
const PAGE = 25_000;

const FIELDS: readonly ParquetField[] = [
  { name: "venue", type: "string" },
  { name: "symbol", type: "string" },
  ...TRADE_FIELDS,
];

/** Which trades to write. */
export interface TradeTableOptions {
  /** The symbols, in the order of the table. */
  readonly symbols: readonly string[];
  /** First trade time, ms since the epoch. @default {the oldest} */
  readonly fromMs?: number | null;
  /** End of the range, exclusive. @default {after the newest} */
  readonly toMs?: number | null;
}

/**
 * Returns the trades of symbols, in id order, with the columns of `v_trades`.
 *
 * @example What an empty database gives
 * ```ts
 * import { tradeTable } from "tandem/tables";
 * import { openReader, openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * using reader = openReader(path);
 * deepStrictEqual([...tradeTable(reader, { symbols: ["BTCUSDT"] }).rows()], []);
 * ```
 *
 * @param reader The database.
 * @param options Symbols and range.
 * @returns The table.
 */
export function tradeTable(reader: StoreReader, options: TradeTableOptions): Table {
  const { symbols, fromMs = null, toMs = null } = options;
  function* rows(): Generator<Rows> {
    const venues = new Map(reader.symbols().map((s) => [s.symbol, s.venue]));
    for (const symbol of symbols) {
      const venue = venues.get(symbol) ?? "";
      for (let fromId = 0;;) {
        const page = reader.tradeColumns({
          ...{ symbol, fromId, limit: PAGE },
          ...(fromMs === null ? {} : { fromMs }),
          ...(toMs === null ? {} : { toMs }),
        });
        const { length } = page;
        if (length > 0) {
          yield {
            length,
            atMs: page.timeMs[length - 1]!,
            columns: {
              venue: CodedText.same(venue, length),
              symbol: CodedText.same(symbol, length),
              ...tradeFields(page),
            },
          };
        }
        if (length < PAGE) break;
        fromId = page.tradeId[length - 1]! + 1;
      }
    }
  }
  return markedAs(reader, { fields: FIELDS, rows });
}
