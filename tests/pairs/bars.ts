import type { AlignedRow, CloseBar } from "../../lib/pairs/mod.ts";
import { normal, uniform } from "../support/random.ts";

/** Bars of given closes at row numbers 0, 1, 2, …; `null` leaves an interval out. */
export function barsOf(
  closes: readonly (number | null)[],
  intervalMs = 1_000,
  firstRow = 0,
): CloseBar[] {
  return closes.flatMap((close, i) =>
    close === null
      ? []
      : [{ openTimeMs: (firstRow + i) * intervalMs, close, complete: true, revision: 0 }]
  );
}

/** Closes of two cointegrated legs, each leg silent in some intervals. */
export function pairCloses(
  seed: number,
  count: number,
  silent = 0.2,
): { y: (number | null)[]; x: (number | null)[] } {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  const y: (number | null)[] = [];
  const x: (number | null)[] = [];
  let level = Math.log(3_000);
  let spread = 0;
  for (let i = 0; i < count; i++) {
    level += 2e-4 * next();
    spread = 0.8 * spread + 3e-4 * next();
    x.push(chance() < silent ? null : cents(Math.exp(level)));
    y.push(chance() < silent ? null : cents(Math.exp(1.5 + 1.2 * level + spread)));
  }
  return { y, x };
}

/** Rows of a simulated pair, without silent intervals. */
export function pairRows(seed: number, count: number, firstRow = 0): AlignedRow[] {
  const { y, x } = pairCloses(seed, count, 0);
  return y.map((close, i) => ({
    row: firstRow + i,
    openTimeMs: (firstRow + i) * 1_000,
    y: close!,
    x: x[i]!,
    stale: false,
    complete: true,
    revision: 0,
  }));
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}
