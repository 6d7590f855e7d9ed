import { type Gap, isMadeId } from "../market/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import type { QualityCondition } from "./alert_rule.ts";
import type { Observation } from "./alert_state.ts";
import type { MarketClock } from "./watch.ts";

const HOUR_MS = 3_600_000;

/** Follows how good the data of a symbol is, in exchange time. */
export class QualityWatch {
  readonly #reader: StoreReader;
  readonly #condition: QualityCondition;
  #lastMs = -Infinity;

  constructor(reader: StoreReader, condition: QualityCondition) {
    this.#reader = reader;
    this.#condition = condition;
  }

  poll(clock: MarketClock): Observation[] {
    const timeMs = clock.exchangeMs;
    if (timeMs === null || timeMs <= this.#lastMs) return [];
    this.#lastMs = timeMs;
    return [{ timeMs, value: this.#value(timeMs, clock), gate: null, caveat: null }];
  }

  #value(timeMs: number, { lagMs }: MarketClock): number | null {
    const { measure, symbol } = this.#condition;
    switch (measure) {
      case "silence": {
        const stored = this.#reader.symbols().find((s) => s.symbol === symbol);
        const lastMs = stored?.lastTradeTimeMs ?? null;
        return lastMs === null ? null : Math.max(0, timeMs - lastMs) / 1_000;
      }
      case "lag":
        return lagMs === null ? null : lagMs / 1_000;
      case "missing-ids":
        return countIds(this.#reader.gaps(symbol).filter((gap) => gap.state === "open"));
      case "lost-ids":
        return countIds(
          this.#reader.gaps(symbol).filter((gap) =>
            gap.state === "lost" && (gap.closedAtMs ?? 0) > timeMs - HOUR_MS
          ),
        );
    }
  }
}

/** Where ids are not counted, how many trades a gap lacks is not known: it counts once. */
function countIds(gaps: readonly Gap[]): number {
  return gaps.reduce(
    (sum, { firstMissingId, lastMissingId }) =>
      sum + (isMadeId(firstMissingId) ? 1 : lastMissingId - firstMissingId + 1),
    0,
  );
}
