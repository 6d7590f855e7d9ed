/** So many sequence numbers of a symbol are remembered: two sockets may tell their messages in turn. */
const REMEMBERED = 8;

/**
 * The places of trades among those of the same symbol and sequence number, in the order in which the
 * venue tells them: what makes ids of the numbers. A number whose trades fill more than one message
 * goes on in the next; a trade that comes again has its place again.
 */
export class Places {
  readonly #bySymbol = new Map<string, Map<number, Map<string, number>>>();

  /**
   * Returns the place of a trade, from 0.
   *
   * @param symbol The symbol, in any spelling.
   * @param sequence The number that it shares.
   * @param tradeId What the venue calls it.
   */
  of(symbol: string, sequence: number, tradeId: string): number {
    const sequences = this.#bySymbol.getOrInsertComputed(symbol, () => new Map());
    const places = sequences.getOrInsertComputed(sequence, () => new Map());
    const place = places.getOrInsert(tradeId, places.size);
    if (sequences.size > REMEMBERED) sequences.delete(sequences.keys().next().value!);
    return place;
  }
}
