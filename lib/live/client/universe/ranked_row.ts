import { formatFixed, formatValue } from "../../../charts/mod.ts";
import type { ScreenUpdate } from "../../protocol.ts";
import type { Cell, TableColumn } from "../data_table.ts";

/** One pair of the ranking. */
export type Ranked = {
  readonly [K in keyof ScreenUpdate["rows"]]: ScreenUpdate["rows"][K][number];
};

/** The rows of an update, one after the other. */
export function rankedRows({ rows }: ScreenUpdate): Ranked[] {
  const keys = Object.keys(rows) as (keyof Ranked)[];
  return rows.y.map((_, k) =>
    Object.fromEntries(keys.map((key) => [key, rows[key][k]])) as unknown as Ranked
  );
}

function figure(
  key: { [K in keyof Ranked]: Ranked[K] extends number | null ? K : never }[keyof Ranked],
  label: string,
  title: string,
  format: (value: number | null) => string = (value) => formatValue(value),
  descends = true,
): TableColumn<Ranked> {
  return {
    ...{ key, label, title, descends },
    value: (row) => row[key],
    cell: (row) => format(row[key]),
  };
}

const fixed = (digits: number) => (value: number | null) => formatFixed(value, digits);

/** A probability as a reader expects it. */
export function chance(p: number | null): string {
  if (p === null) return "–";
  return p < 1e-4 ? p.toExponential(1).replace("-", "−") : p.toFixed(4);
}

function foundCell({ isDiscovery, isDiscoveryByAnyDependence }: Ranked): Cell {
  if (isDiscoveryByAnyDependence) return { text: "●●", mark: "good" };
  return isDiscovery ? { text: "●", mark: "good" } : "";
}

function holdOutCell({ holdOut }: Ranked): Cell {
  if (holdOut === null) return { text: "–", mark: "quiet" };
  return { text: holdOut, mark: holdOut === "survived" ? "good" : "bad" };
}

/** The columns of the ranking. */
export const RANKED_COLUMNS: readonly TableColumn<Ranked>[] = [
  {
    ...{ key: "pair", label: "Pair", title: "The dependent leg and its hedge" },
    value: (row) => `${row.y} ${row.x}`,
    cell: (row) => `${row.y} · ${row.x}`,
  },
  figure(
    "pValue",
    "p",
    "Twice the smaller p-value of both directions, not corrected",
    chance,
    false,
  ),
  figure(
    "benjaminiHochberg",
    "Adjusted p",
    "Corrected for all tests by Benjamini and Hochberg",
    chance,
    false,
  ),
  {
    ...{ key: "found", label: "Found", descends: true },
    title: "● a discovery by Benjamini and Hochberg, ●● also whatever the dependence of the tests",
    value: (row) => Number(row.isDiscovery) + Number(row.isDiscoveryByAnyDependence),
    cell: foundCell,
  },
  {
    ...{ key: "holdOut", label: "Hold-out", descends: true },
    title: "Whether the pair, found one window earlier, passed again out of sample",
    value: (row) => row.holdOut,
    cell: holdOutCell,
  },
  figure("statistic", "t", "Engle-Granger t-ratio of the first leg on the second", fixed(2), false),
  figure("hedgeRatio", "Hedge ratio", "Notional of the hedge leg per notional of the dependent"),
  figure("halfLifeBars", "Half-life", "Bars until half of a deviation is gone", fixed(1), false),
  figure("rSquared", "R²", "Share of the variance that the hedge explains", fixed(3)),
  figure("returnCorrelation", "Corr.", "Correlation of the returns of one bar", fixed(2)),
  figure(
    "lagOneCorrelation",
    "Lag corr.",
    "Correlation of one return with the other's a bar later, mean of both directions",
    fixed(2),
  ),
  figure(
    "basisBps",
    "Basis",
    "By how much the first is dearer than the second, in basis points, where both are one asset",
    fixed(2),
  ),
  figure(
    "staleShare",
    "Stale",
    "Larger share of bars without a trade of the two",
    (value) => value === null ? "–" : `${(100 * value).toFixed(1)} %`,
    false,
  ),
];
