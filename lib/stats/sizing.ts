import { isConstant } from "./complete_rows.ts";

/** Signed quantities of the two legs, in units of each. */
export interface LegSizes {
  /** Quantity of the dependent leg; below 0 is short. */
  readonly y: number;
  /** Quantity of the hedge leg; below 0 is short. */
  readonly x: number;
}

/** What is to be sized. */
export interface SizingInput {
  /** Price of the dependent leg; > 0. */
  readonly priceY: number;
  /** Price of the hedge leg; > 0. */
  readonly priceX: number;
  /** Hedge ratio, finite: of prices for `unitSizes()`, of log prices for `notionalSizes()`. */
  readonly hedgeRatio: number;
  /** Gross notional, the sum of both legs' absolute notionals; >= 0. */
  readonly grossNotional: number;
  /** 1 buys the spread, -1 sells it. */
  readonly side: 1 | -1;
}

/**
 * Returns the sizes of a pair whose hedge ratio is a ratio of UNITS: a regression of prices.
 *
 * `qy = side * gross / (Py + |b| Px)`, `qx = -b qy`. A ratio from log prices here hedges nothing: it
 * belongs in `notionalSizes()`.
 *
 * @example One unit against two
 * ```ts
 * import { unitSizes } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   unitSizes({ priceY: 60, priceX: 20, hedgeRatio: 2, grossNotional: 1_000, side: 1 }),
 *   { y: 10, x: -20 },
 * );
 * ```
 *
 * @param input Prices, hedge ratio, gross notional and side.
 * @returns Signed quantities before rounding to lots.
 * @throws {RangeError} If a price is not greater than 0, or another number is out of range.
 */
export function unitSizes(input: SizingInput): LegSizes {
  const { priceY, priceX, hedgeRatio, grossNotional, side } = checked(input);
  const y = side * grossNotional / (priceY + Math.abs(hedgeRatio) * priceX);
  return { y, x: -hedgeRatio * y };
}

/**
 * Returns the sizes of a pair whose hedge ratio is a ratio of NOTIONALS: a regression of log prices.
 *
 * `Ny = side * gross / (1 + |b|)`, `Nx = -b Ny`, each over its price.
 *
 * @example Equal notionals
 * ```ts
 * import { notionalSizes } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   notionalSizes({ priceY: 50, priceX: 20, hedgeRatio: 1, grossNotional: 1_000, side: -1 }),
 *   { y: -10, x: 25 },
 * );
 * ```
 *
 * @param input Prices, hedge ratio, gross notional and side.
 * @returns Signed quantities before rounding to lots.
 * @throws {RangeError} If a price is not greater than 0, or another number is out of range.
 */
export function notionalSizes(input: SizingInput): LegSizes {
  const { priceY, priceX, hedgeRatio, grossNotional, side } = checked(input);
  const notional = side * grossNotional / (1 + Math.abs(hedgeRatio));
  return { y: notional / priceY, x: -hedgeRatio * notional / priceX };
}

/**
 * Returns a quantity rounded towards 0 to whole lots.
 *
 * A quantity within rounding of a whole number of lots keeps it: 0.3 is three lots of 0.1.
 *
 * @example Towards 0 on both sides
 * ```ts
 * import { roundToLot } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([7.9, -7.9, 8].map((quantity) => roundToLot(quantity, 2)), [6, -6, 8]);
 * ```
 *
 * @param quantity A signed quantity.
 * @param lot Size of a lot; > 0.
 * @returns A multiple of `lot`, not larger in size.
 * @throws {RangeError} If `lot` is not greater than 0.
 */
export function roundToLot(quantity: number, lot: number): number {
  if (!(lot > 0 && lot < Infinity)) {
    throw new RangeError(`Cannot round to lots as "lot" must be > 0: current value is ${lot}`);
  }
  const lots = quantity / lot;
  const nearest = Math.round(lots);
  const isWhole = Math.abs(lots - nearest) <= 4 * Number.EPSILON * Math.abs(lots);
  return (isWhole ? nearest : Math.trunc(lots)) * lot;
}

/** What a sized pair holds. */
export interface PairExposure {
  /** Sum of the absolute notionals. */
  readonly gross: number;
  /** Sum of the signed notionals. */
  readonly net: number;
  /** Units of x left unhedged under a ratio of units: qx + b qy. */
  readonly residualUnits: number;
  /** Notional of x left unhedged under a ratio of notionals: qx Px + b qy Py. */
  readonly residualNotional: number;
}

