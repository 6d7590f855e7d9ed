import { idOf, isSame, type Sequenced } from "./sequenced.ts";

/** How many items are remembered; a power of two. */
const RECENT = 32;

/** The last items that were delivered, to compare duplicates with. */
export class RecentItems {
  readonly #items: (Sequenced | undefined)[] = new Array(RECENT);

  /** Takes note of an item. */
  add(id: number, item: Sequenced): void {
    this.#items[id % RECENT] = item;
  }

  /** Whether an item is known to say something else than one of its id that was delivered. */
  contradicts(id: number, item: Sequenced): boolean {
    const known = this.#items[id % RECENT];
    return known !== undefined && idOf(known) === id && !isSame(known, item);
  }
}
