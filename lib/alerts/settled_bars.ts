import type { Observation } from "./alert_state.ts";

/** A bar that is not proven complete is waited for so long of exchange time, ms. */
const PATIENCE_MS = 30_000;

/** A number at the close of a bar, and what is known of the bar. */
export interface BarValue {
  /** Start of the bar, ms since the epoch. */
  readonly openTimeMs: number;
  /** The number, or `null`. */
  readonly value: number | null;
  /** Whether trade ids prove the bar complete. */
  readonly complete: boolean;
  /** Whether a close was carried forward. */
  readonly stale: boolean;
  /** What speaks against trusting the number, or `null`. */
  readonly caveat: string | null;
}

/**
 * Returns the observations that can be decided on, in order, each with the time of the bar's close.
 *
 * The first bar that is not proven complete holds up those after it, since its missing trades may
 * still come; after half a minute it is passed over, and says so.
 */
export function settledBars(bars: readonly BarValue[], intervalMs: number): Observation[] {
  const newestMs = bars.at(-1)?.openTimeMs ?? 0;
  const settled: Observation[] = [];
  for (const { openTimeMs, value, complete, stale, caveat } of bars) {
    if (!complete && newestMs - openTimeMs < PATIENCE_MS) break;
    const gate = !complete
      ? "trades of the bar are missing"
      : stale
      ? "a leg did not trade in the bar"
      : null;
    settled.push({ timeMs: openTimeMs + intervalMs, value, gate, caveat });
  }
  return settled;
}
