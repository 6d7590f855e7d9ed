import { RollingMoments, RollingPair } from "../stats/mod.ts";
import type { AlignedRow } from "./aligned_row.ts";
import { KalmanLine } from "./kalman_line.ts";
import type { HedgeMethod, PairOptions, PairReading, PriceScale } from "./pair_reading.ts";

/** A hedge ratio and its intercept, and the first row they are known for. */
export interface Fit {
  readonly hedgeRatio: number;
  readonly intercept: number;
  readonly error: number | null;
  readonly fromRow: number;
}

const METHODS: readonly HedgeMethod[] = ["rolling-ols", "ols", "kalman"];

/** The options with every default filled in. */
export type CheckedOptions = Required<PairOptions>;

/** A spread that moves less than this share of its terms is rounding. */
const ROUNDING = 8 * Number.EPSILON;

/** Fills in the defaults and refuses what cannot be. */
export function checkOptions(options: PairOptions): CheckedOptions {
  const { windowBars, method = "rolling-ols", scale = "log" } = options;
  const estimationBars = options.estimationBars ?? windowBars;
  for (const [name, value] of Object.entries({ windowBars, estimationBars })) {
    if (!(Number.isSafeInteger(value) && value >= 3)) {
      throw new RangeError(
        `Cannot measure a pair as "${name}" must be a whole number >= 3: current value is ${value}`,
      );
    }
  }
  if (!METHODS.includes(method)) {
    throw new RangeError(
      `Cannot measure a pair as "method" must be one of ${
        METHODS.join(", ")
      }: current value is "${method}"`,
    );
  }
  if (scale !== "log" && scale !== "level") {
    throw new RangeError(
      `Cannot measure a pair as "scale" must be "log" or "level": current value is "${scale}"`,
    );
  }
  return { windowBars, method, scale, estimationBars };
}

/**
 * Turns rows into readings, each row once and in order. It holds rolling windows at absolute row
 * numbers, so an engine that begins `warmUpRows()` earlier gives the bits of one that saw all.
 */
export class PairEngine {
  readonly #options: CheckedOptions;
  readonly #hedge: RollingPair;
  readonly #line: KalmanLine | null;
  readonly #returns: RollingPair;
  readonly #spreads: RollingMoments;
  readonly #changes: RollingPair;
  readonly #staleRows: Uint8Array;
  readonly #incompleteRows: Uint8Array;
  #staleCount = 0;
  #incompleteCount = 0;
  #seen = 0;
  #fit: Fit | null;
  #previous: AlignedRow | null = null;
  #previousSpread: number | null = null;

  /**
   * @param options The checked options.
   * @param firstRow Number of the first row that will come.
   * @param fit The one fit of `ols`, when it is already made.
   * @param line The filter of `kalman` after the rows before, when there were some.
   */
  constructor(
    options: CheckedOptions,
    firstRow: number,
    fit: Fit | null = null,
    line: KalmanLine | null = null,
  ) {
    const { windowBars, estimationBars, method } = options;
    this.#options = options;
    this.#line = method === "kalman" ? line ?? new KalmanLine(options) : null;
    this.#hedge = new RollingPair(method === "ols" ? estimationBars : windowBars, firstRow);
    this.#returns = new RollingPair(windowBars, firstRow);
    this.#spreads = new RollingMoments(windowBars, firstRow);
    this.#changes = new RollingPair(windowBars, firstRow);
    this.#staleRows = new Uint8Array(windowBars);
    this.#incompleteRows = new Uint8Array(windowBars);
    this.#fit = fit;
  }

  /** How many rows before a row its reading depends on. */
  static warmUpRows(options: CheckedOptions): number {
    return 2 * options.windowBars + 1;
  }

  /** The one fit of `ols`, once it is made. */
  get fit(): Fit | null {
    return this.#fit;
  }

