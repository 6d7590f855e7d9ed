import type { TradeRow } from "./trade_row.ts";

const CHUNK_ROWS = 256;

/** A fixed number of rows in columns. */
class Chunk {
  size = 0;
  readonly ids = new Float64Array(CHUNK_ROWS);
  readonly firstIds = new Float64Array(CHUNK_ROWS);
  readonly lastIds = new Float64Array(CHUNK_ROWS);
  readonly times = new Float64Array(CHUNK_ROWS);
  readonly prices = new Float64Array(CHUNK_ROWS);
  readonly quantities = new Float64Array(CHUNK_ROWS);
  readonly takerSold = new Uint8Array(CHUNK_ROWS);
}

/** How many rows all histories that share it may keep together; the oldest go first. */
export class RowBudget {
  readonly #maxChunks: number;
  #owners: RowHistory[] = [];
  #oldest = 0;

  /** Allows about `rows` rows, in whole chunks. */
  constructor(rows: number) {
    if (!(rows > 0)) {
      throw new RangeError(`Cannot keep history as rows must be > 0: current value is ${rows}`);
    }
    this.#maxChunks = Math.ceil(rows / CHUNK_ROWS);
  }

  /** Notes that a history has grown by a chunk, and takes the oldest chunk from another if need be. */
  grown(owner: RowHistory): void {
    this.#owners.push(owner);
    if (this.#owners.length - this.#oldest <= this.#maxChunks) return;
    this.#owners[this.#oldest++]!.dropOldest();
    if (this.#oldest > this.#maxChunks) {
      this.#owners = this.#owners.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}

/** The rows of one symbol in id and time order, the newest as far as the budget allows. */
export class RowHistory {
  readonly #budget: RowBudget;
  readonly #chunks: Chunk[] = [];
  #size = 0;
  #dropped = false;

  /** Makes an empty history that shares `budget`. */
  constructor(budget: RowBudget) {
    this.#budget = budget;
  }

  /** How many rows are kept. */
  get size(): number {
    return this.#size;
  }

  /** Whether rows were let go: then what is older than `at(0)` is unknown, not absent. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** Appends a row; ids must increase. */
  push(row: TradeRow): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.size === CHUNK_ROWS) {
      chunk = new Chunk();
      this.#chunks.push(chunk);
      this.#budget.grown(this);
    }
    const i = chunk.size++;
    chunk.ids[i] = row.id;
    chunk.firstIds[i] = row.firstId;
    chunk.lastIds[i] = row.lastId;
    chunk.times[i] = row.timeMs;
    chunk.prices[i] = row.price;
    chunk.quantities[i] = row.quantity;
    chunk.takerSold[i] = row.takerSold ? 1 : 0;
    this.#size++;
  }

  /** Lets the oldest chunk go; for the budget. */
  dropOldest(): void {
    this.#size -= this.#chunks.shift()!.size;
    this.#dropped = true;
  }

  /** The row at a position, oldest first; negative positions count from the end. */
  at(index: number): TradeRow | undefined {
    const position = index < 0 ? this.#size + index : index;
    if (position < 0 || position >= this.#size) return undefined;
    // Every chunk but the last is full.
    const chunk = this.#chunks[Math.floor(position / CHUNK_ROWS)]!;
    const i = position % CHUNK_ROWS;
    return {
      id: chunk.ids[i]!,
      firstId: chunk.firstIds[i]!,
      lastId: chunk.lastIds[i]!,
      timeMs: chunk.times[i]!,
      price: chunk.prices[i]!,
      quantity: chunk.quantities[i]!,
      takerSold: chunk.takerSold[i] === 1,
    };
  }

  /** The rows at positions `[from, to)`. */
  slice(from: number, to: number): TradeRow[] {
    const rows: TradeRow[] = [];
    const end = Math.min(to, this.#size);
    for (let i = Math.max(0, from); i < end; i++) rows.push(this.at(i)!);
    return rows;
  }

  /** The first position whose row has an id >= `id`. */
  indexOfId(id: number): number {
    return this.#search((row) => row.id >= id);
  }

  /** The first position whose row has a time >= `timeMs`. */
  indexOfTime(timeMs: number): number {
    return this.#search((row) => row.timeMs >= timeMs);
  }

  #search(isPast: (row: TradeRow) => boolean): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isPast(this.at(middle)!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
