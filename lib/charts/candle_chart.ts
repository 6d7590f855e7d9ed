import { type Bar, formatInterval, vwap } from "../market/mod.ts";
import type { ChartSpec, Columns } from "./spec.ts";

/** A chart with its rows. */
export interface Chart {
  /** What to draw. */
  readonly spec: ChartSpec;
  /** The rows it draws. */
  readonly columns: Columns;
}

/** What a candle chart says about its bars. */
export interface CandleChartOptions {
  /** The title, for example the symbol. */
  readonly title: string;
  /** Length of the bars' interval in ms. */
  readonly intervalMs: number;
}

/**
 * Returns a chart of candles with the volume-weighted average price, and of volume below.
 *
 * Incomplete bars are marked. An interval without trades has no bar and stays empty.
 *
 * @example One bar
 * ```ts
 * import { candleChart } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { columns } = candleChart([{
 *   venue: "binance-usdm", symbol: "BTCUSDT", intervalMs: 60_000, openTimeMs: 120_000,
 *   open: 10, high: 12, low: 9, close: 11, volume: 4, quoteVolume: 42, tradeCount: 2,
 *   takerBuyVolume: 1, firstTradeId: 1, lastTradeId: 2, complete: false, revision: 0,
 * }], { title: "BTCUSDT", intervalMs: 60_000 });
 * deepStrictEqual([columns.t, columns.vwap, columns.incomplete], [[120_000], [10.5], [1]]);
 * ```
 *
 * @param bars Bars of one symbol and interval, oldest first.
 * @param options Title and interval.
 * @returns The chart; its columns are those of `barColumns()`.
 */
export function candleChart(bars: readonly Bar[], options: CandleChartOptions): Chart {
  return { spec: candleSpec(options), columns: barColumns(bars) };
}

/**
 * Returns bars as columns.
 *
 * @example No bars
 * ```ts
 * import { barColumns } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(barColumns([]).close, []);
 * ```
 *
 * @param bars Bars of one symbol and interval, oldest first.
 * @returns Columns `open`, `high`, `low`, `close`, `vwap`, `volume` and `incomplete`.
 */
export function barColumns(bars: readonly Bar[]): Columns {
  return {
    t: bars.map((b) => b.openTimeMs),
    open: bars.map((b) => b.open),
    high: bars.map((b) => b.high),
    low: bars.map((b) => b.low),
    close: bars.map((b) => b.close),
    vwap: bars.map(vwap),
    volume: bars.map((b) => b.volume),
    incomplete: bars.map((b) => b.complete ? 0 : 1),
  };
}

/**
 * Returns the specification of a candle chart without its rows.
 *
 * @example Its panels
 * ```ts
 * import { candleSpec } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const spec = candleSpec({ title: "BTCUSDT", intervalMs: 60_000 });
 * deepStrictEqual(spec.panels.map((panel) => panel.key), ["price", "volume"]);
 * ```
 *
 * @param options Title and interval.
 * @returns The specification.
 */
export function candleSpec({ title, intervalMs }: CandleChartOptions): ChartSpec {
  return {
    title,
    subtitle: `${formatInterval(intervalMs)} bars`,
    intervalMs,
    breakAfterMs: null,
    marks: [{ key: "incomplete", label: "incomplete bar", color: "red", tint: true }],
    panels: [
      {
        key: "price",
        label: "Price",
        unit: "",
        height: 260,
        scale: "linear",
        values: "level",
        series: [
          {
            kind: "candles",
            key: "close",
            open: "open",
            high: "high",
            low: "low",
            label: "Close",
            color: "green",
            fallingColor: "red",
          },
          { kind: "line", key: "vwap", label: "VWAP", color: "blue" },
        ],
        rules: [],
        bands: [],
        canLog: true,
      },
      {
        key: "volume",
        label: "Volume",
        unit: "base units per bar",
        height: 70,
        scale: "linear",
        values: "level",
        series: [{ kind: "columns", key: "volume", label: "Volume", color: "grey" }],
        rules: [],
        bands: [],
      },
    ],
  };
}
