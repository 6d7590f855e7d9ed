import { type Asset, assetOf } from "./assets.ts";

/** Which symbol has which column. A column that is given back is given to the next symbol. */
export class SymbolSlots {
  readonly #slots = new Map<string, number>();
  readonly #names: (string | null)[] = [];
  readonly #assets: (Asset | null)[] = [];
  readonly #free: number[] = [];
  #wrappers: [number, number][] | null = null;

  /** Number of columns in use or given back. */
  get columns(): number {
    return this.#names.length;
  }

  /** The column of a symbol. */
  find(symbol: string): number | undefined {
    return this.#slots.get(symbol);
  }

  /** The symbol of a column, or `null`. */
  name(slot: number): string | null {
    return this.#names[slot] ?? null;
  }

  /** What the symbol of a column is on, or `null` for a column without one. */
  asset(slot: number): Asset | null {
    return this.#assets[slot] ?? null;
  }

  /** Gives a column to a symbol that has none. */
  take(symbol: string): number {
    const slot = this.#free.shift() ?? this.#names.length;
    this.#names[slot] = symbol;
    this.#assets[slot] = assetOf(symbol);
    this.#slots.set(symbol, slot);
    this.#wrappers = null;
    return slot;
  }

  /** Takes a column back. */
  release(slot: number): void {
    const name = this.#names[slot];
    if (name === null || name === undefined) return;
    this.#slots.delete(name);
    this.#names[slot] = this.#assets[slot] = null;
    this.#free.push(slot);
    this.#wrappers = null;
  }

  /** Pairs of columns, the later first, that are contracts on one asset. */
  wrappers(): readonly [number, number][] {
    return this.#wrappers ??= this.#findWrappers();
  }

  #findWrappers(): [number, number][] {
    const byAsset = new Map<string, number[]>();
    const pairs: [number, number][] = [];
    this.#assets.forEach((asset, slot) => {
      if (asset === null) return;
      const earlier = byAsset.getOrInsertComputed(asset.key, () => []);
      for (const other of earlier) pairs.push([slot, other]);
      earlier.push(slot);
    });
    return pairs;
  }
}
