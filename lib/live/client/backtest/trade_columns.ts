/// <reference lib="dom" />
import { formatTime } from "../../../charts/mod.ts";
import type { TradeAnswer } from "../../backtest_answer.ts";
import type { TableColumn } from "../data_table.ts";
import { clock } from "../preferences.ts";
import { money } from "./metric_tiles.ts";

const time = (ms: number) => formatTime(ms, 1_000, clock.zone);
const REASONS: Readonly<Record<string, string>> = {
  exit: "came back",
  stop: "stopped",
  time: "held too long",
  end: "end of the bars",
};

/** The columns of the table of round trips. */
export const TRADE_COLUMNS: readonly TableColumn<TradeAnswer>[] = [
  {
    ...{ key: "entry", label: "Entered", title: "Bar of the fill", descends: true },
    value: (trade) => trade.entryTimeMs,
    cell: (trade) => time(trade.entryTimeMs),
  },
  {
    ...{ key: "side", label: "Spread", title: "Bought: y long, x short" },
    isText: true,
    value: (trade) => trade.side,
    cell: (trade) => trade.side > 0 ? "bought" : "sold",
  },
  {
    ...{ key: "exit", label: "Left", title: "Bar of the fill", descends: true },
    value: (trade) => trade.exitTimeMs,
    cell: (trade) => time(trade.exitTimeMs),
  },
  {
    ...{ key: "held", label: "Bars", title: "From fill to fill", descends: true },
    value: (trade) => trade.heldBars,
    cell: (trade) => String(trade.heldBars),
  },
  {
    ...{ key: "why", label: "Why", title: "Why it was left" },
    isText: true,
    value: (trade) => trade.reason,
    cell: (trade) => REASONS[trade.reason] ?? trade.reason,
  },
  {
    ...{ key: "gross", label: "Gross", title: "What prices brought", descends: true },
    value: (trade) => trade.gross,
    cell: (trade) => money(trade.gross),
  },
  {
    ...{ key: "cost", label: "Costs", title: "Fees, slippage and funding", descends: true },
    value: (trade) => trade.cost,
    cell: (trade) => money(trade.cost),
  },
  {
    ...{ key: "net", label: "Net", title: "Gross less costs", descends: true },
    value: (trade) => trade.net,
    cell: (trade) => ({ text: money(trade.net), mark: trade.net < 0 ? "bad" : "good" }),
  },
];
