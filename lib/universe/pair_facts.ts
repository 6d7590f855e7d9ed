import { type Moments, pairIndex, rowStart } from "./moments.ts";
import type { PriceRing } from "./price_ring.ts";

/** What the moments tell about a pair beside its test. */
export interface PairFacts {
  /** Slope of log y on log x: notional of x per notional of y. */
  readonly hedgeRatio: number;
  /** Constant of that regression. */
  readonly intercept: number;
  /** Share of the variance of log y it explains, in [0, 1]. */
  readonly rSquared: number;
  /** Half-life of the residual in bars, as `halfLife()`; `null` where it does not revert. */
  readonly halfLifeBars: number | null;
  /** Pearson correlation of the log returns of one bar; `null` where one does not vary. */
  readonly returnCorrelation: number | null;
  /**
   * Correlation of one symbol's log return with the other's a bar later, the mean of both
   * directions, by moments of the whole window; `null` where one does not vary.
   */
  readonly lagOneCorrelation: number | null;
}

/** The edges of a symbol's window: log prices of its first and last two bars. */
function edges(ring: PriceRing, slot: number) {
  const at = (bar: number) => ring.prices[ring.offset(bar) + slot]!;
  const first = ring.bar - ring.windowBars + 1;
  return {
    first: at(first),
    second: at(first + 1),
    beforeLast: at(ring.bar - 1),
    last: at(ring.bar),
  };
}

/** The facts of y on x, in O(1). */
export function pairFacts(moments: Moments, ring: PriceRing, y: number, x: number): PairFacts {
  const [, returns, twoBar] = moments.products as [Float64Array, Float64Array, Float64Array];
  const [yy, xx, yx] = [rowStart(y) + y, rowStart(x) + x, pairIndex(y, x)];
  const squareY = moments.deviations(y, y);
  const cross = moments.deviations(y, x);
  const slope = cross / moments.deviations(x, x);
  const [ey, ex] = [edges(ring, y), edges(ring, x)];
  const middleY = moments.centre[y]! + moments.mean(y);
  const middleX = moments.centre[x]! + moments.mean(x);
  const residual = (side: "first" | "last") => ey[side] - middleY - slope * (ex[side] - middleX);
  const changes = returns[yy]! - slope * (2 * returns[yx]! - slope * returns[xx]!);
  const bars = ring.windowBars;

  const means = { y: (ey.last - ey.first) / (bars - 1), x: (ex.last - ex.first) / (bars - 1) };
  const spreadY = returns[yy]! - (bars - 1) * means.y ** 2;
  const spreadX = returns[xx]! - (bars - 1) * means.x ** 2;
  const together = returns[yx]! - (bars - 1) * means.y * means.x;
  // sum of Dy(t) Dx(t-1) + Dx(t) Dy(t-1), centred on the means of the whole window
  const firstProduct = (ey.second - ey.first) * (ex.second - ex.first);
  const lastProduct = (ey.last - ey.beforeLast) * (ex.last - ex.beforeLast);
  const apart = twoBar[yx]! - 2 * returns[yx]! + firstProduct + lastProduct;
  const inner = (e: ReturnType<typeof edges>) => e.last - e.second + e.beforeLast - e.first;
  const centredApart = apart - means.y * inner(ex) - means.x * inner(ey) +
    2 * (bars - 2) * means.y * means.x;
  return {
    hedgeRatio: slope,
    intercept: middleY - slope * middleX,
    rSquared: Math.min(1, Math.max(0, cross * slope / squareY)),
    halfLifeBars: halfLifeBars(
      bars,
      squareY - slope * cross,
      changes,
      residual("first"),
      residual("last"),
    ),
    returnCorrelation: cosine(together, spreadY, spreadX),
    lagOneCorrelation: cosine(centredApart / 2, spreadY, spreadX),
  };
}

/** -ln 2 / ln(1 + lambda) of the change of a centred series on its level, by telescoped sums. */
function halfLifeBars(
  bars: number,
  squares: number,
  changes: number,
  first: number,
  last: number,
): number | null {
  const rows = bars - 1;
  const level = squares - last * last - last * last / rows;
  const product = 0.5 * (last * last - first * first - changes) + last * (last - first) / rows;
  const lambda = product / level;
  return lambda < 0 && lambda > -1 ? -Math.LN2 / Math.log1p(lambda) : null;
}

function cosine(product: number, squareA: number, squareB: number): number | null {
  if (!(squareA > 0 && squareB > 0)) return null;
  return Math.max(-1, Math.min(1, product / Math.sqrt(squareA * squareB)));
}
