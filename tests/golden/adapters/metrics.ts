import { performanceMetrics } from "../../../lib/stats/mod.ts";
import type { Adapter } from "./adapter.ts";

export const metrics: Adapter = {
  run(golden) {
    const measured = performanceMetrics(golden.series("r"), {
      periodsPerYear: golden.number("periods_per_year"),
      ...(golden.has("lo_q") ? { loPeriods: golden.number("lo_q") } : {}),
    });
    return {
      sharpe: measured.sharpe,
      sharpe_lo: measured.sharpeLo,
      sortino: measured.sortino,
      ann_vol: measured.annualVolatility,
      ann_return_arith: measured.annualReturn,
      cagr: measured.annualGrowth,
      total_return: measured.totalReturn,
      max_dd: measured.maxDrawdown,
      calmar: measured.calmar,
      ulcer: measured.ulcer,
      var95: measured.valueAtRisk,
      es95: measured.expectedShortfall,
      kelly: measured.kelly,
      hit_rate: measured.hitRate,
      skew: measured.skewness,
      exkurt: measured.excessKurtosis,
    };
  },
};
