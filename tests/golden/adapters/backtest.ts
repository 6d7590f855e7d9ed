import {
  backtest as runBacktest,
  backtestMetrics,
  type FillTime,
  type Sizing,
} from "../../../lib/backtest/mod.ts";
import type { GoldenCase } from "../fixture.ts";
import type { Adapter } from "./adapter.ts";

export const backtest: Adapter = {
  exact: ["n_trades", "max_dd_bars", "entry_bar", "exit_bar", "side", "bars", "position"],
  run(golden) {
    const result = runBacktest(
      {
        y: golden.series("y"),
        x: golden.series("x"),
        yOpen: golden.series("y_open"),
        xOpen: golden.series("x_open"),
        hedgeRatio: golden.series("beta"),
        zScore: golden.series("z"),
      },
      {
        entry: golden.number("entry"),
        exit: golden.number("exit"),
        ...limit(golden, "stop", "stop"),
        ...limit(golden, "max_hold", "maxHoldBars"),
        rearm: golden.param("rearm") as boolean,
        fill: (golden.param("fill") as string).replace("_", "-") as FillTime,
        sizing: golden.param("sizing") as Sizing,
        feeBps: golden.number("cost_bps"),
        grossNotional: golden.number("gross"),
        capital: golden.number("capital"),
        closeAtEnd: golden.param("close_at_end") as boolean,
      },
    );
    const m = backtestMetrics(result, { periodsPerYear: golden.number("periods_per_year") });
    return {
      metrics: {
        total_net: m.totalNet,
        total_gross: m.totalGross,
        total_cost: m.totalCost,
        n_trades: m.tradeCount,
        hit_rate: m.hitRate,
        avg_win: m.averageWin,
        avg_loss: m.averageLoss,
        profit_factor: m.profitFactor,
        sharpe: m.sharpe,
        sortino: m.sortino,
        ann_return: m.annualReturn,
        ann_vol: m.annualVolatility,
        max_dd: m.maxDrawdown,
        max_dd_abs: m.maxDrawdownAmount,
        max_dd_bars: m.longestUnderWaterBars,
        calmar: m.calmar,
        turnover: m.turnover,
        turnover_ann: m.annualTurnover,
        exposure: m.exposure,
        pnl_y: m.legs.y,
        pnl_x: m.legs.x,
        pnl_long: m.sides.long.gross,
        pnl_short: m.sides.short.gross,
        avg_bars: m.averageHeldBars,
      },
      trades: result.trades.map((trade) => ({
        entry_bar: trade.entryBar,
        side: trade.side,
        qy: trade.quantityY,
        qx: trade.quantityX,
        entry_y: trade.entryY,
        entry_x: trade.entryX,
        cost: trade.cost,
        exit_bar: trade.exitBar,
        exit_y: trade.exitY,
        exit_x: trade.exitX,
        gross: trade.gross,
        reason: trade.reason,
        bars: trade.heldBars,
        net: trade.net,
      })),
      position: result.position,
      gross: result.gross,
      cost: result.cost,
      net: result.net,
      equity: result.equity,
      equity_every10: result.equity.filter((_, t) => t % 10 === 0),
    };
  },
};

/** A limit the case may set to `null` for none. */
function limit(golden: GoldenCase, param: string, option: string): Record<string, number> {
  return golden.param(param) === null ? {} : { [option]: golden.number(param) };
}
