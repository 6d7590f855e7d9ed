import type { PairReading } from "../pairs/mod.ts";

/** Side of the spread: 1 has bought it (y long, x hedged), -1 has sold it. */
export type Side = 1 | -1;

/** Why a position was left: `end` is the end of a backtest, never a decision of the signal. */
export type ExitReason = "exit" | "stop" | "time" | "end";

/** When to enter and leave a spread. All thresholds are on the z-score, in deviations. */
export interface SignalOptions {
  /** The spread is bought at z <= -entry and sold at z >= entry; > 0. @default {2} */
  readonly entry?: number;
  /**
   * A position is left once side * z >= -exit; below `entry`. 0 waits for the mean, a negative
   * number for the other side of it.
   * @default {0.5}
   */
  readonly exit?: number;
  /** A position is given up at side * z <= -stop; above `entry`. @default {none} */
  readonly stop?: number;
  /** Bars from the decision to enter after which a position is left; >= 1. @default {none} */
  readonly maxHoldBars?: number;
  /**
   * Whether a stopped side stays blocked until the spread has come back to `exit`; otherwise it is
   * bought again as soon as |z| is between `entry` and `stop`.
   * @default {true}
   */
  readonly rearm?: boolean;
}

/** `SignalOptions` with every default filled in; an absent stop or time limit is `Infinity`. */
export type SignalRules = Required<SignalOptions>;

/** All a signal remembers; it survives `JSON.stringify()`. */
export interface SignalState {
  /** Side decided for, 0 when flat. */
  readonly position: Side | 0;
  /** Bar of the last decision to enter or leave, or `null` before the first. */
  readonly changedBar: number | null;
  /** What the last decision was, or `null` before the first. */
  readonly reason: "entry" | ExitReason | null;
  /** Side that a stop keeps from being entered, 0 for none. */
  readonly blocked: Side | 0;
}

/** What a signal sees of one bar. Both numbers must be known at the bar's close. */
export interface SignalBar {
  /** Number of the bar; the next bar has the next number. */
  readonly bar: number;
  /** Z-score of the spread at the close; `null` or not finite where there is none. */
  readonly zScore: number | null;
  /** Hedge ratio a position would be sized with; `null` or not finite where there is none. */
  readonly hedgeRatio: number | null;
  /** Whether both legs traded in the bar: nothing is decided on a price carried forward. */
  readonly tradable: boolean;
  /** Whether a new position would be of use; `false` near the end of a backtest. @default {true} */
  readonly canEnter?: boolean;
}

/** The state of a signal that has seen nothing. */
export const FLAT_SIGNAL: SignalState = Object.freeze({
  position: 0,
  changedBar: null,
  reason: null,
  blocked: 0,
});

/**
 * Returns the rules of a signal: its options checked, with every default filled in.
 *
 * @example The defaults
 * ```ts
 * import { signalRules } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(signalRules({ stop: 4 }), {
 *   entry: 2, exit: 0.5, stop: 4, maxHoldBars: Infinity, rearm: true,
 * });
 * ```
 *
 * @param options Thresholds.
 * @returns The rules `nextSignal()` takes.
 * @throws {RangeError} If a threshold is out of range.
 */
export function signalRules(options: SignalOptions = {}): SignalRules {
  const { entry = 2, exit = 0.5, stop = Infinity, maxHoldBars = Infinity, rearm = true } = options;
  mustHold(entry > 0 && entry < Infinity, "entry", "> 0", entry);
  mustHold(exit > -Infinity && exit < entry, "exit", `below "entry", ${entry}`, exit);
  mustHold(stop > entry, "stop", `above "entry", ${entry}`, stop);
  const isCount = Number.isSafeInteger(maxHoldBars) || maxHoldBars === Infinity;
  mustHold(isCount && maxHoldBars >= 1, "maxHoldBars", "a whole number >= 1", maxHoldBars);
  return { entry, exit, stop, maxHoldBars, rearm };
}

