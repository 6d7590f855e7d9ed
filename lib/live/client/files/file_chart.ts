import {
  barColumns,
  candleSpec,
  type ChartSpec,
  type Columns,
  pairColumns,
  pairSpec,
} from "../../../charts/mod.ts";
import type { PairOptions } from "../../../pairs/mod.ts";
import type { fileReadings } from "./file_readings.ts";
import type { OpenedSeries } from "./opened_files.ts";

/** A chart with its rows. */
export interface FileChart {
  readonly spec: ChartSpec;
  readonly columns: Columns;
}

/** The candles of one file. */
export function candlesOf({ symbol, intervalMs, bars }: OpenedSeries): FileChart {
  return {
    spec: ofFile(candleSpec({ title: symbol, intervalMs })),
    columns: barColumns(bars),
  };
}

/** The chart of two files as a pair; `read` makes its readings. */
export function pairOf(
  y: OpenedSeries,
  x: OpenedSeries,
  options: PairOptions,
  read: typeof fileReadings,
): FileChart {
  const legs = { y: y.symbol, x: x.symbol, intervalMs: y.intervalMs };
  return {
    columns: pairColumns(read(y, x, options), legs),
    spec: ofFile(pairSpec({ ...legs, ...options })),
  };
}

/** No trade id proves a bar from a file complete, so that is said once and not of every bar. */
function ofFile(spec: ChartSpec): ChartSpec {
  return {
    ...spec,
    subtitle: `${spec.subtitle}, from files (nothing proves their bars complete)`,
    marks: spec.marks.filter(({ key }) => key !== "incomplete"),
  };
}
