const FIRST_CAPACITY = 1_024;
/** "PGCOPY\n\xff\r\n\0", flags and the length of an extension that there is none of. */
const HEADER_BYTES = 19;

/** Takes the binary output of COPY, all of type float8, into columns; NULL becomes NaN. */
export class ColumnDecoder {
  readonly #width: number;
  #columns: Float64Array[];
  #rest = new Uint8Array();
  #isBegun = false;
  #length = 0;

  /** @param width How many columns there are. */
  constructor(width: number) {
    this.#width = width;
    this.#columns = emptyColumns(width, FIRST_CAPACITY);
  }

  /** Rows taken so far. */
  get length(): number {
    return this.#length;
  }

  /** Takes the next bytes; a row may be cut anywhere. */
  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (!this.#isBegun && bytes.length >= HEADER_BYTES) {
      at = HEADER_BYTES;
      this.#isBegun = true;
    }
    for (let end = at; this.#isBegun; at = end) {
      if (at + 2 > bytes.length || view.getInt16(at) < 0) break;
      end = this.#row(view, at + 2);
      if (end < 0) break;
    }
    this.#rest = bytes.slice(at);
  }

  /** The columns, each with memory of its own that can be handed over. */
  columns(): Float64Array[] {
    return this.#columns.map((column) => column.slice(0, this.#length));
  }

  /** Takes a row; gives where it ends, or -1 where it is not complete yet. */
  #row(view: DataView, from: number): number {
    if (this.#length === this.#columns[0]!.length) this.#grow();
    let at = from;
    for (let k = 0; k < this.#width; k++) {
      if (at + 4 > view.byteLength) return -1;
      const bytes = view.getInt32(at);
      at += 4;
      if (bytes >= 0 && at + bytes > view.byteLength) return -1;
      this.#columns[k]![this.#length] = bytes < 0 ? NaN : view.getFloat64(at);
      if (bytes > 0) at += bytes;
    }
    this.#length++;
    return at;
  }

  #grow(): void {
    const larger = emptyColumns(this.#width, 2 * this.#length);
    larger.forEach((column, k) => column.set(this.#columns[k]!));
    this.#columns = larger;
  }
}

function emptyColumns(width: number, capacity: number): Float64Array[] {
  return Array.from({ length: width }, () => new Float64Array(capacity));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
