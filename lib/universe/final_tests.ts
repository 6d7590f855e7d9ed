import { doubledMinimumP } from "./false_discoveries.ts";
import type { PairStatistics } from "./lag_one.ts";
import type { Lag, LagTest } from "./lag_test.ts";
import { pairIndex } from "./moments.ts";

/** The final tests of the candidates, in their order: both directions' t-ratios and lags. */
export interface FinalTests {
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  readonly forwardLag: Uint16Array;
  readonly backwardLag: Uint16Array;
  readonly pValues: Float64Array;
}

/**
 * Tests pairs of columns, in their order.
 *
 * @param pairs The later, then the earlier column of each.
 * @param lagOne The t-ratios at lag 1.
 * @param test What tests with other lags, or `null` to take those at lag 1.
 * @param lag Lagged differences of `test`.
 */
export function finalTests(
  pairs: readonly number[],
  lagOne: PairStatistics,
  test: LagTest | null,
  lag: Lag,
): FinalTests {
  const count = pairs.length / 2;
  const tests = {
    forward: new Float64Array(count),
    backward: new Float64Array(count),
    forwardLag: new Uint16Array(count).fill(1),
    backwardLag: new Uint16Array(count).fill(1),
    pValues: new Float64Array(count),
  };
  for (let k = 0; k < count; k++) {
    const i = pairs[2 * k]!;
    const j = pairs[2 * k + 1]!;
    if (test === null) {
      tests.forward[k] = lagOne.rowOnColumn[pairIndex(i, j)]!;
      tests.backward[k] = lagOne.columnOnRow[pairIndex(i, j)]!;
    } else {
      tests.forward[k] = test.statistic(i, j, lag);
      tests.forwardLag[k] = test.lag;
      tests.backward[k] = test.statistic(j, i, lag);
      tests.backwardLag[k] = test.lag;
    }
    const [a, b] = [tests.forward[k]!, tests.backward[k]!];
    tests.pValues[k] = Number.isNaN(a + b) ? 1 : doubledMinimumP(a, b);
  }
  return tests;
}
