import { deviance, stirlingError } from "./stirling.ts";

/** x^a y^b / B(a, b), with y = 1 - x. */
function weight(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const difference = y < x ? n * y - b : a - n * x;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) -
    deviance(a, n * x, difference) - deviance(b, n * y, -difference);
  return Math.sqrt(a * b / (2 * Math.PI * n)) * Math.exp(exponent);
}

/** The continued fraction of I_x(a, b) a / (x^a y^b / B(a, b)), by Lentz's method. */
function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny);
  let c = 1;
  let value = d;
  for (let m = 1; m < 1_000_000; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    value *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < 2.3e-16) break;
  }
  return value;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/**
 * The regularised incomplete beta function I_x(a, b). Both `x` and 1 - `x` are given, because a
 * caller often knows the smaller of them to more digits than a subtraction would leave.
 *
 * @param a First shape; > 0.
 * @param b Second shape; > 0.
 * @param x In [0, 1].
 * @param y 1 - `x`.
 * @returns A probability, with relative accuracy where it is small.
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const w = weight(a, b, x, y);
  return x * (a + b + 2) < a + 1
    ? w * continuedFraction(a, b, x) / a
    : 1 - w * continuedFraction(b, a, y) / b;
}
