import type { BacktestMetrics, SweepResult, WalkForward } from "../../backtest/mod.ts";
import { formatInterval } from "../../market/mod.ts";
import type { BacktestProgramOptions } from "../backtest.ts";
import { fundingLines } from "./funding.ts";
import { slippageText, spreadLines } from "./spreads.ts";
import type { BacktestReport } from "./run_backtest.ts";

/** A backtest for a person: what was traded, what it brought, what speaks against it. */
export function backtestText(report: BacktestReport, options: BacktestProgramOptions): string {
  const { y, x, intervalMs, rows, options: pair, metrics } = report;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
  const limits = [
    `in at ${pair.entry}, out at ${pair.exit}`,
    ...pair.stop === undefined ? [] : [`stop at ${pair.stop}`],
    ...pair.maxHoldBars === undefined ? [] : [`at most ${pair.maxHoldBars} bars`],
  ];
  return [
    `${y} and ${x}, ${rows} bars of ${formatInterval(intervalMs)}, ` +
    `${time(report.fromMs)} to ${time(report.toMs)} UTC`,
    (report.walk !== null
      ? `walked forward over ${report.walk.folds.length} choices`
      : `window ${pair.windowBars}, ${limits.join(", ")}`) +
    `; filled at the ${pair.fill}, ${pair.feeBps} bps fee and ${
      slippageText(pair.slippageBps, report.recordedSlippage)
    } per leg and fill`,
    ...spreadLines(report.recordedSlippage, options),
    ...fundingLines(report.funding, options),
    ...quality(report),
    "",
    ...columns(measures(metrics)),
    ...report.sweep === null ? [] : ["", ...sweepLines(report.sweep)],
    ...report.walk === null ? [] : ["", ...walkLines(report.walk, report.times)],
    ...options.trades ? ["", ...tradeLines(report)] : [],
  ].join("\n");
}

function quality({ staleShare, incompleteShare }: BacktestReport): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
  return [
    ...staleShare > 0
      ? [`In ${percent(staleShare)} of the bars a leg did not trade: nothing was done there.`]
      : [],
    ...incompleteShare > 0
      ? [`${percent(incompleteShare)} of the bars are not proven complete.`]
      : [],
  ];
}

function measures(m: BacktestMetrics): [name: string, value: string][] {
  const absent = m.reason === null ? "" : ` (${m.reason})`;
  return [
    ["net", money(m.totalNet)],
    ["gross", money(m.totalGross)],
    ["costs", money(m.totalCost)],
    ["round trips", String(m.tradeCount) + absent],
    ["hit rate", share(m.hitRate)],
    ["profit factor", number(m.profitFactor)],
    ["Sharpe ratio", number(m.sharpe)],
    ["for autocorrelation", number(m.sharpeLo)],
    ["Sortino ratio", number(m.sortino)],
    ["largest drawdown", `${money(m.maxDrawdownAmount)} (${share(m.maxDrawdown)})`],
    ["longest under water", `${m.longestUnderWaterBars} bars`],
    ["time in the market", share(m.exposure)],
    ["turnover", `${number(m.turnover)} times the capital`],
    ["mean bars held", number(m.averageHeldBars)],
    ["gross of y and x", `${money(m.legs.y)}, ${money(m.legs.x)}`],
    ["bought, sold", `${money(m.sides.long.net)}, ${money(m.sides.short.net)} net`],
    [
      "by exit",
      Object.entries(m.reasons).filter(([, { trades }]) => trades > 0)
        .map(([reason, { trades, net }]) => `${reason} ${trades}: ${money(net)}`).join(", ") || "-",
    ],
  ];
}

/** The best exit of every entry and window: a sweep as a table. */
function sweepLines(sweep: SweepResult): string[] {
  const { cells, best, overfitting } = sweep;
  const entries = [...new Set(cells.map(({ entry }) => entry))];
  const windows = [...new Set(cells.map(({ windowBars }) => windowBars))];
  const rows = windows.map((windowBars) => [
    String(windowBars),
    ...entries.map((entry) => {
      const ratios = cells.filter((cell) => cell.entry === entry && cell.windowBars === windowBars)
        .map(({ sharpe }) => sharpe ?? -Infinity);
      return number(Math.max(...ratios));
    }),
  ]);
  return [
    `Sharpe ratios of ${cells.length} cells, of each window (down) and entry (across) the best exit:`,
    ...table([["", ...entries.map(String)], ...rows]),
    best === null
      ? `No best cell: ${sweep.reason}.`
      : `The best, above: in at ${best.entry}, out at ${best.exit}, window ${best.windowBars}: ` +
        `Sharpe ratio ${number(best.sharpe)} over ${sweep.nobs} bars.`,
    `${cells.length} trials without skill would find ${
      number(sweep.luckySharpe)
    }; deflated Sharpe ` +
    `ratio ${share(sweep.deflatedSharpe)}; probability of backtest overfitting ${
      share(overfitting.probability)
    } (${overfitting.splits} splits).`,
  ];
}

function walkLines({ folds }: WalkForward, times: readonly number[]): string[] {
  const rows = folds.map(({ testBar, chosen, trainSharpe, testNet, testTrades }) => [
    new Date(times[testBar]!).toISOString().slice(0, 16).replace("T", " "),
    chosen === null ? "nothing" : `${chosen.entry} / ${chosen.exit} / ${chosen.windowBars}`,
    number(trainSharpe),
    money(testNet),
    String(testTrades),
  ]);
  return table([["from", "entry / exit / window", "Sharpe before", "net after", "trips"], ...rows]);
}

function tradeLines({ result, times }: BacktestReport): string[] {
  const time = (bar: number) => new Date(times[bar]!).toISOString().slice(0, 16).replace("T", " ");
  const rows = result.trades.map((trade) => [
    time(trade.entryBar),
    time(trade.exitBar),
    trade.side === 1 ? "bought" : "sold",
    trade.quantityY.toPrecision(5),
    trade.quantityX.toPrecision(5),
    trade.reason,
    money(trade.gross),
    money(trade.cost),
    money(trade.net),
  ]);
  return table([
    ["in", "out", "side", "quantity y", "quantity x", "why out", "gross", "cost", "net"],
    ...rows,
  ]);
}

/** Names and values, one pair a line. */
function columns(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function table(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0]!.map((_, k) => Math.max(...lines.map((line) => line[k]!.length)));
  return lines.map((line) => line.map((cell, k) => cell.padStart(widths[k]!)).join("  "));
}

function money(value: number): string {
  return (value === 0 ? 0 : value).toFixed(2);
}

function number(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "-" : value.toFixed(2);
}

function share(value: number | null): string {
  return value === null ? "-" : `${(100 * value).toFixed(1)} %`;
}
