import type { RowBlocks } from "./row_blocks.ts";

/** Stands in a list of rows where a line is broken. */
export const BREAK: number = -1;

/** Which rows of a column to draw a line through. */
export interface LineRange {
  /** First row. */
  readonly from: number;
  /** End of the rows, exclusive. */
  readonly to: number;
  /** The line is broken where rows are further apart than this, ms; `null` never breaks it. */
  readonly breakAfterMs: number | null;
}

/** Times in ms, ascending. */
export type Times = readonly number[];
/** Values, `null` where absent. */
export type Values = readonly (number | null)[];

/**
 * Returns the rows that draw the same line as all of them: of every pixel column the first, the
 * lowest, the highest and the last (M4: Jugel et al., VLDB 2014).
 *
 * Rows without a value are left out and break the line. No extreme is ever lost. O(n).
 *
 * @example A spike of one row stays
 * ```ts
 * import { m4 } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * const t = Array.from({ length: 10_000 }, (_, k) => k);
 * const y = t.map((k) => k === 7_777 ? 9 : 0);
 * const rows = m4(t, y, { from: 0, to: t.length, breakAfterMs: null }, {
 *   startMs: 0, endMs: 9_999, columns: 100,
 * });
 * ok(rows.includes(7_777) && rows.length <= 404);
 * ```
 *
 * @param t Times in ms, ascending.
 * @param y Values, `null` where absent; as long as `t`.
 * @param range The rows, and when to break the line.
 * @param pixels The time span drawn, `[startMs, endMs]`, and the number of pixel columns it covers.
 * @param blocks Extremes of blocks of the same rows, which make it O(columns + n / 64) instead.
 * @returns Row numbers, ascending, with `BREAK` where the line is broken.
 */
export function m4(
  t: Times,
  y: Values,
  range: LineRange,
  pixels: { readonly startMs: number; readonly endMs: number; readonly columns: number },
  blocks?: RowBlocks,
): number[] {
  const keepAll = range.to - range.from <= 4 * pixels.columns;
  const columnsPerMs = pixels.columns / Math.max(pixels.endMs - pixels.startMs, 1);
  const columnOf = (row: number) => Math.floor((t[row]! - pixels.startMs) * columnsPerMs);
  return alongSegments(t, y, range, (from, to, rows) => {
    if (keepAll) {
      for (let row = from; row < to; row++) rows.push(row);
      return;
    }
    let first = from;
    while (first < to) {
      const end = columnEnd(columnOf, first, to);
      let lowest = first;
      let highest = first;
      let row = first + 1;
      while (row < end) {
        const block = blocks?.at(row, end) ?? null;
        const low = block?.lowest ?? row;
        const high = block?.highest ?? row;
        if (y[low]! < y[lowest]!) lowest = low;
        if (y[high]! > y[highest]!) highest = high;
        row = block?.end ?? row + 1;
      }
      pushAscending(rows, first, Math.min(lowest, highest), Math.max(lowest, highest), end - 1);
      first = end;
    }
  }, blocks);
}

/** The first row after `first` that lies in another pixel column; found by doubling and halving. */
function columnEnd(columnOf: (row: number) => number, first: number, to: number): number {
  const column = columnOf(first);
  let inside = first;
  let step = 1;
  while (inside + step < to && columnOf(inside + step) === column) {
    inside += step;
    step *= 2;
  }
  let outside = Math.min(inside + step, to);
  while (outside - inside > 1) {
    const middle = (inside + outside) >> 1;
    if (columnOf(middle) === column) inside = middle;
    else outside = middle;
  }
  return outside;
}