/**
 * Returns the notionals of a sized pair and what its hedge leaves over, for example after rounding.
 *
 * @example Rounding leaves half a unit
 * ```ts
 * import { pairExposure } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   pairExposure({ y: 1, x: -1 }, { priceY: 30, priceX: 20, hedgeRatio: 1.5 }),
 *   { gross: 50, net: 10, residualUnits: 0.5, residualNotional: 25 },
 * );
 * ```
 *
 * @param sizes Signed quantities.
 * @param pair Prices, > 0, and the hedge ratio.
 * @returns Notionals in the quote unit; read the residual that belongs to the kind of ratio.
 */
export function pairExposure(
  sizes: LegSizes,
  pair: Pick<SizingInput, "priceY" | "priceX" | "hedgeRatio">,
): PairExposure {
  const notionalY = sizes.y * pair.priceY;
  const notionalX = sizes.x * pair.priceX;
  return {
    gross: Math.abs(notionalY) + Math.abs(notionalX),
    net: notionalY + notionalX,
    residualUnits: sizes.x + pair.hedgeRatio * sizes.y,
    residualNotional: notionalX + pair.hedgeRatio * notionalY,
  };
}

/**
 * Returns by how much to scale a position so that its profit and loss deviates by a target.
 *
 * `target / deviation of the profit and loss of one position`, both per day or both per bar.
 *
 * @example Twice as large
 * ```ts
 * import { volatilityScale } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(volatilityScale(100, 50), 2);
 * strictEqual(volatilityScale(100, 0), null);
 * ```
 *
 * @param target Wanted deviation; >= 0.
 * @param deviation Deviation of one position, in the same unit; >= 0.
 * @returns The factor, or `null` for a position that does not move.
 */
export function volatilityScale(target: number, deviation: number): number | null {
  return deviation > 0 ? target / deviation : null;
}

/** Kelly's fraction of capital. */
export interface KellyResult {
  /** Mean over variance of the returns, or `null`. */
  readonly fraction: number | null;
  /** Half of it: the usual stake, since the mean is only estimated; or `null`. */
  readonly half: number | null;
  /** Returns used. */
  readonly nobs: number;
  /** Why there is no fraction, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns Kelly's fraction, `mean / variance` of the returns per trade (Kelly, 1956; Thorp, 2006).
 *
 * @example Too few trades say nothing
 * ```ts
 * import { kellyFraction } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(kellyFraction([0.01, 0.02]).reason, "too few returns: 2 of 30");
 * ```
 *
 * @param returns Returns per trade on the capital staked; `NaN` marks a missing one.
 * @param options `minReturns`, below which the fraction means nothing. @default {30}
 * @returns The fraction, or `null` and a reason: too few returns, or returns that are all equal.
 */
export function kellyFraction(
  returns: ArrayLike<number>,
  options: { readonly minReturns?: number } = {},
): KellyResult {
  const { minReturns = 30 } = options;
  const kept = new Float64Array(returns).filter(Number.isFinite);
  const nobs = kept.length;
  const none = (reason: string) => ({ fraction: null, half: null, nobs, reason });
  if (nobs < Math.max(minReturns, 2)) {
    return none(`too few returns: ${nobs} of ${Math.max(minReturns, 2)}`);
  }
  const mean = kept.reduce((sum, value) => sum + value, 0) / nobs;
  const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (nobs - 1);
  if (isConstant(kept) || !(variance > 0)) return none("all returns are equal");
  const fraction = mean / variance;
  return { fraction, half: fraction / 2, nobs, reason: null };
}

function checked(input: SizingInput): SizingInput {
  for (const name of ["priceY", "priceX"] as const) {
    if (!(input[name] > 0 && input[name] < Infinity)) {
      throw new RangeError(
        `Cannot size a pair as "${name}" must be > 0: current value is ${input[name]}`,
      );
    }
  }
  if (!Number.isFinite(input.hedgeRatio)) {
    throw new RangeError(
      `Cannot size a pair as "hedgeRatio" must be finite: current value is ${input.hedgeRatio}`,
    );
  }
  if (!(input.grossNotional >= 0 && input.grossNotional < Infinity)) {
    throw new RangeError(
      `Cannot size a pair as "grossNotional" must be >= 0: current value is ${input.grossNotional}`,
    );
  }
  return input;
}
