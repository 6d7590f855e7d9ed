import { FLAT_SIGNAL, nextSignal, signalRules, type SignalState } from "../backtest/mod.ts";
import type { Columns, SignalMarks } from "./spec.ts";

/** What is decided at the close of a row. */
export interface Decision {
  /** The row. */
  readonly row: number;
  /** `buy` and `sell` enter the spread; `exit` and `stop` leave it. */
  readonly kind: "buy" | "sell" | "exit" | "stop";
}

/**
 * Returns the decisions of the project's one signal (`nextSignal()`) within a range of rows.
 *
 * What was decided before the range follows from the last row that left the signal flat, so the
 * rows before are read only as far back as that.
 *
 * @example Sold at 2, left at 0.5
 * ```ts
 * import { decisions } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const columns = { t: [0, 1, 2, 3], zScore: [0.4, 2.1, 1.2, 0.3], stale: [0, 0, 0, 0] };
 * const marks = { key: "zScore", stale: "stale", entry: 2, exit: 0.5, stop: 4 };
 * deepStrictEqual(decisions(columns, marks, 2, 4), [{ row: 3, kind: "exit" }]);
 * ```
 *
 * @param columns The rows of a chart.
 * @param marks The columns and the thresholds.
 * @param from First row.
 * @param to End of the rows, exclusive.
 * @returns The decisions, oldest first.
 */
export function decisions(
  columns: Columns,
  marks: SignalMarks,
  from: number,
  to: number,
): Decision[] {
  const rules = signalRules(marks);
  const scores = columns[marks.key];
  const stale = columns[marks.stale];
  const found: Decision[] = [];
  if (scores === undefined) return found;
  let state: SignalState = FLAT_SIGNAL;
  for (let row = lastFlat(from); row < to; row++) {
    const zScore = scores[row]!;
    // Most rows are quiet and change nothing: they cost no call.
    if (state === FLAT_SIGNAL && (zScore === null || Math.abs(zScore) < rules.entry)) continue;
    const before = state.position;
    state = nextSignal(
      state,
      { bar: row, zScore, hedgeRatio: 1, tradable: stale?.[row] !== 1 },
      rules,
    );
    if (state.position !== before && row >= from) found.push({ row, kind: kindOf(state) });
    if (state.position === 0 && state.blocked === 0) state = FLAT_SIGNAL;
  }
  return found;

  /** The row after the last one before `from` at which any position is left for certain. */
  function lastFlat(from: number): number {
    for (let row = from - 1; row >= 0; row--) {
      const score = scores![row]!;
      if (score !== null && Math.abs(score) <= rules.exit && stale?.[row] !== 1) return row + 1;
    }
    return 0;
  }
}

function kindOf({ position, reason }: SignalState): Decision["kind"] {
  if (position !== 0) return position > 0 ? "buy" : "sell";
  return reason === "stop" ? "stop" : "exit";
}
