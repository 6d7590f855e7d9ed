import { formatInterval } from "../../market/mod.ts";
import type { RankedRow, ScreenReport } from "../../universe/mod.ts";
import { counted } from "../counted.ts";

const COLUMNS: readonly (readonly [title: string, text: (row: RankedRow) => string])[] = [
  ["y", (row) => row.y],
  ["x", (row) => row.x],
  ["hedge ratio", (row) => digits(row.hedgeRatio, 4)],
  ["t", (row) => fixed(row.statistic, 2)],
  ["lags", (row) => row.lag === null ? "-" : String(row.lag)],
  ["p", (row) => digits(row.pValue, 2)],
  ["BH", (row) => digits(row.benjaminiHochberg, 2) + (row.isDiscovery ? "*" : " ")],
  ["BY", (row) => digits(row.benjaminiYekutieli, 2) + (row.isDiscoveryByAnyDependence ? "*" : " ")],
  ["half-life", (row) => fixed(row.halfLifeBars, 1)],
  ["R2", (row) => fixed(row.rSquared, 3)],
  ["corr", (row) => fixed(row.returnCorrelation, 3)],
  ["basis bps", (row) => fixed(row.basisBps, 2)],
  ["stale", (row) => `${(100 * row.staleShare).toFixed(1)}%`],
  ["next window", (row) => row.holdOut ?? (row.reason === null ? "-" : row.reason)],
];

/** A screen for a person: what was found, how much to trust it, the first rows. */
export function screenText(report: ScreenReport): string {
  const { openTimeMs, intervalMs, windowBars } = report;
  const at = openTimeMs === null ? "no bars" : `up to ${new Date(openTimeMs).toISOString()}`;
  const left = report.symbols.filter(({ reason }) => reason !== null);
  const shown = left.slice(0, 8).map(({ symbol, reason }) => `${symbol} (${reason})`);
  return [
    `${windowBars} bars of ${formatInterval(intervalMs)}, ${at}`,
    report.summary,
    ...report.caveats.map((caveat) => `Mind that ${caveat}.`),
    ...report.wrappers > 0
      ? [
        `${counted(report.wrappers, "pair")} of contracts on one asset ${
          report.wrappers === 1 ? "was" : "were"
        } not tested.`,
      ]
      : [],
    ...report.collinear > 0
      ? [
        `${counted(report.collinear, "pair")} ${
          report.collinear === 1 ? "is" : "are"
        } one instrument.`,
      ]
      : [],
    ...left.length > 0
      ? [
        `Not tested: ${shown.join(", ")}${
          left.length > shown.length ? ` and ${left.length - shown.length} more` : ""
        }.`,
      ]
      : [],
    "",
    ...report.rows.length === 0
      ? [
        "No pair to list: --rows all lists every tested pair, a smaller --window takes fewer bars.",
      ]
      : [
        ...tableLines(report.rows),
        `${report.rows.length} of ${report.matching} pairs; * a discovery`,
      ],
  ].join("\n");
}

function tableLines(rows: readonly RankedRow[]): string[] {
  const cells = rows.map((row) => COLUMNS.map(([, text]) => text(row)));
  const lines = [COLUMNS.map(([title]) => title), ...cells];
  const widths = COLUMNS.map((_, k) => Math.max(...lines.map((line) => line[k]!.length)));
  const isText = (k: number) => k < 2 || k === COLUMNS.length - 1;
  return lines.map((line) =>
    line.map((cell, k) => isText(k) ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))
      .join("  ").trimEnd()
  );
}

function fixed(value: number | null, decimals: number): string {
  return value === null ? "-" : value.toFixed(decimals);
}

function digits(value: number | null, count: number): string {
  return value === null ? "-" : String(Number(value.toPrecision(count)));
}
