/**
 * A small seeded generator of random numbers: the same seed gives the same numbers everywhere.
 *
 * Chris Doty-Humphrey's sfc32 (PractRand): 128 bits of state, 32 bits a draw, period of at least
 * 2^32 and 2^127 on average, passes BigCrush. Not for secrets.
 *
 * @example The same seed, the same numbers
 * ```ts
 * import { Random } from "tandem/stats";
 * import { notStrictEqual, strictEqual } from "node:assert/strict";
 *
 * strictEqual(new Random("btc").uniform(), new Random("btc").uniform());
 * notStrictEqual(new Random("btc").uniform(), new Random("eth").uniform());
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | null = null;

  /**
   * Makes a generator.
   *
   * @param seed Any text or number; `7` and `"7"` are the same seed.
   */
  constructor(seed: string | number) {
    [this.#a, this.#b, this.#c] = hashed(String(seed));
    for (let i = 0; i < 15; i++) this.#next();
  }

  /**
   * Draws from the uniform distribution on [0, 1).
   *
   * @returns A multiple of 2^-53.
   */
  uniform(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * Draws from the standard normal distribution, by Marsaglia's polar method.
   *
   * @returns A finite number; mean 0, variance 1.
   */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    while (true) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt(-2 * Math.log(square) / square);
      this.#spareNormal = v * factor;
      return u * factor;
    }
  }

  /**
   * Draws from the exponential distribution of rate 1.
   *
   * @returns A finite number >= 0; mean 1. Divide it by a rate to get a waiting time.
   */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum;
  }
}

/** FNV-1a over UTF-16 units from three offsets, each finished with MurmurHash3's mixer. */
function hashed(text: string): [number, number, number] {
  const words = [0x811c9dc5, 0x9e3779b9, 0x243f6a88];
  const mixed = words.map((word) => {
    let hash = word;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) | 0;
  });
  return [mixed[0]!, mixed[1]!, mixed[2]!];
}