/**
 * Returns about `points` rows that look like all of them (largest triangle three buckets:
 * Steinarsson, 2013), and always the lowest and the highest of every unbroken stretch.
 *
 * Lighter and calmer than `m4()`, for pictures. Rows without a value are left out and break the
 * line. O(n).
 *
 * @example From many rows to few
 * ```ts
 * import { lttb } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * const t = Array.from({ length: 10_000 }, (_, k) => k);
 * const y = t.map((k) => Math.sin(k / 500));
 * ok(lttb(t, y, { from: 0, to: t.length, breakAfterMs: null }, 200).length <= 202);
 * ```
 *
 * @param t Times in ms, ascending.
 * @param y Values, `null` where absent; as long as `t`.
 * @param range The rows, and when to break the line.
 * @param points About how many rows to keep; >= 3.
 * @returns Row numbers, ascending, with `BREAK` where the line is broken.
 */
export function lttb(t: Times, y: Values, range: LineRange, points: number): number[] {
  const share = points / Math.max(1, range.to - range.from);
  return alongSegments(t, y, range, (from, to, rows) => {
    const count = Math.max(3, Math.round((to - from) * share));
    if (to - from <= count) {
      for (let row = from; row < to; row++) rows.push(row);
      return;
    }
    const kept = [from, ...largestTriangles(t, y, from, to, count), to - 1];
    for (const row of extremes(y, from, to)) {
      const at = kept.findIndex((k) => k >= row);
      if (kept[at] !== row) kept.splice(at, 0, row);
    }
    rows.push(...kept);
  });
}

/** One row of each inner bucket: the largest triangle with its predecessor and the next bucket. */
function largestTriangles(t: Times, y: Values, from: number, to: number, count: number): number[] {
  const kept: number[] = [];
  const size = (to - from - 2) / (count - 2);
  const startOf = (bucket: number) => Math.min(to - 1, from + 1 + Math.floor(bucket * size));
  let previous = from;
  for (let bucket = 0; bucket < count - 2; bucket++) {
    const start = startOf(bucket);
    const end = startOf(bucket + 1);
    const nextEnd = Math.max(end + 1, startOf(bucket + 2));
    let nextT = 0;
    let nextY = 0;
    for (let row = end; row < nextEnd; row++) {
      nextT += t[row]!;
      nextY += y[row]!;
    }
    nextT /= nextEnd - end;
    nextY /= nextEnd - end;
    let best = start;
    let largest = -1;
    for (let row = start; row < end; row++) {
      const area = Math.abs(
        (t[previous]! - nextT) * (y[row]! - y[previous]!) -
          (t[previous]! - t[row]!) * (nextY - y[previous]!),
      );
      if (area > largest) {
        largest = area;
        best = row;
      }
    }
    kept.push(best);
    previous = best;
  }
  return kept;
}

function extremes(y: Values, from: number, to: number): [lowest: number, highest: number] {
  let lowest = from;
  let highest = from;
  for (let row = from + 1; row < to; row++) {
    if (y[row]! < y[lowest]!) lowest = row;
    if (y[row]! > y[highest]!) highest = row;
  }
  return [lowest, highest];
}

/** Calls `draw` for every stretch of rows that has values and no hole, and joins with breaks. */
function alongSegments(
  t: Times,
  y: Values,
  range: LineRange,
  draw: (from: number, to: number, rows: number[]) => void,
  blocks?: RowBlocks,
): number[] {
  const rows: number[] = [];
  const limitMs = range.breakAfterMs ?? Infinity;
  const isAbsent = (row: number) => y[row] === null || y[row] === undefined;
  let from = range.from;
  while (from < range.to) {
    if (isAbsent(from)) {
      from++;
      continue;
    }
    let to = from + 1;
    while (to < range.to) {
      const block = blocks?.at(to, range.to) ?? null;
      if (block !== null) to = block.end;
      else if (!isAbsent(to) && t[to]! - t[to - 1]! <= limitMs) to++;
      else break;
    }
    if (rows.length > 0) rows.push(BREAK);
    draw(from, to, rows);
    from = to;
  }
  return rows;
}

function pushAscending(rows: number[], ...ascending: number[]): void {
  let previous = -1;
  for (const row of ascending) {
    if (row !== previous) rows.push(row);
    previous = row;
  }
}