  /** Takes the next row. */
  push(row: AlignedRow): PairReading {
    const { windowBars, scale } = this.#options;
    const [y, x] = onScale(row, scale);
    const reasons: string[] = [];
    const fit = this.#knownFit(row.row);
    if (fit === null) reasons.push(this.#fitReason());
    let spread = fit === null ? null : y - fit.intercept - fit.hedgeRatio * x;
    if (spread !== null && !Number.isFinite(spread)) {
      spread = null;
      reasons.push("a close is not a positive number");
    }
    let zScore: number | null = null;
    if (fit !== null && spread !== null) {
      const noise = ROUNDING *
        (Math.abs(y) + Math.abs(fit.hedgeRatio * x) + Math.abs(fit.intercept));
      const score = this.#score(spread, noise);
      if (typeof score === "number") zScore = score;
      else reasons.push(`z-score: ${score}`);
    }
    const spreadMean = zScore === null ? null : this.#spreads.mean;
    const spreadDeviation = zScore === null ? null : this.#spreads.deviation();
    this.#takeRow(row, x, y, spread);
    const correlation = this.#returns.count === windowBars ? this.#returns.correlation : null;
    let halfLifeBars: number | null = null;
    if (fit !== null) {
      if (correlation === null) reasons.push(`correlation: ${this.#correlationReason()}`);
      const halfLife = zScore === null ? null : this.#halfLife();
      if (typeof halfLife === "number") halfLifeBars = halfLife;
      else if (halfLife !== null) reasons.push(`half-life: ${halfLife}`);
      if (fit.error === null) reasons.push("hedge ratio's error: rounding hides the residuals");
    }
    return {
      row: row.row,
      openTimeMs: row.openTimeMs,
      y: row.y,
      x: row.x,
      hedgeRatio: fit?.hedgeRatio ?? null,
      hedgeRatioError: fit?.error ?? null,
      intercept: fit?.intercept ?? null,
      spread,
      spreadMean,
      spreadDeviation,
      zScore,
      correlation,
      halfLifeBars,
      stale: row.stale,
      staleShare: this.#staleCount / Math.min(this.#seen, windowBars),
      complete: row.complete,
      incompleteShare: this.#incompleteCount / Math.min(this.#seen, windowBars),
      reason: reasons.length === 0 ? null : reasons.join("; "),
      revision: row.revision,
    };
  }

  /** The ratio known before a row. */
  #knownFit(row: number): Fit | null {
    if (this.#line !== null) return this.#line.fit(row);
    if (this.#fit !== null) return row >= this.#fit.fromRow ? this.#fit : null;
    const { count, slope, intercept, slopeError, window } = this.#hedge;
    if (count < window || slope === null || intercept === null) return null;
    const fit = { hedgeRatio: slope, intercept, error: slopeError, fromRow: row };
    if (this.#options.method === "ols") this.#fit = fit;
    return fit;
  }

  #fitReason(): string {
    if (this.#line !== null) return this.#line.reason;
    const { count, window } = this.#hedge;
    return count < window
      ? `warming up: ${count} of ${window} bars`
      : "hedge ratio: x did not move in the window";
  }

  /** The z-score, or why there is none. */
  #score(spread: number, noise: number): number | string {
    const { windowBars } = this.#options;
    const { count, mean } = this.#spreads;
    if (count < windowBars) return `warming up: ${count} of ${windowBars} spreads`;
    const deviation = this.#spreads.deviation();
    if (mean === null || deviation === null || deviation === 0) return "the spread did not move";
    if (deviation <= noise) return "the legs move as one, the spread is rounding";
    return (spread - mean) / deviation;
  }

  #correlationReason(): string {
    const { windowBars } = this.#options;
    const { count } = this.#returns;
    return count < windowBars
      ? `warming up: ${count} of ${windowBars} returns`
      : "a leg did not move in the window";
  }

  #takeRow(row: AlignedRow, x: number, y: number, spread: number | null): void {
    const before = this.#previous;
    if (this.#line === null) this.#hedge.push(x, y);
    else this.#line.push(x, y);
    this.#returns.push(
      before === null ? NaN : Math.log(row.x / before.x),
      before === null ? NaN : Math.log(row.y / before.y),
    );
    const past = this.#previousSpread;
    this.#changes.push(past ?? NaN, past === null || spread === null ? NaN : spread - past);
    this.#spreads.push(spread ?? NaN);
    const place = row.row % this.#options.windowBars;
    this.#staleCount += Number(row.stale) - this.#staleRows[place]!;
    this.#staleRows[place] = Number(row.stale);
    this.#incompleteCount += Number(!row.complete) - this.#incompleteRows[place]!;
    this.#incompleteRows[place] = Number(!row.complete);
    this.#seen++;
    this.#previous = row;
    this.#previousSpread = spread;
  }

  /** The half-life in rows, or why there is none. */
  #halfLife(): number | string {
    const { windowBars } = this.#options;
    const { count, slope } = this.#changes;
    if (count < windowBars) return `warming up: ${count} of ${windowBars} changes`;
    if (slope === null || slope >= 0) return "the spread does not revert";
    if (slope <= -1) return "shorter than a bar";
    const bars = -Math.LN2 / Math.log1p(slope);
    return bars > windowBars / 5 ? "longer than a fifth of the window" : bars;
  }
}

/** The two closes as the regression sees them. */
export function onScale({ y, x }: AlignedRow, scale: PriceScale): [y: number, x: number] {
  return scale === "log" ? [Math.log(y), Math.log(x)] : [y, x];
}
