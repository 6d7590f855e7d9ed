import type { Trade } from "../../market/mod.ts";
import type { Sequenced } from "./sequenced.ts";

/** How many ids are remembered: more than a venue gives in one answer. */
const REMEMBERED = 1_500;

/** The newest ids of one symbol that were taken in, where ids alone do not tell. */
export class KnownIds {
  /** What each says, as a number; the oldest taken in first. */
  readonly #said = new Map<number, number>();
  #floor: number | null;

  /**
   * @param lastId Up to here everything counts as known; `null` for all before the first one taken in.
   * @param recent Those up to there that are known one by one, in id order.
   * @param sureId Up to this id everything counts as known, where it is not known which are after it.
   */
  constructor(lastId: number | null, recent: readonly Trade[] = [], sureId: number | null = null) {
    const [first] = recent;
    this.#floor = sureId ?? (first === undefined ? lastId : first.tradeId - 1);
    for (const trade of recent) this.#remember(trade.tradeId, signedQuote(trade));
  }

  /** Up to this id it is not known any more which were taken in: all count as such. */
  get floor(): number {
    return this.#floor ?? -1;
  }

  /** Whether an id is remembered. */
  has(id: number): boolean {
    return this.#said.has(id);
  }

  /** Whether an id that was taken in is known to have said something else. */
  contradicts(id: number, item: Sequenced): boolean {
    const said = this.#said.get(id);
    return said !== undefined && said !== sayingOf(item);
  }

  /** Takes note of an id. */
  add(id: number, item: Sequenced): void {
    this.#floor ??= id - 1;
    this.#remember(id, sayingOf(item));
  }

  #remember(id: number, saying: number): void {
    this.#said.set(id, saying);
    if (this.#said.size <= REMEMBERED) return;
    const oldest = this.#said.keys().next().value!;
    this.#said.delete(oldest);
    this.#floor = Math.max(this.floor, oldest);
  }
}

/** Quote volume, negative where the taker sold: two trades of one id that differ differ in it. */
function signedQuote({ price, quantity, takerSide }: Trade): number {
  return takerSide === "buy" ? price * quantity : -price * quantity;
}

function sayingOf(item: Sequenced): number {
  return item.kind === "trade" ? signedQuote(item.trade) : NaN;
}
