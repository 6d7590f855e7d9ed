import { candleChart, type Chart } from "../charts/mod.ts";
import { type Bar, formatInterval, parseInterval, symbolName } from "../market/mod.ts";
import { databaseInUse, readerOf, requireSymbols } from "./database.ts";
import { LiveChart, type LiveRows } from "./live_chart.ts";
import { marked } from "./live_request.ts";

/** One symbol of the database in use. Every call reads what is stored by then. */
export interface CandleView {
  /** The symbol. */
  readonly symbol: string;
  /** The bars, oldest first. */
  bars(): Bar[];
  /** The bars as a chart that stays as it is. */
  chart(): Chart;
  /** The bars as a chart that moves, and in which bars can be selected. */
  live(): LiveRows<Bar>;
}

/**
 * Returns the bars of one symbol of the database in use.
 *
 * @example No bars yet
 * ```ts
 * import { attach, candles } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(db, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 *
 * attach({ db });
 * deepStrictEqual(candles("BTCUSDT").bars(), []);
 * ```
 *
 * @param symbol The symbol.
 * @param options `interval`, a stored interval (default `1m`), and `limit`, at most so many bars,
 *   the newest (default 3,600).
 * @returns The bars.
 * @throws {RangeError} If the interval makes no sense or the database does not hold the symbol.
 */
export function candles(
  symbol: string,
  options: { readonly interval?: string; readonly limit?: number } = {},
): CandleView {
  const { interval = "1m", limit = 3_600 } = options;
  const intervalMs = parseInterval(interval);
  const name = symbolName(symbol);
  const database = databaseInUse();
  requireSymbols(database, name);
  const bars = () => readerOf(database).bars({ symbol: name, intervalMs, limit });
  const chart = () => marked(database, candleChart(bars(), { title: name, intervalMs }));
  return {
    symbol: name,
    bars,
    chart,
    live() {
      const request = { symbol: name, interval: formatInterval(intervalMs), limit };
      return new LiveChart(database, { kind: "bars", ...request }, chart, bars);
    },
  };
}
