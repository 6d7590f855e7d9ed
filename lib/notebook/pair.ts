import { type Chart, pairChart } from "../charts/mod.ts";
import { formatInterval, isSameUnderlying, parseInterval, symbolName } from "../market/mod.ts";
import {
  alignCloses,
  type AlignedRow,
  basisBps,
  type HedgeMethod,
  type PairReading,
  pairReadings,
  type PairVerdict,
  pairVerdict,
  type PriceScale,
} from "../pairs/mod.ts";
import { databaseInUse, readerOf, requireSymbols } from "./database.ts";
import { LiveChart, type LiveRows } from "./live_chart.ts";
import { marked } from "./live_request.ts";

/** How to look at a pair. */
export interface PairViewOptions {
  /** A stored interval. @default {"1m"} */
  readonly interval?: string;
  /** Bars of the rolling statistics. @default {60} */
  readonly window?: number;
  /** How the hedge ratio is found. @default {"rolling-ols"} */
  readonly method?: HedgeMethod;
  /** What the regression sees. @default {"log"} */
  readonly scale?: PriceScale;
  /** At most so many rows, the newest. @default {3600} */
  readonly limit?: number;
}

/** The basis at the close of a bar. */
export interface BasisRow {
  /** Start of the bar, ms since the epoch. */
  readonly openTimeMs: number;
  /** Basis points, as `basisBps()`. */
  readonly basisBps: number | null;
}

/** Two symbols of the database in use, seen as a pair. Every call reads what is stored by then. */
export interface PairView {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** Both closes on one time line, oldest first. */
  rows(): AlignedRow[];
  /** Hedge ratio, spread and z-score of each row, oldest first. */
  readings(): PairReading[];
  /** Whether the legs are cointegrated, in both directions, over the rows. */
  verdict(): PairVerdict;
  /**
   * By how much the dependent leg is dearer than the hedge leg at each row, in basis points, oldest
   * first; `null` where one did not trade in the bar.
   *
   * @throws {RangeError} If the legs are not prices of one asset in one quote, as their names tell.
   */
  basis(): BasisRow[];
  /** The readings as a chart that stays as it is. */
  chart(): Chart;
  /** The readings as a chart that moves, and in which readings can be selected. */
  live(): LiveRows<PairReading>;
}

/**
 * Returns two symbols of the database in use as a pair.
 *
 * @example A pair without bars yet
 * ```ts
 * import { attach, pair } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(db, { identity });
 * for (const symbol of ["ETHUSDT", "BTCUSDT"]) writer.register("binance-usdm", symbol, "aggTrade");
 *
 * attach({ db });
 * deepStrictEqual(pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).readings(), []);
 * ```
 *
 * @param y The dependent leg.
 * @param x The hedge leg.
 * @param options Interval, window, method, scale, number of rows.
 * @returns The pair.
 * @throws {RangeError} If an option is out of range, or the database does not hold a leg.
 */
export function pair(y: string, x: string, options: PairViewOptions = {}): PairView {
  const { interval = "1m", window: windowBars = 60, limit = 3_600 } = options;
  const { method = "rolling-ols", scale = "log" } = options;
  const intervalMs = parseInterval(interval);
  const legs = { y: symbolName(y), x: symbolName(x) };
  const database = databaseInUse();
  requireSymbols(database, legs.y, legs.x);
  const measure = { windowBars, method, scale };

  /** The rows to show, and before them those the first reading depends on. */
  function rows(extra: number): AlignedRow[] {
    const bars = (symbol: string) =>
      readerOf(database).priceBars({ symbol, intervalMs, limit: limit + extra });
    const [ys, xs] = [bars(legs.y), bars(legs.x)];
    const untilMs = Math.max(...[ys, xs].map((leg) => leg.at(-1)?.openTimeMs ?? -Infinity));
    const fromMs = untilMs - (limit + extra) * intervalMs;
    const aligned = alignCloses(ys, xs, { intervalMs, fill: "previous", untilMs });
    return aligned.filter((row) => row.openTimeMs >= fromMs);
  }
  const readings = () => pairReadings(rows(2 * windowBars + 1), measure).slice(-limit);
  const chart = () => marked(database, pairChart(readings(), { ...legs, intervalMs, ...measure }));
  return {
    ...legs,
    rows: () => rows(0),
    readings,
    verdict: () => pairVerdict(rows(0), { scale }),
    basis() {
      if (!isSameUnderlying(legs.y, legs.x)) {
        throw new RangeError(
          `Cannot tell the basis of ${legs.y} and ${legs.x} as they are not prices of one asset in one quote`,
        );
      }
      return rows(0).map((row) => ({ openTimeMs: row.openTimeMs, basisBps: basisBps(row) }));
    },
    chart,
    live() {
      const interval = formatInterval(intervalMs);
      const request = { ...legs, interval, window: windowBars, method, scale, limit };
      return new LiveChart(database, { kind: "pair", ...request }, chart, readings);
    },
  };
}
