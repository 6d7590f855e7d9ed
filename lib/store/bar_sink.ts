import type { BarColumns } from "./reader.ts";
import type { TakeRow } from "./row_scan.ts";

const FIRST_CAPACITY = 8_192;

/** Open time, open, close and state: twice the revision, and 1 more where the bar is complete. */
const COLUMNS = 4;

/** Gathers bars that come newest first, of one venue after another. */
export class BarSink {
  #length = 0;
  #columns = emptyColumns(FIRST_CAPACITY);
  /** At this length enough of the venue has come. */
  #end = Infinity;

  /** Begins the next venue, of which at most so many bars are wanted. */
  begin(limit = Infinity): void {
    this.#end = this.#length + limit;
  }

  get isDone(): boolean {
    return this.#length >= this.#end;
  }

  /** Takes the next bar. */
  readonly take: TakeRow = (openTimeMs, open, close, state) => {
    if (this.#length === this.#columns[0]!.length) this.#grow();
    const at = this.#length++;
    const columns = this.#columns;
    columns[0]![at] = openTimeMs;
    columns[1]![at] = open;
    columns[2]![at] = close;
    columns[3]![at] = state;
    return this.#length === this.#end ? 1 : 0;
  };

  /** What was gathered, oldest first; of several venues the newest `limit` in order of time. */
  columns(isMixed: boolean, limit = Infinity): BarColumns {
    const upwards = this.#columns.map((column) => column.subarray(0, this.#length).reverse());
    const [openTimeMs, open, close, state] = isMixed ? inOrder(upwards, limit) : upwards;
    return {
      openTimeMs: openTimeMs!,
      open: open!,
      close: close!,
      complete: Uint8Array.from(state!, (value) => value % 2),
      revision: state!.map((value) => Math.floor(value / 2)),
    };
  }

  #grow(): void {
    const larger = emptyColumns(2 * this.#length);
    larger.forEach((column, k) => column.set(this.#columns[k]!));
    this.#columns = larger;
  }
}

function emptyColumns(capacity: number): Float64Array[] {
  return Array.from({ length: COLUMNS }, () => new Float64Array(capacity));
}

/** The newest rows in order of the first column. */
function inOrder(columns: readonly Float64Array[], limit: number): Float64Array[] {
  const times = columns[0]!;
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const newest = order.subarray(Math.max(0, order.length - limit));
  return columns.map((column) => Float64Array.from(newest, (at) => column[at]!));
}
