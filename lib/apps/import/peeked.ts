/** Parts of rows of which the first can be looked at before they are read. */
export class Peeked<T> implements AsyncIterable<readonly T[]> {
  readonly #rest: AsyncIterator<readonly T[]>;
  readonly #wanted: number;
  #start: readonly T[] | null = null;

  /** @param wanted How many rows of the beginning are wanted. */
  constructor(parts: AsyncIterable<readonly T[]>, wanted: number) {
    this.#rest = parts[Symbol.asyncIterator]();
    this.#wanted = wanted;
  }

  /** The beginning; shorter than wanted where there is no more, else at least that long. */
  async start(): Promise<readonly T[]> {
    if (this.#start !== null) return this.#start;
    const start: T[] = [];
    while (start.length < this.#wanted) {
      const { done, value } = await this.#rest.next();
      if (done === true) break;
      start.push(...value);
    }
    return this.#start = start;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[], void, undefined> {
    try {
      yield await this.start();
      while (true) {
        const { done, value } = await this.#rest.next();
        if (done === true) return;
        yield value;
      }
    } finally {
      await this.#rest.return?.();
    }
  }
}
