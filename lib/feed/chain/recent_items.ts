import type { Sequenced } from "./sequenced.ts";

/** How many items are remembered; a power of two. */
const RECENT = 32;

const [NONE, NO_TRADE, SOLD, BOUGHT] = [0, 1, 2, 3];

/**
 * The last items that were delivered, to compare duplicates with: what they say as numbers, as
 * objects that live so long would be what the garbage collector has most work with.
 */
export class RecentItems {
  readonly #ids = new Float64Array(RECENT);
  readonly #whats = new Uint8Array(RECENT).fill(NONE);
  readonly #timesMs = new Float64Array(RECENT);
  readonly #prices = new Float64Array(RECENT);
  readonly #quantities = new Float64Array(RECENT);

  /** Takes note of an item. */
  add(id: number, item: Sequenced): void {
    const at = id & (RECENT - 1);
    this.#ids[at] = id;
    this.#whats[at] = whatOf(item);
    if (item.kind !== "trade") return;
    const { timeMs, price, quantity } = item.trade;
    this.#timesMs[at] = timeMs;
    this.#prices[at] = price;
    this.#quantities[at] = quantity;
  }

  /** Whether an item is known to say something else than one of its id that was delivered. */
  contradicts(id: number, item: Sequenced): boolean {
    const at = id & (RECENT - 1);
    if (this.#ids[at] !== id || this.#whats[at] === NONE) return false;
    if (this.#whats[at] !== whatOf(item)) return true;
    if (item.kind !== "trade") return false;
    const { timeMs, price, quantity } = item.trade;
    return this.#timesMs[at] !== timeMs || this.#prices[at] !== price ||
      this.#quantities[at] !== quantity;
  }
}

function whatOf(item: Sequenced): number {
  if (item.kind !== "trade") return NO_TRADE;
  return item.trade.takerSide === "buy" ? BOUGHT : SOLD;
}
