import type { ColorName } from "./theme.ts";
import type { Thresholds } from "./thresholds.ts";

/**
 * Rows by column: `t` holds times in ms since the epoch, ascending, each once; every other column
 * is as long as `t` and holds a number or, where there is none, `null`.
 *
 * A mark column holds 1 where the row is marked, else 0.
 */
export interface Columns {
  /** Times in ms since the epoch, ascending, each once. */
  readonly t: readonly number[];
  /** The values of one key, `null` where absent. */
  readonly [key: string]: readonly (number | null)[];
}

/** Values joined by a line, broken where they are absent. */
export interface LineSeries {
  /** Tells it from other series. */
  readonly kind: "line";
  /** Its column. */
  readonly key: string;
  /** What the legend calls it. */
  readonly label: string;
  /** Its colour. */
  readonly color: ColorName;
}

/** Values as columns that stand on zero, such as volume. */
export interface ColumnSeries {
  /** Tells it from other series. */
  readonly kind: "columns";
  /** Its column. */
  readonly key: string;
  /** What the legend calls it. */
  readonly label: string;
  /** Its colour. */
  readonly color: ColorName;
}

/** Open, high, low and close of each row. */
export interface CandleSeries {
  /** Tells it from other series. */
  readonly kind: "candles";
  /** The column of closes; names the series. */
  readonly key: string;
  /** The column of opens. */
  readonly open: string;
  /** The column of highs. */
  readonly high: string;
  /** The column of lows. */
  readonly low: string;
  /** What the legend calls it. */
  readonly label: string;
  /** The colour of a row that closed at or above its open. */
  readonly color: ColorName;
  /** The colour of a row that closed below its open. */
  readonly fallingColor: ColorName;
}

/** One thing drawn in a panel. */
export type SeriesSpec = LineSeries | ColumnSeries | CandleSeries;

/** A horizontal line at a fixed value. */
export interface RuleSpec {
  /** Where, in the panel's unit. */
  readonly value: number;
  /** What it means, for example `entry`. */
  readonly label: string;
  /** Its colour. */
  readonly color: ColorName;
}

/** The area around a column: center ± times · width. */
export interface BandSpec {
  /** The column of its middle. */
  readonly center: string;
  /** The column of its unit of width. */
  readonly width: string;
  /** How many widths it reaches to either side. */
  readonly times: number;
  /** What it means. */
  readonly label: string;
  /** Its colour. */
  readonly color: ColorName;
}

/** Rows to point out, such as those with a stale price. */
export interface MarkSpec {
  /** Whether they are tinted in every panel, not only marked in the first. @default {false} */
  readonly tint?: boolean;
  /** The column that holds 1 where the row is marked. */
  readonly key: string;
  /** What it means. */
  readonly label: string;
  /** Its colour. */
  readonly color: ColorName;
}

/** Decisions that thresholds on a column would make, drawn where they fall. */
export interface SignalMarks extends Thresholds {
  /** The column of z-scores. */
  readonly key: string;
  /** The mark column of rows at which nothing is decided. */
  readonly stale: string;
}

/** One panel: series that share a vertical axis. */
export interface PanelSpec {
  /** Names the panel within its chart. */
  readonly key: string;
  /** What it shows. */
  readonly label: string;
  /** The unit of its values; may be empty. */
  readonly unit: string;
  /** Height of the plot in CSS pixels, without the time axis. */
  readonly height: number;
  /** The vertical scale. A logarithmic one leaves out values <= 0. */
  readonly scale: "linear" | "log";
  /**
   * `level` draws values as they are; `change` draws each line as its change in % since its first
   * value in view, so that lines of different size can be compared.
   */
  readonly values: "level" | "change";
  /** What it draws. */
  readonly series: readonly SeriesSpec[];
  /** Lines at fixed values; they are always in view. */
  readonly rules: readonly RuleSpec[];
  /** Areas behind the series. */
  readonly bands: readonly BandSpec[];
  /** Entries, exits and stops to point out. @default {none} */
  readonly signals?: SignalMarks;
  /** Whether a reader may ask for a logarithmic scale: every value is > 0. @default {false} */
  readonly canLog?: boolean;
}

/** A chart as a value: panels stacked over one time axis. Holds plain JSON and no data. */
export interface ChartSpec {
  /** What the chart shows. */
  readonly title: string;
  /** A second line; may be empty. */
  readonly subtitle: string;
  /** The panels from top to bottom; at least one. */
  readonly panels: readonly PanelSpec[];
  /** Rows to point out, as strips at the foot of the first panel. */
  readonly marks: readonly MarkSpec[];
  /** Length of one row in ms. */
  readonly intervalMs: number;
  /** A line is broken where rows are further apart than this, ms; `null` never breaks it. */
  readonly breakAfterMs: number | null;
}
