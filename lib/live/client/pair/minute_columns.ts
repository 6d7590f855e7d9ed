/// <reference lib="dom" />
import { formatFixed, formatTime, formatValue } from "../../../charts/mod.ts";
import type { MinuteRow } from "../../minute_rows.ts";
import type { TableColumn } from "../data_table.ts";
import { clock } from "../preferences.ts";

const MINUTE_MS = 60_000;

type Numbers = { [K in keyof MinuteRow]: MinuteRow[K] extends number | null ? K : never }[
  keyof MinuteRow
];

function figure(
  key: Numbers,
  label: string,
  title: string,
  digits?: number,
): TableColumn<MinuteRow> {
  return {
    ...{ key, label, title, descends: true },
    value: (row) => row[key],
    cell: (row) => digits === undefined ? formatValue(row[key]) : formatFixed(row[key], digits),
  };
}

/** The columns of the statistics per minute. */
export const MINUTE_COLUMNS: readonly TableColumn<MinuteRow>[] = [
  {
    ...{ key: "time", label: "Minute", title: "Start of the minute", descends: true },
    value: (row) => row.openTimeMs,
    cell: (row) => formatTime(row.openTimeMs, MINUTE_MS, clock.zone),
  },
  figure("yClose", "y close", "Close of the dependent leg"),
  figure("xClose", "x close", "Close of the hedge leg"),
  figure("yReturnBps", "y bp", "Change of y since the minute before, basis points", 1),
  figure("xReturnBps", "x bp", "Change of x since the minute before, basis points", 1),
  figure("yRangeBps", "y range", "High less low of y, basis points of its open", 1),
  figure("xRangeBps", "x range", "High less low of x, basis points of its open", 1),
  figure("yQuoteVolume", "y volume", "Volume of y in quote units"),
  figure("xQuoteVolume", "x volume", "Volume of x in quote units"),
  figure("yTrades", "y trades", "Trades of y"),
  figure("xTrades", "x trades", "Trades of x"),
  figure("yTakerBuyShare", "y taker buys", "Share of the volume of y that takers bought", 2),
  figure("xTakerBuyShare", "x taker buys", "Share of the volume of x that takers bought", 2),
  figure("hedgeRatio", "Hedge ratio", "Hedge ratio known before the minute", 4),
  figure("spread", "Spread", "Spread by that ratio"),
  figure("zScore", "z", "z-score of the spread", 2),
  figure("correlation", "Corr.", "Correlation of one-minute returns", 2),
  figure("halfLifeBars", "Half-life", "Half-life of the spread, minutes", 1),
  {
    ...{ key: "marks", label: "Marks", title: "What to know about the minute" },
    value: (row) => Number(row.stale) + 2 * Number(!row.complete),
    cell: (row) =>
      [row.stale ? "carried forward" : "", row.complete ? "" : "incomplete"].filter(Boolean)
        .join(", "),
  },
];
