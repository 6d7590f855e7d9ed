import { isSameUnderlying } from "../market/mod.ts";
import { type Corrected, doubledMinimumP } from "./false_discoveries.ts";
import type { Moments } from "./moments.ts";
import { pairFacts } from "./pair_facts.ts";
import { Mark, type PriceRing } from "./price_ring.ts";
import type { ScreenRow } from "./screen.ts";
import type { SymbolSlots } from "./symbol_slots.ts";

/** The t-ratios of both directions of a pair of columns. */
export interface BothStatistics {
  /** Of the first on the second; NaN where the residuals leave nothing to test. */
  readonly forward: number;
  /** Of the second on the first. */
  readonly backward: number;
  /** Lagged differences of the first on the second. */
  readonly forwardLag: number;
  /** Lagged differences of the second on the first. */
  readonly backwardLag: number;
}

/** Every field, in the order in which it is told. */
const NO_TEST = {
  y: "",
  x: "",
  statistic: null,
  reverseStatistic: null,
  lag: null,
  reverseLag: null,
  pValue: null,
  benjaminiHochberg: null,
  benjaminiYekutieli: null,
  isDiscovery: false,
  isDiscoveryByAnyDependence: false,
  hedgeRatio: null,
  intercept: null,
  rSquared: null,
  halfLifeBars: null,
  returnCorrelation: null,
  lagOneCorrelation: null,
  staleShare: 0,
  collinear: false,
  sameAsset: false,
  basisBps: null,
  reason: null,
} as const satisfies ScreenRow;

/** Makes the rows of a screen. */
export class PairRows {
  readonly #slots: SymbolSlots;
  readonly #ring: PriceRing;

  constructor(slots: SymbolSlots, ring: PriceRing) {
    this.#slots = slots;
    this.#ring = ring;
  }

  /** A pair of symbols without moments. */
  static unknown(y: string, x: string, reason: string): ScreenRow {
    return { ...NO_TEST, y, x, reason };
  }

  /** A pair that is not tested. */
  untested(y: number, x: number, reason: string): ScreenRow {
    return { ...NO_TEST, ...this.#pair(y, x), reason };
  }

  /** A pair that is one instrument. */
  collinear(moments: Moments, y: number, x: number): ScreenRow {
    return {
      ...NO_TEST,
      ...this.#pair(y, x),
      ...pairFacts(moments, this.#ring, y, x),
      collinear: true,
      reason: "one instrument: 1 - R^2 < 1.49e-6",
    };
  }

  /** A pair that is on one asset. */
  wrapper(moments: Moments, y: number, x: number): ScreenRow {
    const facts = pairFacts(moments, this.#ring, y, x);
    return { ...this.untested(y, x, "contracts on one asset"), ...facts };
  }

  /** A pair that was tested, in the direction asked for. */
  tested(
    moments: Moments,
    y: number,
    x: number,
    both: BothStatistics,
    corrected: Corrected | null,
  ): ScreenRow {
    const { forward, backward, forwardLag, backwardLag } = both;
    const row = {
      ...NO_TEST,
      ...this.#pair(y, x),
      ...pairFacts(moments, this.#ring, y, x),
    };
    if (Number.isNaN(forward) || Number.isNaN(backward)) {
      return { ...row, reason: "the residuals leave nothing to test" };
    }
    return {
      ...row,
      statistic: forward,
      reverseStatistic: backward,
      lag: forwardLag,
      reverseLag: backwardLag,
      pValue: doubledMinimumP(forward, backward),
      ...corrected ?? {},
    };
  }

  /** A pair that was tested, in the direction with the smaller t-ratio. */
  better(
    moments: Moments,
    i: number,
    j: number,
    both: BothStatistics,
    corrected: Corrected | null,
  ): ScreenRow {
    const { forward, backward, forwardLag, backwardLag } = both;
    if (!(backward < forward)) return this.tested(moments, i, j, both, corrected);
    const turned = {
      forward: backward,
      backward: forward,
      forwardLag: backwardLag,
      backwardLag: forwardLag,
    };
    return this.tested(moments, j, i, turned, corrected);
  }

  #pair(y: number, x: number) {
    const stale = (slot: number) => this.#ring.count(slot, Mark.stale) / this.#ring.windowBars;
    const sameAsset = y !== x && this.#slots.asset(y)!.key === this.#slots.asset(x)!.key;
    return {
      y: this.#slots.name(y)!,
      x: this.#slots.name(x)!,
      staleShare: Math.max(stale(y), stale(x)),
      sameAsset,
      basisBps: sameAsset ? this.#basisBps(y, x) : null,
    };
  }

  /** Of contracts on one asset: those in another quote have none. */
  #basisBps(y: number, x: number): number | null {
    const ring = this.#ring;
    const isOne = isSameUnderlying(this.#slots.name(y)!, this.#slots.name(x)!);
    if (!isOne || !ring.isFresh(y) || !ring.isFresh(x)) return null;
    const newest = ring.offset(ring.bar);
    return 10_000 * Math.expm1(ring.prices[newest + y]! - ring.prices[newest + x]!);
  }
}

/** Smallest p-value first, then smallest t-ratio, then by name; pairs without a test last. */
export function compareRows(a: ScreenRow, b: ScreenRow): number {
  return (a.pValue ?? 2) - (b.pValue ?? 2) || (a.statistic ?? 0) - (b.statistic ?? 0) ||
    compareText(a.y, b.y) || compareText(a.x, b.x);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
