import type { Bar } from "../market/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import type { PriceCondition } from "./alert_rule.ts";
import type { Observation } from "./alert_state.ts";
import { settledBars } from "./settled_bars.ts";
import { takenBars, unprovenCaveat } from "./taken_bars.ts";

/** How many bars a restart catches up with. */
const MOST_BARS = 5_000;

/** Follows the closes of one symbol. */
export class PriceWatch {
  readonly #reader: StoreReader;
  readonly #condition: PriceCondition;
  readonly #waiting = new Map<number, Bar>();
  #cursor: number;
  #sinceMs: number;

  constructor(reader: StoreReader, condition: PriceCondition, sinceMs: number | null) {
    const { symbol, intervalMs } = condition;
    this.#reader = reader;
    this.#condition = condition;
    this.#cursor = reader.cursor();
    const bars = reader.bars({ symbol, intervalMs, limit: sinceMs === null ? 1 : MOST_BARS });
    this.#sinceMs = sinceMs ?? bars.at(-1)?.openTimeMs ?? -Infinity;
    this.#take(bars);
  }

  poll(): Observation[] {
    const { symbol, intervalMs } = this.#condition;
    const changes = this.#reader.barChanges({ symbol, intervalMs, cursor: this.#cursor });
    this.#cursor = changes.cursor;
    this.#take(changes.bars);
    const bars = [...this.#waiting.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
    const caveat = unprovenCaveat([symbol]);
    const settled = settledBars(
      takenBars(symbol, bars).map(({ openTimeMs, close, complete }) => (
        { openTimeMs, value: close, complete, stale: false, caveat }
      )),
      intervalMs,
    );
    this.#sinceMs = settled.at(-1)?.timeMs ?? this.#sinceMs;
    for (const { timeMs } of settled) this.#waiting.delete(timeMs - intervalMs);
    return settled;
  }

  #take(bars: readonly Bar[]): void {
    for (const bar of bars) {
      if (bar.openTimeMs + this.#condition.intervalMs > this.#sinceMs) {
        this.#waiting.set(bar.openTimeMs, bar);
      }
    }
  }
}
