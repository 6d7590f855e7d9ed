/**
 * Engle-Granger's t-ratio of y on x at lag 1 in one pass over the window for the residuals and the
 * five sums of the test: a good direct loop, O(rows).
 */
export function directRatio(y: Float64Array, x: Float64Array): number {
  const rows = y.length;
  let meanY = 0;
  let meanX = 0;
  for (let t = 0; t < rows; t++) {
    meanY += y[t]!;
    meanX += x[t]!;
  }
  meanY /= rows;
  meanX /= rows;
  let cross = 0;
  let square = 0;
  for (let t = 0; t < rows; t++) {
    const deviation = x[t]! - meanX;
    cross += deviation * (y[t]! - meanY);
    square += deviation * deviation;
  }
  const slope = cross / square;
  let level = 0;
  let levelNow = 0;
  let levelLagged = 0;
  let now = 0;
  let lagged = 0;
  let crossed = 0;
  const first = y[0]! - meanY - slope * (x[0]! - meanX);
  let residual = y[1]! - meanY - slope * (x[1]! - meanX);
  let before = residual - first;
  for (let t = 2; t < rows; t++) {
    const next = y[t]! - meanY - slope * (x[t]! - meanX);
    const change = next - residual;
    level += residual * residual;
    levelNow += residual * change;
    levelLagged += residual * before;
    now += change * change;
    lagged += before * before;
    crossed += change * before;
    residual = next;
    before = change;
  }
  const determinant = level * lagged - levelLagged * levelLagged;
  const g = levelNow * lagged - crossed * levelLagged;
  const f = crossed * level - levelNow * levelLagged;
  return g / Math.sqrt((now * determinant - g * levelNow - f * crossed) * lagged / (rows - 4));
}
