import type { Universe, UniverseBar } from "../../lib/universe/mod.ts";
import { normal } from "../support/random.ts";

/** Log prices of symbols, a row per bar. */
export type LogRows = readonly (readonly number[])[];

/** Seeded log prices: a common factor and own noise; every third symbol follows the one before. */
export function logRows(
  options: { seed: number; symbols: number; bars: number; deviation?: number },
): number[][] {
  const { seed, symbols, bars, deviation = 0.002 } = options;
  const next = normal(seed);
  const level = Array.from({ length: symbols }, (_, i) => i - 2 + Math.abs(next()));
  const loading = level.map(() => 0.3 + Math.abs(next()));
  const spread = level.map(() => 0);
  return Array.from({ length: bars }, () => {
    const factor = deviation * next();
    for (let i = 0; i < symbols; i++) level[i]! += loading[i]! * factor + deviation * next();
    return level.map((value, i) => {
      if (i % 3 !== 2) return value;
      spread[i] = 0.7 * spread[i]! + deviation * next();
      return 0.8 * level[i - 1]! + spread[i]!;
    });
  });
}

/** The name of a symbol. */
export const nameOf = (i: number): string => `S${i}`;

/** The bars of one row; `null` where a symbol does not trade. */
export function barsOf(row: readonly (number | null)[], complete = true): UniverseBar[] {
  return row.flatMap((log, i) =>
    log === null ? [] : [{ symbol: nameOf(i), close: Math.exp(log), complete }]
  );
}

/** Pushes rows, the first as bar number `first`. */
export function pushAll(
  universe: Universe,
  rows: readonly (readonly (number | null)[])[],
  first = 0,
): void {
  rows.forEach((row, t) => universe.push((first + t) * universe.intervalMs, barsOf(row)));
}

/** The series of a symbol as the universe sees it: logs of closes. */
export function series(rows: LogRows, i: number): number[] {
  return rows.map((row) => Math.log(Math.exp(row[i]!)));
}
