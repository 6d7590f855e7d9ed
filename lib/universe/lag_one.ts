import { COLLINEAR, type Moments, rowStart, triangleSize } from "./moments.ts";
import type { PriceRing } from "./price_ring.ts";

/**
 * The Engle-Granger t-ratios of both directions of every pair, packed lower triangles. NaN where
 * there is no test, -Infinity for two symbols that are one instrument.
 */
export interface PairStatistics {
  /** Of the later symbol (the row) on the earlier. */
  readonly rowOnColumn: Float64Array;
  /** Of the earlier symbol (the column) on the later. */
  readonly columnOnRow: Float64Array;
}

/** Room for the t-ratios of so many symbols. */
export function pairStatistics(symbols: number): PairStatistics {
  const size = triangleSize(symbols);
  return { rowOnColumn: new Float64Array(size), columnOnRow: new Float64Array(size) };
}

/** What a pair's test needs of each symbol; NaN for a symbol that is left out. */
function symbolColumns(
  moments: Moments,
  ring: PriceRing,
  symbols: number,
  isIn: (slot: number) => boolean,
) {
  const column = () => new Float64Array(symbols);
  const columns = {
    sum: column(),
    mean: column(),
    square: column(),
    inverse: column(),
    returns: column(),
    twoBar: column(),
    first: column(),
    second: column(),
    last: column(),
    beforeLast: column(),
  };
  const { prices } = ring;
  const head = ring.bar - ring.windowBars + 1;
  const [h0, h1] = [ring.offset(head), ring.offset(head + 1)];
  const [l0, l1] = [ring.offset(ring.bar), ring.offset(ring.bar - 1)];
  for (let i = 0; i < symbols; i++) {
    const at = rowStart(i) + i;
    const mean = moments.mean(i);
    const middle = isIn(i) ? moments.centre[i]! + mean : NaN;
    columns.sum[i] = moments.sums[i]!;
    columns.mean[i] = mean;
    columns.square[i] = moments.deviations(i, i);
    columns.inverse[i] = 1 / columns.square[i]!;
    columns.returns[i] = moments.products[1]![at]!;
    columns.twoBar[i] = moments.products[2]![at]!;
    columns.first[i] = prices[h0 + i]! - middle;
    columns.second[i] = prices[h1 + i]! - middle;
    columns.last[i] = prices[l0 + i]! - middle;
    columns.beforeLast[i] = prices[l1 + i]! - middle;
  }
  return columns;
}

/**
 * Tests all ordered pairs with one lagged difference, into the arrays given.
 *
 * With e the residual of y on x: the sums of squares of its changes, and of D(t) + D(t - 1), are
 * quadratic forms in the hedge ratio; e(t-1) D(t) telescopes to squares at the edges; so only the
 * first and last two residuals are needed beside the moments. The two regressors are solved by hand.
 */
export function testLagOne(
  moments: Moments,
  ring: PriceRing,
  symbols: number,
  isIn: (slot: number) => boolean,
  { rowOnColumn, columnOnRow }: PairStatistics,
): void {
  const c = symbolColumns(moments, ring, symbols, isIn);
  const { sum, mean, square, inverse, returns, twoBar, first, second, last, beforeLast } = c;
  const [levels, ones, twos] = moments.products as [Float64Array, Float64Array, Float64Array];
  const perFreedom = 1 / (ring.windowBars - 4);
  for (let i = 0; i < symbols; i++) {
    const row = rowStart(i);
    const sumI = sum[i]!;
    const squareI = square[i]!;
    const inverseI = inverse[i]!;
    const returnsI = returns[i]!;
    const twoI = twoBar[i]!;
    const firstI = first[i]!;
    const secondI = second[i]!;
    const lastI = last[i]!;
    const beforeI = beforeLast[i]!;
    for (let j = 0; j < i; j++) {
      const at = row + j;
      const cross = levels[at]! - sumI * mean[j]!;
      const returnsIJ = 2 * ones[at]!;
      const twoIJ = 2 * twos[at]!;
      const squareJ = square[j]!;
      const returnsJ = returns[j]!;
      const twoJ = twoBar[j]!;
      const firstJ = first[j]!;
      const secondJ = second[j]!;
      const lastJ = last[j]!;
      const beforeJ = beforeLast[j]!;
      const slope = cross * inverse[j]!;
      const left = squareI - slope * cross;
      if (left < COLLINEAR * squareI) {
        rowOnColumn[at] = columnOnRow[at] = firstI + firstJ === firstI + firstJ ? -Infinity : NaN;
        continue;
      }
      rowOnColumn[at] = ratio(
        left,
        returnsI - slope * (returnsIJ - slope * returnsJ),
        twoI - slope * (twoIJ - slope * twoJ),
        firstI - slope * firstJ,
        secondI - slope * secondJ,
        lastI - slope * lastJ,
        beforeI - slope * beforeJ,
        perFreedom,
      );
      const back = cross * inverseI;
      columnOnRow[at] = ratio(
        squareJ - back * cross,
        returnsJ - back * (returnsIJ - back * returnsI),
        twoJ - back * (twoIJ - back * twoI),
        firstJ - back * firstI,
        secondJ - back * secondI,
        lastJ - back * lastI,
        beforeJ - back * beforeI,
        perFreedom,
      );
    }
    rowOnColumn[row + i] = columnOnRow[row + i] = NaN;
  }
}

/** t-ratio of the level in D(t) on e(t-1) and D(t-1), from sums over all rows and the edges. */
function ratio(
  left: number,
  changes: number,
  twoBar: number,
  first: number,
  second: number,
  last: number,
  beforeLast: number,
  perFreedom: number,
): number {
  const head = second - first;
  const tail = last - beforeLast;
  const now = changes - head * head;
  const lagged = changes - tail * tail;
  const crossed = 0.5 * (twoBar - now - lagged);
  const firstSquare = first * first;
  const lastSquare = last * last;
  const level = left - firstSquare - lastSquare;
  const a = 0.5 * (lastSquare - second * second - now);
  const b = 0.5 * (beforeLast * beforeLast - firstSquare + lagged);
  const determinant = level * lagged - b * b;
  const g = a * lagged - crossed * b;
  const f = crossed * level - a * b;
  return g / Math.sqrt((now * determinant - g * a - f * crossed) * lagged * perFreedom);
}
