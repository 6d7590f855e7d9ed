const FIRST_CAPACITY = 1_024;
/** Below it, the quick way with 32-bit operations is right. */
const SMALL = 2 ** 28;

/** Bytes that grow as whole numbers are added to them. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  /** What was written. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds one byte. */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** Adds a whole number in [0, 2^53), seven bits a byte, the lowest first. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= SMALL) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.byte((rest & 127) | 128);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Adds a whole number in (-2^53, 2^53): six bits and the sign, then the rest as `unsigned()`. */
  signed(value: number): void {
    const size = Math.abs(value);
    const sign = value < 0 ? 64 : 0;
    if (size < 64) this.byte(size | sign);
    else {
      this.byte((size % 64) | sign | 128);
      this.unsigned(Math.floor(size / 64));
    }
  }

  /** Adds a double, its lowest byte first. */
  double(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Adds bytes after their number. */
  block(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #grow(more: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
