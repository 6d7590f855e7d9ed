import { type Columns, RowBlocks } from "../../../charts/mod.ts";

type Cell = number | null;

/** The rows of a chart, growing at the end, rewritten where they are amended. */
export class RowBuffer {
  readonly #mostRows: number;
  readonly #breakAfterMs: number | null;
  readonly #blocks = new Map<readonly Cell[], RowBlocks>();
  #columns: { t: number[]; [key: string]: Cell[] } = { t: [] };
  #revision = 0;

  /**
   * @param columns The first rows; they are copied.
   * @param breakAfterMs Where a line through them breaks, as in a chart.
   * @param mostRows Beyond so many the oldest rows are let go of.
   */
  constructor(columns: Columns, breakAfterMs: number | null = null, mostRows = 500_000) {
    this.#breakAfterMs = breakAfterMs;
    this.#mostRows = mostRows;
    this.replace(columns);
  }

  /** The rows; changes with the buffer. */
  get columns(): Columns {
    return this.#columns;
  }

  /** How many rows there are. */
  get length(): number {
    return this.#columns.t.length;
  }

  /** How often they have changed. */
  get revision(): number {
    return this.#revision;
  }

  /** Extremes of blocks of one of the columns, kept up with it. */
  blocksOf(values: readonly Cell[]): RowBlocks {
    return this.#blocks.getOrInsertComputed(
      values,
      () => new RowBlocks(this.#columns.t, values, this.#breakAfterMs),
    );
  }

  /** Starts over with other rows. */
  replace(columns: Columns): void {
    this.#revision++;
    this.#blocks.clear();
    this.#columns = { t: [] };
    for (const [key, values] of Object.entries(columns)) this.#columns[key] = [...values];
  }

  /** Replaces all rows from a time on. */
  amend(fromMs: number, rows: Columns): void {
    this.#revision++;
    const { t } = this.#columns;
    let keep = t.length;
    while (keep > 0 && t[keep - 1]! >= fromMs) keep--;
    for (const [key, values] of Object.entries(this.#columns)) {
      values.length = keep;
      const added = rows[key];
      for (let k = 0; k < rows.t.length; k++) values.push(added?.[k] ?? null);
    }
    for (const blocks of this.#blocks.values()) blocks.changed(keep);
    this.#forget();
  }

  /** Adds rows at the end; rows that are there already are replaced. */
  append(rows: Columns): void {
    if (rows.t.length > 0) this.amend(rows.t[0]!, rows);
  }

  #forget(): void {
    const excess = this.length - this.#mostRows;
    if (excess <= this.#mostRows / 10) return;
    for (const values of Object.values(this.#columns)) values.splice(0, excess);
    this.#blocks.clear();
  }
}
