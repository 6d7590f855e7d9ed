import { Random } from "tandem/stats";

/** Log prices of two legs, oldest first. */
export interface SeededPair {
  /** The dependent leg. */
  readonly y: number[];
  /** The hedge leg. */
  readonly x: number[];
}

/**
 * Returns log prices of two cointegrated legs: one-second steps of 1 bp, and a spread that keeps
 * 97 % from bar to bar.
 *
 * @param count Number of bars.
 */
export function seededPair(count: number): SeededPair {
  const random = new Random(1);
  const x: number[] = [];
  const y: number[] = [];
  let price = 11.6;
  let spread = 0;
  for (let t = 0; t < count; t++) {
    price += random.normal() * 1e-4;
    spread = 0.97 * spread + random.normal() * 1e-5;
    x.push(price);
    y.push(1.2 * price - 5 + spread);
  }
  return { y, x };
}
