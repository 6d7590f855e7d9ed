import type { Labels, Metric, Sample } from "./exposition.ts";

/** What became of the trades and frames of a symbol, or of a whole process. */
export interface TradeCounts {
  /** Trades that came. */
  readonly received: number;
  /** Of them stored. */
  readonly stored: number;
  /** Of them dropped as known. */
  readonly duplicate: number;
  /** Of them those that came after their bar was closed. */
  readonly late: number;
  /** Frames that were set aside. */
  readonly quarantined: number;
}

const COUNTERS: readonly [field: keyof TradeCounts, name: string, help: string][] = [
  ["received", "trades_received_total", "Trades received"],
  ["stored", "trades_stored_total", "Trades stored"],
  ["duplicate", "trades_duplicate_total", "Trades dropped because they were stored already"],
  ["late", "trades_late_total", "Trades that amended a closed bar"],
  ["quarantined", "frames_quarantined_total", "Frames set aside"],
];

/**
 * Returns the counters of trades, under the same names whoever tells them: a hub of each symbol
 * since the database was made, a program as a whole since it was started.
 *
 * @example Of a program
 * ```ts
 * import { tradeMetrics } from "tandem/metrics";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const counts = { received: 9, stored: 7, duplicate: 2, late: 0, quarantined: 1 };
 * const [received] = tradeMetrics([{ labels: {}, counts }]);
 * deepStrictEqual(received?.samples, [{ labels: {}, value: 9 }]);
 * ```
 *
 * @param rows The counts, and what each is of.
 * @returns The metrics.
 */
export function tradeMetrics(
  rows: readonly { readonly labels: Labels; readonly counts: TradeCounts }[],
): Metric[] {
  return COUNTERS.map(([field, name, help]) => ({
    name: `tandem_${name}`,
    type: "counter",
    help,
    samples: rows.map(({ labels, counts }): Sample => ({ labels, value: counts[field] })),
  }));
}
