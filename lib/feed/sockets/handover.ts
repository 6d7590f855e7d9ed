/**
 * The time in which two sockets carry the same streams, one to take the place of the other. Pure:
 * ids come in, and it tells when nothing can be lost any more.
 *
 * A symbol is safe once the first id of the new socket follows the last of the old one without a
 * hole. A symbol that the old one has not delivered since the beginning is quiet and holds nobody up.
 */
export class Handover<Wire> {
  readonly #old: Wire;
  readonly #next: Wire;
  readonly #lastOld = new Map<string, number>();
  readonly #firstNext = new Map<string, number>();
  readonly #safe = new Set<string>();

  constructor(old: Wire, next: Wire) {
    this.#old = old;
    this.#next = next;
  }

  /** How many symbols the old socket still delivers alone. */
  get waiting(): number {
    return this.#lastOld.size;
  }

  /** Takes note of an id that came on one of the two sockets. */
  saw(wire: Wire, symbol: string, id: number): void {
    if (this.#safe.has(symbol)) return;
    if (wire === this.#next) {
      this.#firstNext.set(symbol, Math.min(id, this.#firstNext.get(symbol) ?? Infinity));
    } else if (wire === this.#old) {
      this.#lastOld.set(symbol, Math.max(id, this.#lastOld.get(symbol) ?? -1));
    }
    const last = this.#lastOld.get(symbol);
    const first = this.#firstNext.get(symbol);
    if (last === undefined || first === undefined || first > last + 1) return;
    this.#safe.add(symbol);
    this.#lastOld.delete(symbol);
    this.#firstNext.delete(symbol);
  }
}
