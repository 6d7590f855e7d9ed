import { openTimeOf } from "../../market/mod.ts";
import type { UniverseBar } from "../../universe/mod.ts";

/** A bar of one symbol, as far as a screen needs it. */
export interface TimedBar extends UniverseBar {
  readonly openTimeMs: number;
}

/** All bars of one interval. */
export interface BarRow {
  readonly openTimeMs: number;
  readonly bars: readonly TimedBar[];
}

/** Bars in open-time order become rows of longer bars (or of the same), each with all its symbols. */
export function* rowsOf(bars: Iterable<TimedBar>, intervalMs: number): Generator<BarRow> {
  let row = new Map<string, TimedBar>();
  let rowMs: number | null = null;
  for (const bar of bars) {
    const openTimeMs = openTimeOf(bar.openTimeMs, intervalMs);
    if (rowMs !== null && openTimeMs !== rowMs) {
      yield { openTimeMs: rowMs, bars: [...row.values()] };
      row = new Map();
    }
    rowMs = openTimeMs;
    row.set(bar.symbol, merge(row.get(bar.symbol), bar));
  }
  if (rowMs !== null) yield { openTimeMs: rowMs, bars: [...row.values()] };
}

/** The bar of both: it is complete if each part is. */
function merge(before: TimedBar | undefined, bar: TimedBar): TimedBar {
  return before === undefined ? bar : {
    ...bar,
    complete: before.complete && bar.complete,
    quoteVolume: sum(before.quoteVolume, bar.quoteVolume),
    tradeCount: sum(before.tradeCount, bar.tradeCount),
  };
}

function sum(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a === "number" && typeof b === "number" ? a + b : null;
}
