import type { Gap } from "../../market/mod.ts";
import type { HoldBudget, Sequenced } from "./sequenced.ts";

/** What waits for the missing ids of one symbol, as far as the budget that it shares allows. */
export class HeldItems {
  readonly #items = new Map<number, Sequenced>();
  readonly #budget: HoldBudget;

  constructor(budget: HoldBudget) {
    this.#budget = budget;
  }

  /** How many items wait. */
  get size(): number {
    return this.#items.size;
  }

  /** Whether there is room for another one. */
  get hasRoom(): boolean {
    return this.#budget.used < this.#budget.capacity;
  }

  /** Whether a gap has held items up for as long as it may. */
  isOverdue(gap: Gap | undefined, nowMs: number): boolean {
    return gap !== undefined && nowMs - gap.openedAtMs >= this.#budget.holdMs;
  }

  /** The item of an id, if it waits. */
  get(id: number): Sequenced | undefined {
    return this.#items.get(id);
  }

  /** Keeps an item. */
  add(id: number, item: Sequenced): void {
    this.#items.set(id, item);
    this.#budget.used++;
  }

  /** Gives an item up to its receiver, if it waits. */
  take(id: number): Sequenced | undefined {
    const item = this.#items.get(id);
    if (this.#items.delete(id)) this.#budget.used--;
    return item;
  }

  /** Gives everything up, in id order. */
  takeAll(): [id: number, item: Sequenced][] {
    const all = [...this.#items].sort(([a], [b]) => a - b);
    this.#budget.used -= all.length;
    this.#items.clear();
    return all;
  }

  /** The last id up to `lastId` before which nothing waits. */
  lastBefore(lastId: number): number {
    let to = lastId;
    for (const id of this.#items.keys()) if (id <= to) to = id - 1;
    return to;
  }
}
