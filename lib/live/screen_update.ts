import type { RankedRow, ScreenReport } from "../universe/mod.ts";
import type { WarmUp } from "./live_screen.ts";
import type { ScreenUpdate } from "./protocol.ts";

/** Digits of a number that is sent again on every bar. */
const DIGITS = 6;

/** A report as it is sent on every bar: rows by column, six digits, no list of the symbols. */
export function screenUpdate(report: ScreenReport, warmUp: WarmUp | null): ScreenUpdate {
  const { rows, symbols: _, ...rest } = report;
  return { ...rest, rows: columnsOf(rows), warmUp };
}

function columnsOf(rows: readonly RankedRow[]): ScreenUpdate["rows"] {
  const keys = Object.keys(KEYS) as (keyof RankedRow)[];
  const columns = keys.map((key) => [key, rows.map((row) => shorten(row[key]))]);
  return Object.fromEntries(columns);
}

function shorten(value: RankedRow[keyof RankedRow]): RankedRow[keyof RankedRow] {
  return typeof value === "number" ? Number(value.toPrecision(DIGITS)) : value;
}

/** Every column, also of a table without rows. */
const KEYS: Readonly<Record<keyof RankedRow, true>> = {
  y: true,
  x: true,
  statistic: true,
  reverseStatistic: true,
  lag: true,
  reverseLag: true,
  pValue: true,
  benjaminiHochberg: true,
  benjaminiYekutieli: true,
  isDiscovery: true,
  isDiscoveryByAnyDependence: true,
  hedgeRatio: true,
  intercept: true,
  rSquared: true,
  halfLifeBars: true,
  returnCorrelation: true,
  lagOneCorrelation: true,
  staleShare: true,
  collinear: true,
  sameAsset: true,
  basisBps: true,
  reason: true,
  holdOut: true,
};
