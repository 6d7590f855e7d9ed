import { sequenceId, type Trade } from "../../market/mod.ts";

/** So many trades of a symbol are remembered: more than an answer of REST holds. */
const REMEMBERED = 4_000;
/** So many trades of one millisecond have an id each. */
const PLACES = 2_047;

const NUMBER = /^(?:[A-Za-z]+-)?\d*?(\d{1,15})$/;

/** What is remembered of a symbol. */
interface Known {
  readonly byName: Map<string, { readonly id: number; told: Trade | null }>;
  /** The names by id. */
  readonly taken: Map<number, string>;
}

/**
 * Makes ids of what venues call their trades: of the time, and within the millisecond of the name. The
 * same trade has the same id from whichever socket, answer or process it comes, and ids ascend with
 * time; within a millisecond in the order of the names where these are numbers, else in none.
 *
 * Where two names of one millisecond come to the same place, the second goes to the next free one: in
 * another process that may be the first, and the two are told as contradicting each other.
 */
export class TradeNames {
  readonly #bySymbol = new Map<string, Known>();

  /**
   * Returns the id of a trade, `NaN` where none can be made.
   *
   * @param symbol The symbol.
   * @param name What the venue calls the trade; whatever is known by it keeps its id.
   * @param timeMs When it was traded, ms since the epoch.
   */
  idOf(symbol: string, name: string, timeMs: number): number {
    const { byName, taken } = this.#bySymbol.getOrInsertComputed(
      symbol,
      () => ({ byName: new Map(), taken: new Map() }),
    );
    const known = byName.get(name);
    if (known !== undefined) return known.id;
    const first = placeOf(name);
    for (let k = 0; k < PLACES; k++) {
      const id = sequenceId(timeMs, (first + k) % PLACES);
      if (taken.has(id)) continue;
      if (Number.isNaN(id)) return id;
      byName.set(name, { id, told: null });
      taken.set(id, name);
      if (byName.size > REMEMBERED) this.#forgetOldest({ byName, taken });
      return id;
    }
    return NaN;
  }

  /** Takes note of a trade that a socket told. */
  tell(name: string, trade: Trade): void {
    const known = this.#bySymbol.get(trade.symbol)?.byName.get(name);
    if (known !== undefined) known.told ??= trade;
  }

  /** What sockets told of a symbol lately, by the venue's names. */
  told(symbol: string): ReadonlyMap<string, Trade> {
    const all = this.#bySymbol.get(symbol)?.byName ?? new Map<string, never>();
    return new Map([...all].flatMap(([name, { told }]) => told === null ? [] : [[name, told]]));
  }

  #forgetOldest({ byName, taken }: Known): void {
    const [[name, { id }]] = byName as Iterable<[string, { readonly id: number }]> as [
      [string, { readonly id: number }],
    ];
    byName.delete(name);
    taken.delete(id);
  }
}

/** The place that a name asks for within its millisecond. */
function placeOf(name: string): number {
  const digits = NUMBER.exec(name)?.[1];
  if (digits !== undefined) return Number(digits) % PLACES;
  // FNV-1a: names that differ in one letter are to be far from each other.
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash % PLACES;
}
