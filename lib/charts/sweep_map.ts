import * as Plot from "@observablehq/plot";
import type { SweepCell, SweepResult } from "../backtest/mod.ts";
import type { PanelPlotOptions } from "./panel_plot.ts";
import { FONT_STACK, LIGHT, type Theme } from "./theme.ts";

/** A sweep as a heat map: plain JSON. */
export interface SweepMap {
  /** The best cell and what speaks against it, never one without the other. */
  readonly title: string;
  /** A second line: what luck would have found, and how much of the choice was luck. */
  readonly subtitle: string;
  /** The cells, each at its entry and exit in the map of its window. */
  readonly cells: readonly SweepCell[];
  /** The best of them, or `null`. */
  readonly best: SweepCell | null;
}

/**
 * Returns a sweep as a heat map of Sharpe ratios, one map of entry and exit per window.
 *
 * @example What it says of luck
 * ```ts
 * import { sweepBacktest } from "tandem/backtest";
 * import { sweepMap } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 300 }, (_, row) => {
 *   const x = 100 + 10 * Math.sin(row / 37);
 *   const y = 2 * x + Math.sin(row / 5) * (1 + row % 3);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const grid = { entries: [1, 1.5], exits: [0], windows: [20] };
 * const map = sweepMap(sweepBacktest(rows, grid, { periodsPerYear: 525_600, blocks: 4 }));
 * ok(/deflated Sharpe ratio .*overfitting/.test(map.subtitle));
 * ```
 *
 * @param sweep What a sweep found.
 * @returns The map.
 */
export function sweepMap(sweep: SweepResult): SweepMap {
  const { best, cells, luckySharpe, deflatedSharpe, overfitting } = sweep;
  const percent = (share: number | null) => share === null ? "-" : `${Math.round(100 * share)} %`;
  return {
    title: best === null
      ? `No best cell: ${sweep.reason}`
      : `Best of ${cells.length}: Sharpe ratio ${fixed(best.sharpe)} at entry ${best.entry}, ` +
        `exit ${best.exit}, window ${best.windowBars}`,
    subtitle: `luck alone would find ${fixed(luckySharpe)}; deflated Sharpe ratio ` +
      `${percent(deflatedSharpe)}; probability of overfitting ${percent(overfitting.probability)}`,
    cells,
    best,
  };
}

/**
 * Returns what Observable Plot takes to draw a heat map; give it a `document` where there is none.
 *
 * @example With the document of a kernel
 * ```ts
 * import { plotDocument, sweepPlot } from "tandem/charts";
 * import * as Plot from "@observablehq/plot";
 * import { ok } from "node:assert/strict";
 *
 * const cell = { entry: 2, exit: 0, windowBars: 60, sharpe: 1.5, totalNet: 10, tradeCount: 3 };
 * const map = { title: "One cell", subtitle: "of one", cells: [cell], best: cell };
 * const document = await plotDocument();
 * ok(Plot.plot({ ...sweepPlot(map), document }).outerHTML.includes("1.5"));
 * ```
 *
 * @param map The map.
 * @param options Outer width in CSS pixels (default 720) and colours (default `LIGHT`).
 * @returns Options for `Plot.plot()`.
 */
export function sweepPlot(
  map: SweepMap,
  options: { readonly width?: number; readonly theme?: Theme } = {},
): PanelPlotOptions {
  const { width = 720, theme = LIGHT } = options;
  const values = map.cells.map(({ sharpe }) => sharpe).filter((value) => value !== null);
  const most = Math.max(1e-9, ...values.map(Math.abs));
  const entries = new Set(map.cells.map(({ entry }) => entry)).size;
  const columns = new Set(map.cells.map(({ exit, windowBars }) => `${exit} ${windowBars}`)).size;
  const isRoomy = width / columns > 34;
  const place = { x: "exit", y: "entry", fx: "windowBars" };
  return {
    width,
    height: Math.min(640, 120 + 26 * entries),
    marginLeft: 56,
    marginTop: 48,
    marginBottom: 44,
    style: {
      background: theme.surface,
      color: theme.text,
      fontFamily: FONT_STACK,
      fontSize: "11px",
    },
    title: map.title,
    subtitle: map.subtitle,
    x: { type: "band", label: "exit", labelOffset: 38, tickSize: 0 },
    y: { type: "band", label: "entry", reverse: true, tickSize: 0 },
    fx: { label: "window, bars", labelOffset: 42 },
    color: {
      type: "diverging",
      domain: [-most, most],
      range: [theme.color.red, theme.surface, theme.color.blue],
      unknown: theme.grid,
    },
    marks: [
      Plot.cell(map.cells, { ...place, fill: "sharpe", inset: 0.5 }),
      ...isRoomy
        ? [
          Plot.text(map.cells, {
            ...place,
            text: ({ sharpe }: SweepCell) => fixed(sharpe),
            // the strongest colours are dark
            fill: ({ sharpe }: SweepCell) =>
              Math.abs(sharpe ?? 0) > 0.6 * most ? theme.surface : theme.text,
          }),
        ]
        : [],
      ...map.best === null
        ? []
        : [Plot.cell([map.best], { ...place, stroke: theme.text, strokeWidth: 2.5, inset: 1 })],
    ],
  };
}

function fixed(value: number | null): string {
  if (value === null) return "-";
  return value.toFixed(Math.abs(value) < 10 ? 1 : 0);
}
