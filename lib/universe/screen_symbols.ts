import { Mark, type PriceRing } from "./price_ring.ts";
import type { ScreenSymbol } from "./screen.ts";
import type { SymbolSlots } from "./symbol_slots.ts";

/** Why the symbol of each column is left out of the tests, or `null`. */
export function exclusions(
  slots: SymbolSlots,
  ring: PriceRing,
  maxStaleShare: number,
): (string | null)[] {
  const { windowBars } = ring;
  return Array.from({ length: slots.columns }, (_, slot) => {
    if (slots.name(slot) === null) return "gone";
    const absent = ring.count(slot, Mark.absent);
    if (absent > 0) return `warming up: ${windowBars - absent} of ${windowBars} bars`;
    const stale = ring.count(slot, Mark.stale);
    if (stale > maxStaleShare * windowBars) {
      return `stale: no trade in ${stale} of ${windowBars} bars`;
    }
    return ring.isFrozen(slot) ? "the price does not vary" : null;
  });
}

/** The symbols of a screen. */
export function screenSymbols(
  slots: SymbolSlots,
  ring: PriceRing,
  reasons: readonly (string | null)[],
): ScreenSymbol[] {
  const { windowBars } = ring;
  return reasons.flatMap((reason, slot) => {
    const symbol = slots.name(slot);
    if (symbol === null) return [];
    return [{
      symbol,
      bars: windowBars - ring.count(slot, Mark.absent),
      staleShare: ring.count(slot, Mark.stale) / windowBars,
      incompleteShare: ring.count(slot, Mark.incomplete) / windowBars,
      reason,
    }];
  });
}
