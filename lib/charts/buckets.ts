import type { CandleSeries, Columns, ColumnSeries, MarkSpec } from "./spec.ts";

/** Which rows to draw, over which time, on how many pixels. */
export interface Span {
  /** First row. */
  readonly from: number;
  /** End of the rows, exclusive. */
  readonly to: number;
  /** Left edge, ms since the epoch. */
  readonly startMs: number;
  /** Right edge, ms since the epoch. */
  readonly endMs: number;
  /** Width in CSS pixels. */
  readonly pixels: number;
}

/** A rectangle of a candle: `[startMs, endMs)` with the four prices. */
export interface Candle {
  readonly startMs: number;
  readonly endMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** A rectangle that stands on zero. */
export interface Column {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: number;
}

const MIN_CANDLE_PIXELS = 5;
const MIN_COLUMN_PIXELS = 1;
const MIN_MARK_PIXELS = 3;

/** The candles of a span; rows that would be narrower than 5 pixels are merged. */
export function candles(
  columns: Columns,
  series: CandleSeries,
  intervalMs: number,
  span: Span,
): Candle[] {
  const found: (Candle & { bucket: number })[] = [];
  const bucketOf = bucketing(span, MIN_CANDLE_PIXELS, intervalMs);
  for (let row = span.from; row < span.to; row++) {
    const open = columns[series.open]?.[row] ?? null;
    const high = columns[series.high]?.[row] ?? null;
    const low = columns[series.low]?.[row] ?? null;
    const close = columns[series.key]?.[row] ?? null;
    if (open === null || high === null || low === null || close === null) continue;
    const startMs = columns.t[row]!;
    const endMs = startMs + intervalMs;
    const bucket = bucketOf(startMs);
    const last = found.at(-1);
    if (last?.bucket !== bucket) found.push({ bucket, startMs, endMs, open, high, low, close });
    else {
      found[found.length - 1] = {
        ...last,
        endMs,
        close,
        high: Math.max(last.high, high),
        low: Math.min(last.low, low),
      };
    }
  }
  return found;
}

/** The columns of a span; of rows narrower than a pixel the highest stands for its neighbours. */
export function standingColumns(
  columns: Columns,
  series: ColumnSeries,
  intervalMs: number,
  span: Span,
): Column[] {
  const found: (Column & { bucket: number })[] = [];
  const bucketOf = bucketing(span, MIN_COLUMN_PIXELS, intervalMs);
  for (let row = span.from; row < span.to; row++) {
    const value = columns[series.key]?.[row] ?? null;
    if (value === null) continue;
    const startMs = columns.t[row]!;
    const bucket = bucketOf(startMs);
    const last = found.at(-1);
    const endMs = startMs + intervalMs;
    if (last?.bucket !== bucket) found.push({ bucket, startMs, endMs, value });
    else found[found.length - 1] = { ...last, endMs, value: Math.max(last.value, value) };
  }
  return found;
}

/** The stretches of marked rows, each at least 3 pixels wide so that none disappears. */
export function markedStretches(
  columns: Columns,
  mark: MarkSpec,
  intervalMs: number,
  span: Span,
): { readonly startMs: number; readonly endMs: number }[] {
  const leastMs = MIN_MARK_PIXELS * (span.endMs - span.startMs) / Math.max(1, span.pixels);
  const found: { startMs: number; endMs: number }[] = [];
  for (let row = span.from; row < span.to; row++) {
    if (columns[mark.key]?.[row] !== 1) continue;
    const startMs = columns.t[row]!;
    const endMs = startMs + Math.max(intervalMs, leastMs);
    const last = found.at(-1);
    if (last !== undefined && startMs <= last.endMs) last.endMs = endMs;
    else found.push({ startMs, endMs });
  }
  return found;
}

function bucketing(
  span: Span,
  leastPixels: number,
  intervalMs: number,
): (timeMs: number) => number {
  const msPerPixel = (span.endMs - span.startMs) / Math.max(1, span.pixels);
  const rows = Math.max(1, Math.ceil(leastPixels * msPerPixel / intervalMs));
  return (timeMs) => Math.floor(timeMs / (rows * intervalMs));
}
