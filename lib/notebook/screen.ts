import { parseInterval } from "../market/mod.ts";
import { LiveScreen } from "../live/mod.ts";
import type { ScreenMatrix, ScreenOptions, ScreenReport } from "../universe/mod.ts";
import { databaseInUse, readerOf } from "./database.ts";

/** How to look at all symbols: the window, and what `Universe.screen()` takes. */
export interface ScreenViewOptions extends ScreenOptions {
  /** A stored interval. @default {"1m"} */
  readonly interval?: string;
  /** Bars in the window. @default {1440} */
  readonly window?: number;
}

/** One cell of a heat map; each pair has two. Absent numbers are `null`. */
export interface MatrixCell {
  /** The symbol of the column. */
  readonly x: string;
  /** The symbol of the row. */
  readonly y: string;
  /** Correlation of the log returns of one bar. */
  readonly correlation: number | null;
  /** Twice the smaller p-value of the two directions, not corrected. */
  readonly pValue: number | null;
}

/** Every pair of the database in use. Every call reads what is stored by then. */
export interface ScreenView {
  /** The ranking, how much to trust it, and what became of earlier discoveries. */
  report(options?: ScreenOptions): ScreenReport;
  /** The cells of a heat map, symbols that move alike beside each other. */
  cells(): MatrixCell[];
  /** The symbols in the order of the heat map. */
  order(): readonly string[];
}

/**
 * Returns every pair of the symbols of the database in use, tested for cointegration over the newest
 * window, and the discoveries of the window before tested again on it.
 *
 * @example A database without bars
 * ```ts
 * import { attach, screen } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(db, { identity });
 *
 * attach({ db });
 * strictEqual(screen({ interval: "1s", window: 60 }).report().reason, "no symbols");
 * ```
 *
 * @param options Interval, window, level, lags, filters.
 * @returns The screen.
 * @throws {RangeError} If an option is out of range.
 */
export function screen(options: ScreenViewOptions = {}): ScreenView {
  const { interval = "1m", window: windowBars = 1_440, ...screening } = options;
  const { maxStaleShare = 0.05 } = screening.symbols ?? {};
  const live = new LiveScreen(
    readerOf(databaseInUse()),
    { intervalMs: parseInterval(interval), windowBars, maxStaleShare },
    screening,
  );
  const screener = () => {
    live.warm(() => true);
    live.poll(performance.now());
    return live.screener;
  };
  return {
    report: (more = {}) => screener().screen({ ...screening, ...more }),
    cells: () => cellsOf(screener().matrix(screening)),
    order: () => screener().matrix(screening).symbols,
  };
}

function cellsOf({ symbols, correlation, pValue }: ScreenMatrix): MatrixCell[] {
  const number = (value: number) => Number.isNaN(value) ? null : value;
  const cells: MatrixCell[] = [];
  let at = 0;
  symbols.forEach((y, i) => {
    for (const x of symbols.slice(0, i)) {
      const values = { correlation: number(correlation[at]!), pValue: number(pValue[at]!) };
      cells.push({ x, y, ...values }, { x: y, y: x, ...values });
      at++;
    }
  });
  return cells;
}
