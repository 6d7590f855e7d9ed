import { Random } from "tandem/stats";

/** Columns of a backtest. */
export interface SeededColumns {
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly zScore: Float64Array;
  readonly hedgeRatio: Float64Array;
}

/**
 * Returns closes of two cointegrated legs, and a z-score that keeps 97 % from bar to bar.
 *
 * @param count Number of bars.
 */
export function seededColumns(count: number): SeededColumns {
  const random = new Random(1);
  const column = () => new Float64Array(count);
  const columns = { y: column(), x: column(), zScore: column(), hedgeRatio: column().fill(1.2) };
  let [level, score] = [4.6, 0];
  for (let t = 0; t < count; t++) {
    level += 1e-4 * random.normal();
    score = 0.97 * score + 0.25 * random.normal();
    columns.x[t] = Math.exp(level);
    columns.y[t] = Math.exp(1 + 1.2 * level + 1e-4 * score);
    columns.zScore[t] = score;
  }
  return columns;
}
