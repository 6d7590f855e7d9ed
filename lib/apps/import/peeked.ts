/** Bytes of which the beginning can be looked at before they are read. */
export class Peeked implements AsyncIterable<Uint8Array> {
  readonly #rest: AsyncIterator<Uint8Array>;
  readonly #wanted: number;
  #start: Uint8Array | null = null;

  /** @param wanted How much of the beginning is wanted, bytes. */
  constructor(bytes: AsyncIterable<Uint8Array>, wanted: number) {
    this.#rest = bytes[Symbol.asyncIterator]();
    this.#wanted = wanted;
  }

  /** The beginning; shorter than wanted where there is no more. */
  async start(): Promise<Uint8Array> {
    if (this.#start !== null) return this.#start;
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < this.#wanted) {
      const { done, value } = await this.#rest.next();
      if (done === true) break;
      parts.push(value);
      length += value.length;
    }
    const start = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      start.set(part, at);
      at += part.length;
    }
    return this.#start = start;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
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
