import { sequenceId, type Trade } from "../../market/mod.ts";

/** So many trades of a symbol are remembered: more than an answer of REST holds. */
const REMEMBERED = 4_000;
/** So many trades of one millisecond have an id each. */
const PLACES = 2_047;

const NUMBER = /^(?:[A-Za-z]+-)?\d*?(\d{1,15})$/;

/** What is remembered of a symbol. */
interface Known {
  /** By time and name: of a name REST may tell another time than the socket. */
  readonly byKey: Map<string, { readonly id: number; readonly name: string; told: Trade | null }>;
  readonly taken: Set<number>;
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
   * @param name What the venue calls the trade.
   * @param timeMs When it was traded, ms since the epoch; what is known by both keeps its id.
   */
  idOf(symbol: string, name: string, timeMs: number): number {
    const { byKey, taken } = this.#bySymbol.getOrInsertComputed(
      symbol,
      () => ({ byKey: new Map(), taken: new Set() }),
    );
    const key = keyOf(name, timeMs);
    const known = byKey.get(key);
    if (known !== undefined) return known.id;
    const first = placeOf(name);
    for (let k = 0; k < PLACES; k++) {
      const id = sequenceId(timeMs, (first + k) % PLACES);
      if (taken.has(id)) continue;
      if (Number.isNaN(id)) return id;
      byKey.set(key, { id, name, told: null });
      taken.add(id);
      if (byKey.size > REMEMBERED) this.#forgetOldest({ byKey, taken });
      return id;
    }
    return NaN;
  }

  /** Takes note of a trade that a socket told. */
  tell(name: string, trade: Trade): void {
    const known = this.#bySymbol.get(trade.symbol)?.byKey.get(keyOf(name, trade.timeMs));
    if (known !== undefined) known.told ??= trade;
  }

  /** What sockets told of a symbol lately, by the venue's names. */
  told(symbol: string): ReadonlyMap<string, Trade> {
    const all = this.#bySymbol.get(symbol)?.byKey.values() ?? [];
    return new Map([...all].flatMap(({ name, told }) => told === null ? [] : [[name, told]]));
  }

  #forgetOldest({ byKey, taken }: Known): void {
    const [[key, { id }]] = byKey as Iterable<[string, { readonly id: number }]> as [
      [string, { readonly id: number }],
    ];
    byKey.delete(key);
    taken.delete(id);
  }
}

function keyOf(name: string, timeMs: number): string {
  return `${timeMs} ${name}`;
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
