import { median } from "./quantile.ts";

/** Returns of many trials, added up in blocks of time; block b of trial n at `b * trials + n`. */
export interface BlockedReturns {
  /** Trials. */
  readonly trials: number;
  /** Blocks of time; even. */
  readonly blocks: number;
  /** Returns in each block; the same for every trial. */
  readonly counts: ArrayLike<number>;
  /** Sums of the returns. */
  readonly sums: ArrayLike<number>;
  /** Sums of their squares. */
  readonly squares: ArrayLike<number>;
}

/** How much of a choice among trials was luck. */
export interface OverfittingResult {
  /**
   * Share of the splits in which the trial that was best in one half came out below the middle in
   * the other, in [0, 1].
   */
  readonly probability: number | null;
  /** Share of the splits in which it lost in the other half, in [0, 1]. */
  readonly lossProbability: number | null;
  /** Median over the splits of its Sharpe ratio per period in the half it was chosen in. */
  readonly chosenSharpe: number | null;
  /** The same in the other half. */
  readonly heldOutSharpe: number | null;
  /** Ways to split the blocks. */
  readonly splits: number;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/**
 * Returns the probability of backtest overfitting by combinatorially symmetric cross-validation
 * (Bailey, Borwein, López de Prado and Zhu, 2017, "The probability of backtest overfitting").
 *
 * The blocks are split into halves in every way. In each split the trial with the best Sharpe ratio
 * in one half is looked up in the other: with rank r of N there, from the worst, the split counts
 * where `ln(w / (1 - w)) <= 0`, `w = r / (N + 1)`. Trials without variance in a half rank as 0.
 * O(splits trials blocks).
 *
 * @example A trial that is the best everywhere
 * ```ts
 * import { backtestOverfitting } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { probability, splits } = backtestOverfitting({
 *   trials: 2,
 *   blocks: 4,
 *   counts: [10, 10, 10, 10],
 *   sums: [5, -1, 6, -2, 5, 0, 7, -1],
 *   squares: [9, 9, 9, 9, 9, 9, 9, 9],
 * });
 * strictEqual(probability, 0);
 * strictEqual(splits, 6);
 * ```
 *
 * @param returns Sums of returns by block and trial.
 * @returns The probabilities; absent with fewer than two trials.
 * @throws {RangeError} If `blocks` is not an even number from 2 to 20.
 */
export function backtestOverfitting(returns: BlockedReturns): OverfittingResult {
  const { trials, blocks } = returns;
  if (!(Number.isInteger(blocks / 2) && blocks >= 2 && blocks <= 20)) {
    throw new RangeError(
      `Cannot split blocks as "blocks" must be an even number from 2 to 20: current value is ${blocks}`,
    );
  }
  if (trials < 2) {
    const none = { probability: null, lossProbability: null, chosenSharpe: null };
    return { ...none, heldOutSharpe: null, splits: 0, reason: `too few trials: ${trials} of 2` };
  }
  const inside = new Float64Array(trials);
  const outside = new Float64Array(trials);
  const chosen: number[] = [];
  const heldOut: number[] = [];
  let below = 0;
  let lost = 0;
  for (let half = 0; half < 2 ** blocks; half++) {
    if (bitCount(half) !== blocks / 2) continue;
    sharpes(returns, half, inside);
    sharpes(returns, ~half, outside);
    let best = 0;
    for (let n = 1; n < trials; n++) if (inside[n]! > inside[best]!) best = n;
    const held = outside[best]!;
    if (rankOf(held, outside) <= (trials + 1) / 2) below++;
    if (held < 0) lost++;
    chosen.push(inside[best]!);
    heldOut.push(held);
  }
  const splits = chosen.length;
  return {
    probability: below / splits,
    lossProbability: lost / splits,
    chosenSharpe: median(chosen),
    heldOutSharpe: median(heldOut),
    splits,
    reason: null,
  };
}

/** Sharpe ratios of all trials over the blocks whose bit is set. */
function sharpes(returns: BlockedReturns, half: number, into: Float64Array): void {
  const { trials, blocks, counts, sums, squares } = returns;
  let count = 0;
  const total = new Float64Array(trials);
  const power = new Float64Array(trials);
  for (let b = 0; b < blocks; b++) {
    if ((half >> b & 1) === 0) continue;
    count += counts[b]!;
    const at = b * trials;
    for (let n = 0; n < trials; n++) {
      total[n] = total[n]! + sums[at + n]!;
      power[n] = power[n]! + squares[at + n]!;
    }
  }
  for (let n = 0; n < trials; n++) {
    const mean = total[n]! / count;
    const variance = (power[n]! - total[n]! * mean) / (count - 1);
    // rounding of a sum that is all one value
    into[n] = variance > 1e-12 * power[n]! / count ? mean / Math.sqrt(variance) : 0;
  }
}

/** Rank from the worst, ties in the middle of their ranks. */
function rankOf(value: number, values: Float64Array): number {
  let smaller = 0;
  let equal = 0;
  for (const other of values) {
    if (other < value) smaller++;
    else if (other === value) equal++;
  }
  return smaller + (equal + 1) / 2;
}

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
