/** Reads what a `ByteWriter` has written. Throws a `RangeError` where the bytes end before it does. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether everything was read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next byte. */
  byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError("it ends too early");
    return this.#bytes[this.#at++]!;
  }

  /** The next whole number in [0, 2^53). */
  unsigned(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let unit = 128;
    do {
      byte = this.byte();
      value += (byte & 127) * unit;
      unit *= 128;
    } while (byte >= 128 && unit < 2 ** 56);
    if (byte >= 128 || !Number.isSafeInteger(value)) throw new RangeError("a number is too large");
    return value;
  }

  /** The next whole number in (-2^53, 2^53). */
  signed(): number {
    const first = this.byte();
    const size = (first & 63) + (first < 128 ? 0 : 64 * this.unsigned());
    return (first & 64) === 0 ? size : -size;
  }

  /** The next double. */
  double(): number {
    if (this.#at + 8 > this.#bytes.length) throw new RangeError("it ends too early");
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** The next bytes, after their number. */
  block(): Uint8Array {
    const length = this.unsigned();
    if (this.#at + length > this.#bytes.length) throw new RangeError("it ends too early");
    const block = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return block;
  }
}
