/** Rows of two series in which both values are there. */
export interface CompleteRows {
  /** The dependent values, oldest first. */
  readonly y: Float64Array;
  /** The values beside them. */
  readonly x: Float64Array;
}

/** Keeps the rows in which both values are finite. */
export function completeRows(y: ArrayLike<number>, x: ArrayLike<number>): CompleteRows {
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot pair two series as they must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  const keptY = new Float64Array(y.length);
  const keptX = new Float64Array(y.length);
  let rows = 0;
  for (let t = 0; t < y.length; t++) {
    if (!Number.isFinite(y[t]) || !Number.isFinite(x[t])) continue;
    keptY[rows] = y[t]!;
    keptX[rows++] = x[t]!;
  }
  return { y: keptY.subarray(0, rows), x: keptX.subarray(0, rows) };
}

/** Whether all values are the same number: the only safe sign of zero variance. */
export function isConstant(values: ArrayLike<number>): boolean {
  for (let t = 1; t < values.length; t++) if (values[t] !== values[0]) return false;
  return true;
}
