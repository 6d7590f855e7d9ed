import type { ActivityRing } from "./activity_ring.ts";
import { Mark, type PriceRing } from "./price_ring.ts";
import type { ScreenSymbol } from "./screen.ts";
import { leftOut, type SymbolFilter } from "./screen_filter.ts";
import type { SymbolSlots } from "./symbol_slots.ts";

const DAY_MS = 86_400_000;

/** What there is to know about symbols. */
export interface SymbolState {
  readonly intervalMs: number;
  readonly maxStaleShare: number;
  readonly slots: SymbolSlots;
  readonly ring: PriceRing;
  readonly activity: ActivityRing;
}

/** The symbol of each column with the reason why it is left out; `null` for an empty column. */
export function screenSymbols(state: SymbolState, filter: SymbolFilter): (ScreenSymbol | null)[] {
  const { intervalMs, slots, ring, activity } = state;
  const { windowBars } = ring;
  return Array.from({ length: slots.columns }, (_, slot) => {
    const symbol = slots.name(slot);
    if (symbol === null) return null;
    const bars = windowBars - ring.count(slot, Mark.absent);
    const { quoteVolume, trades } = activity.of(slot);
    const known = {
      symbol,
      quote: slots.asset(slot)!.quote,
      bars,
      staleShare: ring.count(slot, Mark.stale) / windowBars,
      incompleteShare: ring.count(slot, Mark.incomplete) / windowBars,
      quoteVolumePerDay: quoteVolume === null ? null : quoteVolume * DAY_MS / (bars * intervalMs),
      tradesPerBar: trades === null ? null : trades / bars,
    };
    const reason = unusable(state, slot, filter) ?? leftOut(known, filter);
    return { ...known, reason };
  });
}

/** Why the symbol of a column cannot be tested, or `null`. */
function unusable({ ring, maxStaleShare }: SymbolState, slot: number, filter: SymbolFilter) {
  const { windowBars } = ring;
  const absent = ring.count(slot, Mark.absent);
  if (absent > 0) return `warming up: ${windowBars - absent} of ${windowBars} bars`;
  const stale = ring.count(slot, Mark.stale);
  if (stale > (filter.maxStaleShare ?? maxStaleShare) * windowBars) {
    return `stale: no trade in ${stale} of ${windowBars} bars`;
  }
  return ring.isFrozen(slot) ? "the price does not vary" : null;
}
