import type { RankedRow, ScreenReport } from "../universe/mod.ts";
import { type Column, columnsOf, recordTable, type Table } from "./table.ts";

const COLUMNS: readonly Column<RankedRow>[] = [
  ...columnsOf<RankedRow>("string", ["y", "x"]),
  ...columnsOf<RankedRow>("double", [
    ...["hedgeRatio", "intercept", "statistic", "reverseStatistic", "pValue"] as const,
    ...["benjaminiHochberg", "benjaminiYekutieli"] as const,
  ], true),
  ...columnsOf<RankedRow>("boolean", ["isDiscovery", "isDiscoveryByAnyDependence"]),
  ...columnsOf<RankedRow>("int64", ["lag", "reverseLag"], true),
  ...columnsOf<RankedRow>("double", [
    ...["halfLifeBars", "rSquared", "returnCorrelation", "lagOneCorrelation"] as const,
  ], true),
  ...columnsOf<RankedRow>("double", ["staleShare"]),
  ...columnsOf<RankedRow>("boolean", ["collinear", "sameAsset"]),
  ...columnsOf<RankedRow>("double", ["basisBps"], true),
  ...columnsOf<RankedRow>("string", ["holdOut", "reason"], true),
];

/**
 * Returns the rows of a screen in its order, each with the window it was found in, so that several
 * screens can be put below each other.
 *
 * @example A screen of nothing
 * ```ts
 * import { screenTable } from "tandem/tables";
 * import { Screener } from "tandem/universe";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const screener = new Screener({ intervalMs: 60_000, windowBars: 60 });
 * const table = screenTable(screener.screen());
 * deepStrictEqual(table.fields.slice(0, 5).map(({ name }) => name), [
 *   "interval_ms", "window_bars", "open_time_ms", "y", "x",
 * ]);
 * deepStrictEqual([...table.rows()], []);
 * ```
 *
 * @param report What `Screener.screen()` answered.
 * @returns The table; absent numbers are `null`.
 */
export function screenTable(report: ScreenReport): Table {
  const { intervalMs, windowBars, openTimeMs, rows } = report;
  return recordTable<RankedRow>([
    { name: "interval_ms", type: "int64", value: () => intervalMs },
    { name: "window_bars", type: "int64", value: () => windowBars },
    { name: "open_time_ms", type: "int64", nullable: true, value: () => openTimeMs },
    ...COLUMNS,
  ], rows);
}
