import { formatInterval } from "../market/mod.ts";
import type { HedgeMethod, PriceScale } from "../pairs/mod.ts";

/** What of a pair is watched. */
export type PairMeasure = "z-score" | "correlation" | "hedge-ratio-change" | "p-value";

/** What of a symbol's data is watched. */
export type QualityMeasure = "silence" | "lag" | "missing-ids" | "lost-ids";

/** A number of a pair that is watched at the close of every bar. */
export interface PairCondition {
  /**
   * `z-score` and `correlation`: as in `PairReading`. `hedge-ratio-change`: the hedge ratio over the
   * one `windowBars` bars before, less 1: 0.2 is a fifth more. `p-value`: that of the verdict on the
   * pair, at every tenth bar; both thresholds together tell when the verdict changes.
   */
  readonly measure: PairMeasure;
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** Length of the bars in ms, one that is stored. */
  readonly intervalMs: number;
  /** Bars of the rolling statistics. */
  readonly windowBars: number;
  /** How the hedge ratio is found. */
  readonly method: HedgeMethod;
  /** Whether logarithms of closes are compared, or closes. */
  readonly scale: PriceScale;
}

/** The close of a symbol's bars. */
export interface PriceCondition {
  /** The close. */
  readonly measure: "price";
  /** As the venue writes it. */
  readonly symbol: string;
  /** Length of the bars in ms, one that is stored. */
  readonly intervalMs: number;
}

/** Something about the data of a symbol. */
export interface QualityCondition {
  /**
   * `silence`: seconds of exchange time since its last trade. `lag`: seconds that the stored data is
   * behind the exchange's clock, of all symbols. `missing-ids`: trade ids that are missing and not
   * given up. `lost-ids`: trade ids lost for good in the last hour.
   */
  readonly measure: QualityMeasure;
  /** As the venue writes it. */
  readonly symbol: string;
}

/** What is watched. */
export type AlertCondition = PairCondition | PriceCondition | QualityCondition;

/** When to alert whom: a number, its thresholds, and where word of it goes. */
export interface AlertRule {
  /** Its name, unique in a database. */
  readonly id: string;
  /** What is watched. */
  readonly condition: AlertCondition;
  /** Fires when the number reaches it from below; `null` for never. */
  readonly above: number | null;
  /** Fires when the number reaches it from above; `null` for never. */
  readonly below: number | null;
  /** How far the number must come back from a threshold before that can fire again; >= 0. */
  readonly hysteresis: number;
  /** After it fired, a threshold stays still for so long of exchange time, ms; >= 0. */
  readonly cooldownMs: number;
  /** Where word of it is sent, by the names of the channels; the history is always written. */
  readonly channels: readonly string[];
}

/** Which threshold of a rule. */
export type AlertSide = "above" | "below";

/** Both thresholds. */
export const ALERT_SIDES: readonly AlertSide[] = ["above", "below"];

/**
 * Returns whether a condition is about a pair.
 *
 * @example A price is not
 * ```ts
 * import { isPairCondition } from "tandem/alerts";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(isPairCondition({ measure: "silence", symbol: "BTCUSDT" }), false);
 * ```
 *
 * @param condition The condition.
 * @returns `true` for one with two legs.
 */
export function isPairCondition(condition: AlertCondition): condition is PairCondition {
  return "y" in condition;
}

/**
 * Returns what a condition watches, in a few words.
 *
 * @example A pair
 * ```ts
 * import { describeCondition } from "tandem/alerts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const text = describeCondition({
 *   measure: "z-score", y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60,
 *   method: "rolling-ols", scale: "log",
 * });
 * strictEqual(text, "z-score of ETHUSDT on BTCUSDT (1m, 60 bars)");
 * ```
 *
 * @param condition The condition.
 * @returns Words that begin in lower case.
 */
export function describeCondition(condition: AlertCondition): string {
  switch (condition.measure) {
    case "z-score":
    case "correlation":
    case "hedge-ratio-change":
    case "p-value": {
      const { measure, y, x, intervalMs, windowBars } = condition;
      const what = measure === "hedge-ratio-change" ? "change of the hedge ratio" : measure;
      return `${what} of ${y} on ${x} (${formatInterval(intervalMs)}, ${windowBars} bars)`;
    }
    case "price":
      return `price of ${condition.symbol} (${formatInterval(condition.intervalMs)})`;
    case "silence":
      return `seconds without a trade of ${condition.symbol}`;
    case "lag":
      return `seconds that ${condition.symbol} is behind`;
    case "missing-ids":
      return `missing trade ids of ${condition.symbol}`;
    case "lost-ids":
      return `trade ids of ${condition.symbol} lost in the last hour`;
  }
}
