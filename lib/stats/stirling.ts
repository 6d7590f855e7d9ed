/**
 * What Stirling's formula leaves out: ln Gamma(n + 1) - (n + 1/2) ln n + n - ln(2 pi) / 2.
 *
 * Together with `deviance()` it gives binomial and Poisson weights without the cancellation that
 * log-gamma functions suffer at large arguments (Loader, Fast and accurate computation of binomial
 * probabilities, 2000).
 *
 * @param n Any number > 0, not necessarily whole.
 * @returns The remainder, about 1 / (12 n).
 */
export function stirlingError(n: number): number {
  let carried = 0;
  let m = n;
  for (; m < 16; m++) carried += (m + 0.5) * Math.log1p(1 / m) - 1;
  const s = 1 / (m * m);
  const series = 1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188))));
  return carried + series / m;
}

/**
 * The Poisson deviance x ln(x / mean) + mean - x, accurate also where `x` is close to `mean`.
 *
 * @param x Observed value; > 0.
 * @param mean Expected value; > 0.
 * @param difference `x` - `mean`, where the caller knows it to more digits.
 * @returns A number >= 0.
 */
export function deviance(x: number, mean: number, difference = x - mean): number {
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  const square = v * v;
  let sum = difference * v;
  let power = 2 * x * v;
  for (let k = 3; k < 1_000; k += 2) {
    power *= square;
    const next = sum + power / k;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
