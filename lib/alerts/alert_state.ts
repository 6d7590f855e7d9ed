import { ALERT_SIDES, type AlertRule, type AlertSide } from "./alert_rule.ts";

/** What is known of a watched number at one time. */
export interface Observation {
  /** Exchange time, ms since the epoch; a later observation has a later time. */
  readonly timeMs: number;
  /** The number, or `null` where there is none. */
  readonly value: number | null;
  /** Why nothing is decided on it, or `null`. */
  readonly gate: string | null;
  /** What speaks against trusting it although it counts, or `null`. */
  readonly caveat: string | null;
}

/** What one threshold remembers. */
export interface ThresholdState {
  /** Whether the number has been back since it last fired. */
  readonly armed: boolean;
  /** Exchange time before which it does not fire again, ms since the epoch; `null` for any. */
  readonly coolUntilMs: number | null;
}

/** All a rule remembers; it survives `JSON.stringify()`. */
export interface AlertState {
  /** Time of the last observation, ms since the epoch; `null` before the first. */
  readonly lastMs: number | null;
  /** The last number that counted, or `null`. */
  readonly value: number | null;
  /** Why the last observation did not count, or `null` if it did. */
  readonly gate: string | null;
  /** The upper threshold; `null` before the first number. */
  readonly above: ThresholdState | null;
  /** The lower threshold; `null` before the first number. */
  readonly below: ThresholdState | null;
}

/** A number has crossed a threshold. */
export interface Crossing {
  /** Which threshold. */
  readonly side: AlertSide;
  /** Exchange time, ms since the epoch. */
  readonly timeMs: number;
  /** The number. */
  readonly value: number;
  /** The threshold. */
  readonly threshold: number;
  /** What speaks against trusting the number, or `null`. */
  readonly caveat: string | null;
}

/** The state of a rule that has seen nothing. */
export const UNSEEN: AlertState = Object.freeze({
  lastMs: null,
  value: null,
  gate: null,
  above: null,
  below: null,
});

/** The part of a rule that decides. */
export type AlertThresholds = Pick<AlertRule, "above" | "below" | "hysteresis" | "cooldownMs">;

/**
 * Returns the state of a rule after one more observation, and what it crossed.
 *
 * A threshold fires when the number reaches it while armed, and is then armed again once the number
 * was back by `hysteresis`. During the cooldown it does not fire; it fires right after it if the
 * number was back meanwhile and is beyond the threshold again. A number that is beyond a threshold
 * when it is first seen has not crossed it. An observation without a number, with a gate, or not
 * later than the last one decides nothing.
 *
 * Time is that of the observations, so a replay crosses where the original did. O(1).
 *
 * @example Once per crossing
 * ```ts
 * import { nextAlert, UNSEEN } from "tandem/alerts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rule = { above: 2, below: null, hysteresis: 0.5, cooldownMs: 0 };
 * let state = UNSEEN;
 * const fired = [0, 2.1, 1.9, 2.2, 1.5, 2].map((value, timeMs) => {
 *   const next = nextAlert(state, { timeMs, value, gate: null, caveat: null }, rule);
 *   state = next.state;
 *   return next.crossings.length;
 * });
 * deepStrictEqual(fired, [0, 1, 0, 0, 0, 1]);
 * ```
 *
 * @param state What the observations before have left.
 * @param seen The next observation.
 * @param rule Thresholds, hysteresis and cooldown.
 * @returns The state to keep, and the crossings, at most one per threshold.
 */
export function nextAlert(
  state: AlertState,
  seen: Observation,
  rule: AlertThresholds,
): { readonly state: AlertState; readonly crossings: readonly Crossing[] } {
  const { timeMs, value, caveat } = seen;
  if (state.lastMs !== null && timeMs <= state.lastMs) return { state, crossings: [] };
  const isNumber = value !== null && Number.isFinite(value);
  const gate = seen.gate ?? (isNumber ? null : "there is no number");
  if (gate !== null || !isNumber) {
    return { state: { ...state, lastMs: timeMs, gate }, crossings: [] };
  }
  const crossings: Crossing[] = [];
  const sides = { above: state.above, below: state.below };
  for (const side of ALERT_SIDES) {
    const threshold = rule[side];
    if (threshold === null) continue;
    const beyond = side === "above" ? value - threshold : threshold - value;
    const before = sides[side] ?? { armed: beyond < 0, coolUntilMs: null };
    const armed = before.armed || beyond < 0 && beyond <= -rule.hysteresis;
    const isCool = before.coolUntilMs === null || timeMs >= before.coolUntilMs;
    if (armed && isCool && beyond >= 0) {
      crossings.push({ side, timeMs, value, threshold, caveat });
      sides[side] = { armed: false, coolUntilMs: timeMs + rule.cooldownMs };
    } else {
      sides[side] = { armed, coolUntilMs: isCool ? null : before.coolUntilMs };
    }
  }
  return { state: { lastMs: timeMs, value, gate: null, ...sides }, crossings };
}