/**
 * Returns the state of a signal after one more bar.
 *
 * Live, in replay and in a backtest this is the one place where a position is decided. At most one
 * decision per bar, in this order: a position older than `maxHoldBars` is left ("time"), also
 * without a z-score; with side * z <= -stop it is given up ("stop"); with side * z >= -exit it is
 * left ("exit"). When flat, z <= -entry buys and z >= entry sells, unless |z| has reached the stop,
 * the side is blocked by an earlier stop or the hedge ratio is absent. A bar that is not tradable
 * changes nothing.
 *
 * The same state is returned, not a copy, when nothing changed. O(1), and it keeps nothing.
 *
 * @example Sold at 2, left at 0.5
 * ```ts
 * import { FLAT_SIGNAL, nextSignal, signalRules } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rules = signalRules();
 * let state = FLAT_SIGNAL;
 * const positions = [0.4, 2.1, 1.2, 0.3].map((zScore, bar) => {
 *   state = nextSignal(state, { bar, zScore, hedgeRatio: 1, tradable: true }, rules);
 *   return state.position;
 * });
 * deepStrictEqual(positions, [0, -1, -1, 0]);
 * deepStrictEqual(state, { position: 0, changedBar: 3, reason: "exit", blocked: 0 });
 * ```
 *
 * @param state What the bars before have left.
 * @param bar The next bar.
 * @param rules Thresholds, from `signalRules()`.
 * @returns The state to keep for the bar after; a changed `position` is a decision.
 */
export function nextSignal(state: SignalState, bar: SignalBar, rules: SignalRules): SignalState {
  if (!bar.tradable) return state;
  const { position, changedBar } = state;
  if (position !== 0 && bar.bar - (changedBar ?? bar.bar) >= rules.maxHoldBars) {
    return { position: 0, changedBar: bar.bar, reason: "time", blocked: state.blocked };
  }
  const z = bar.zScore;
  if (z === null || !Number.isFinite(z)) return state;
  const isFree = state.blocked !== 0 && state.blocked * z >= -rules.exit;
  const now = isFree ? { ...state, blocked: 0 as const } : state;
  if (position !== 0) {
    const height = position * z;
    if (height <= -rules.stop) {
      const blocked = rules.rearm ? position : now.blocked;
      return { position: 0, changedBar: bar.bar, reason: "stop", blocked };
    }
    if (height < -rules.exit) return now;
    return { position: 0, changedBar: bar.bar, reason: "exit", blocked: now.blocked };
  }
  const side = z <= -rules.entry ? 1 : z >= rules.entry ? -1 : 0;
  if (side === 0 || side === now.blocked || Math.abs(z) >= rules.stop) return now;
  if (!Number.isFinite(bar.hedgeRatio) || bar.canEnter === false) return now;
  return { position: side, changedBar: bar.bar, reason: "entry", blocked: now.blocked };
}

/**
 * Returns what a signal sees of a reading.
 *
 * A reading with a close carried forward is not tradable: its price was not there to be had.
 *
 * @example Live, one reading after the other
 * ```ts
 * import { FLAT_SIGNAL, nextSignal, signalBar, signalRules } from "tandem/backtest";
 * import { PairMonitor } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * const monitor = new PairMonitor({ windowBars: 3 });
 * const reading = monitor.push({
 *   row: 7, openTimeMs: 7_000, y: 20, x: 10, stale: false, complete: true, revision: 0,
 * });
 * const state = nextSignal(FLAT_SIGNAL, signalBar(reading), signalRules());
 * strictEqual(state.position, 0);
 * ```
 *
 * @param reading What is known of the pair at a bar's close.
 * @returns The bar for `nextSignal()`.
 */
export function signalBar(
  reading: Pick<PairReading, "row" | "zScore" | "hedgeRatio" | "stale">,
): SignalBar {
  const { row, zScore, hedgeRatio, stale } = reading;
  return { bar: row, zScore, hedgeRatio, tradable: !stale };
}

/**
 * Returns the states of a signal over a series of readings, one after each.
 *
 * @example The first position
 * ```ts
 * import { signalStates } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const readings = [1, -2.5, -1, 0].map((zScore, row) => (
 *   { row, zScore, hedgeRatio: 1, stale: false }
 * ));
 * deepStrictEqual(signalStates(readings).map((s) => s.position), [0, 1, 1, 0]);
 * ```
 *
 * @param readings Readings with consecutive rows, oldest first.
 * @param options Thresholds.
 * @returns One state per reading.
 * @throws {RangeError} If a threshold is out of range.
 */
export function signalStates(
  readings: Iterable<Pick<PairReading, "row" | "zScore" | "hedgeRatio" | "stale">>,
  options: SignalOptions = {},
): SignalState[] {
  const rules = signalRules(options);
  const states: SignalState[] = [];
  let state = FLAT_SIGNAL;
  for (const reading of readings) {
    state = nextSignal(state, signalBar(reading), rules);
    states.push(state);
  }
  return states;
}

function mustHold(holds: boolean, name: string, wanted: string, value: number): void {
  if (holds) return;
  throw new RangeError(
    `Cannot decide on a spread as "${name}" must be ${wanted}: current value is ${value}`,
  );
}
