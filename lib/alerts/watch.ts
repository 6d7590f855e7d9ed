import type { StoreReader } from "../store/mod.ts";
import { type AlertCondition, isPairCondition } from "./alert_rule.ts";
import type { Observation } from "./alert_state.ts";
import { PairWatch } from "./pair_watch.ts";
import { PriceWatch } from "./price_watch.ts";
import { QualityWatch } from "./quality_watch.ts";

/** What only a running ingest knows. */
export interface MarketClock {
  /** Exchange time up to which trades are stored, ms since the epoch; `null` before the first. */
  readonly exchangeMs: number | null;
  /** How far that is behind the exchange's clock, ms; `null` where the clocks were not compared. */
  readonly lagMs: number | null;
}

/** Follows what one condition is about. */
export interface Watch {
  /** What came since the last call, oldest first. */
  poll(clock: MarketClock): Observation[];
}

/** Begins to watch; `sinceMs` is the time of the last observation that was decided on, or `null`. */
export function watch(
  reader: StoreReader,
  condition: AlertCondition,
  sinceMs: number | null,
): Watch {
  if (isPairCondition(condition)) return new PairWatch(reader, condition, sinceMs);
  if (condition.measure === "price") return new PriceWatch(reader, condition, sinceMs);
  return new QualityWatch(reader, condition);
}
