import { PairFollower, type PairReading, pairVerdict } from "../pairs/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import type { PairCondition } from "./alert_rule.ts";
import type { Observation } from "./alert_state.ts";
import { type BarValue, settledBars } from "./settled_bars.ts";
import { takenSource, unprovenCaveat } from "./taken_bars.ts";

/** How many readings are kept: what a restart may have to catch up with, and what is judged. */
const MOST_READINGS = 5_000;
/** A verdict is made on so many readings … */
const JUDGED_BARS = 1_000;
/** … at every tenth bar: it takes milliseconds. */
const JUDGE_EVERY_BARS = 10;

/** Follows one number of a pair. */
export class PairWatch {
  readonly #condition: PairCondition;
  readonly #pair: PairFollower;
  #sinceMs: number;
  #isNew = true;

  constructor(reader: StoreReader, condition: PairCondition, sinceMs: number | null) {
    this.#condition = condition;
    this.#pair = new PairFollower(takenSource(reader), { ...condition, limit: MOST_READINGS });
    const newestMs = this.#pair.readings.at(-1)?.openTimeMs ?? -Infinity;
    this.#sinceMs = sinceMs ?? newestMs;
  }

  poll(): Observation[] {
    const { intervalMs } = this.#condition;
    if (this.#pair.poll() === Infinity && !this.#isNew) return [];
    this.#isNew = false;
    const { readings } = this.#pair;
    const next = readings.findIndex((r) => r.openTimeMs + intervalMs > this.#sinceMs);
    if (next < 0) return [];
    const values = readings.slice(next).flatMap((reading, k) => {
      const value = this.#valueOf(reading, next + k);
      return value === undefined ? [] : [this.#barValue(reading, value)];
    });
    const settled = settledBars(values, intervalMs);
    this.#sinceMs = settled.at(-1)?.timeMs ?? this.#sinceMs;
    return settled;
  }

  #barValue(reading: PairReading, value: number | null): BarValue {
    const { openTimeMs, complete, stale, incompleteShare, staleShare } = reading;
    const { y, x } = this.#condition;
    const caveats = [
      unprovenCaveat([y, x]) ?? [],
      ...incompleteShare > 0 ? [`${percent(incompleteShare)} of the window is incomplete`] : [],
      ...staleShare > 0 ? [`${percent(staleShare)} of the window is carried forward`] : [],
    ].flat();
    const caveat = caveats.length === 0 ? null : caveats.join(", ");
    return { openTimeMs, value, complete, stale, caveat };
  }

  /** The number at a reading; `undefined` where it is not looked at. */
  #valueOf(reading: PairReading, at: number): number | null | undefined {
    const { measure, windowBars, scale } = this.#condition;
    const { readings } = this.#pair;
    switch (measure) {
      case "z-score":
        return reading.zScore;
      case "correlation":
        return reading.correlation;
      case "hedge-ratio-change": {
        const before = readings[at - windowBars]?.hedgeRatio ?? null;
        if (before === null || before === 0 || reading.hedgeRatio === null) return null;
        return reading.hedgeRatio / before - 1;
      }
      case "p-value": {
        if (reading.row % JUDGE_EVERY_BARS !== 0) return undefined;
        const judged = readings.slice(Math.max(0, at + 1 - JUDGED_BARS), at + 1);
        return pairVerdict(judged, { scale }).pValue;
      }
    }
  }
}

function percent(share: number): string {
  return `${Math.max(1, Math.round(100 * share))} %`;
}
