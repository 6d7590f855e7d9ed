import { type AlertCondition, type AlertRule, describeCondition } from "./alert_rule.ts";
import type { Crossing } from "./alert_state.ts";

/** An alert that fired. One rule, threshold and time fire once. */
export interface Firing extends Crossing {
  /** The rule. */
  readonly ruleId: string;
  /** Where word of it goes. */
  readonly channels: readonly string[];
  /** What happened, in a sentence for a person. */
  readonly sentence: string;
}

/**
 * Returns what a crossing of a rule tells.
 *
 * @example A z-score
 * ```ts
 * import { firingOf } from "tandem/alerts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const firing = firingOf({
 *   id: "eth-btc", above: 2, below: -2, hysteresis: 0.5, cooldownMs: 0, channels: [],
 *   condition: {
 *     measure: "z-score", y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60,
 *     method: "rolling-ols", scale: "log",
 *   },
 * }, { side: "above", timeMs: 0, value: 2.3456, threshold: 2, caveat: null });
 * strictEqual(
 *   firing.sentence,
 *   "z-score of ETHUSDT on BTCUSDT (1m, 60 bars) rose to 2.346, threshold 2",
 * );
 * ```
 *
 * @param rule The rule.
 * @param crossing What it crossed.
 * @returns The firing.
 */
export function firingOf(rule: AlertRule, crossing: Crossing): Firing {
  const { side, value, threshold, caveat } = crossing;
  const moved = side === "above" ? "rose" : "fell";
  const sentence =
    `${describeCondition(rule.condition)} ${moved} to ${
      watchedText(rule.condition, value)
    }, threshold ${threshold}` + (caveat === null ? "" : ` (${caveat})`);
  return { ...crossing, ruleId: rule.id, channels: rule.channels, sentence };
}

/**
 * Returns a watched number as a person reads it: a price in full, statistics with four digits.
 *
 * @example A price, of which the last digit counts
 * ```ts
 * import { watchedText } from "tandem/alerts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const condition = { measure: "price", symbol: "BTCUSDT", intervalMs: 1_000 } as const;
 * strictEqual(watchedText(condition, 82_715.4), "82715.4");
 * ```
 *
 * @param condition What is watched.
 * @param value Its number.
 * @returns The text.
 */
export function watchedText({ measure }: AlertCondition, value: number): string {
  return String(measure === "price" ? value : Number(value.toPrecision(4)));
}
