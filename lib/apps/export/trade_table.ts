import { type ParquetField, type StoreReader, TRADE_SOURCES } from "../../store/mod.ts";
import type { Rows, Table } from "./table.ts";

/** Trades read at a time. */
const PAGE = 50_000;

const FIELDS: readonly ParquetField[] = [
  { name: "venue", type: "string" },
  { name: "symbol", type: "string" },
  { name: "trade_id", type: "int64" },
  { name: "time_ms", type: "int64" },
  { name: "price", type: "double" },
  { name: "quantity", type: "double" },
  { name: "taker_side", type: "string" },
  { name: "source", type: "string" },
];

/** Which rows to write. */
export interface Span {
  readonly symbols: readonly string[];
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** The trades of symbols, in id order, as `v_trades` names them. */
export function tradeTable(
  reader: StoreReader,
  { symbols, fromMs, toMs }: Span,
  onTime: (timeMs: number) => void,
): Table {
  const venues = new Map(reader.symbols().map((s) => [s.symbol, s.venue]));
  function* rows(): Generator<Rows> {
    for (const symbol of symbols) {
      const venue = venues.get(symbol)!;
      for (let fromId = 0;;) {
        const page = reader.tradeColumns({
          ...{ symbol, fromId, limit: PAGE },
          ...(fromMs === null ? {} : { fromMs }),
          ...(toMs === null ? {} : { toMs }),
        });
        const { length, takerBought, source } = page;
        if (length > 0) {
          yield {
            length,
            columns: {
              venue: new Array<string>(length).fill(venue),
              symbol: new Array<string>(length).fill(symbol),
              trade_id: page.tradeId,
              time_ms: page.timeMs,
              price: page.price,
              quantity: page.quantity,
              taker_side: Array.from(takerBought, (bought) => bought === 1 ? "buy" : "sell"),
              source: Array.from(source, (k) => TRADE_SOURCES[k]!),
            },
          };
          onTime(page.timeMs[length - 1]!);
        }
        if (length < PAGE) break;
        fromId = page.tradeId[length - 1]! + 1;
      }
    }
  }
  return { fields: FIELDS, rows };
}
