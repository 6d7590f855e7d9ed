import { venueOf } from "../market/mod.ts";
import type { BarSource } from "../pairs/mod.ts";

/** Whether the ids of a venue can prove a bar of a symbol complete. */
function canBeProven(symbol: string): boolean {
  return venueOf(symbol)?.promises.unproven == null;
}

/**
 * Says that nothing proves the bars of some symbols.
 *
 * @returns What speaks against trusting them, or `null` where ids prove them.
 */
export function unprovenCaveat(symbols: readonly string[]): string | null {
  const unproven = symbols.filter((symbol) => !canBeProven(symbol));
  return unproven.length === 0 ? null : `nothing proves the bars of ${unproven.join(" and ")}`;
}

/** Returns bars of a symbol as they are taken: where nothing can prove them, as they stand. */
export function takenBars<T extends { readonly complete: boolean }>(
  symbol: string,
  bars: readonly T[],
): readonly T[] {
  return canBeProven(symbol) ? bars : bars.map((bar) => ({ ...bar, complete: true }));
}

/** Returns a source of bars as they are taken. */
export function takenSource(source: BarSource): BarSource {
  return {
    priceBars: (query) => takenBars(query.symbol, source.priceBars(query)),
    cursor: () => source.cursor(),
    barChanges(query) {
      const { bars, cursor } = source.barChanges(query);
      return { bars: takenBars(query.symbol, bars), cursor };
    },
  };
}
