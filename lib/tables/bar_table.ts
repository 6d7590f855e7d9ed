import { type Bar, vwap } from "../market/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import { barsFrom } from "./bars_from.ts";
import { markedAs } from "./marked_table.ts";
import { type Column, columnsOf, pagedTable, type Table } from "./table.ts";

/** Which bars to write. */
export interface BarTableOptions {
  /** The symbols, in the order of the table. */
  readonly symbols: readonly string[];
  /** Length of the bars in ms; those that are not stored are merged from shorter ones. */
  readonly intervalMs: number;
  /** First open time, ms since the epoch. @default {the oldest} */
  readonly fromMs?: number | null;
  /** End of the range, exclusive. @default {after the newest} */
  readonly toMs?: number | null;
}

const COLUMNS: readonly Column<Bar>[] = [
  ...columnsOf<Bar>("string", ["venue", "symbol"]),
  ...columnsOf<Bar>("int64", ["intervalMs", "openTimeMs"]),
  ...columnsOf<Bar>("double", ["open", "high", "low", "close", "volume"]),
  ...columnsOf<Bar>("double", ["quoteVolume"], true),
  ...columnsOf<Bar>("int64", ["tradeCount"], true),
  ...columnsOf<Bar>("double", ["takerBuyVolume"], true),
  { name: "vwap", type: "double", nullable: true, value: vwap },
  ...columnsOf<Bar>("int64", ["firstTradeId", "lastTradeId"], true),
  { name: "complete", type: "int64", value: (bar) => bar.complete ? 1 : 0 },
  ...columnsOf<Bar>("int64", ["revision"]),
];

/**
 * Returns the bars of symbols, oldest first, with the columns of `v_bars`.
 *
 * @example What an empty database gives
 * ```ts
 * import { barTable } from "tandem/tables";
 * import { openReader, openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * using reader = openReader(path);
 * const table = barTable(reader, { symbols: [], intervalMs: 60_000 });
 * deepStrictEqual(table.fields.map(({ name }) => name).slice(0, 4), [
 *   "venue", "symbol", "interval_ms", "open_time_ms",
 * ]);
 * deepStrictEqual([...table.rows()], []);
 * ```
 *
 * @param reader The database.
 * @param options Symbols, interval and range.
 * @returns The table; its rows throw `RangeError` where a symbol has no bars the interval can be
 *   made of.
 */
export function barTable(reader: StoreReader, options: BarTableOptions): Table {
  const { symbols, intervalMs, fromMs = null, toMs = null } = options;
  const table = pagedTable(
    COLUMNS,
    function* () {
      for (const symbol of symbols) yield* barsFrom(reader, { symbol, intervalMs, fromMs, toMs });
    },
    (bar) => bar.openTimeMs,
  );
  return markedAs(reader, table);
}
