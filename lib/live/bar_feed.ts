import { barColumns, type Columns } from "../charts/mod.ts";
import type { Bar } from "../market/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import type { LiveFeed, RowChange } from "./feed.ts";
import type { BarsQuery } from "./query.ts";

/** The bars of one symbol. */
export class BarFeed implements LiveFeed {
  readonly #reader: StoreReader;
  readonly #query: BarsQuery;
  #bars: Bar[];
  #cursor: number;

  constructor(reader: StoreReader, query: BarsQuery) {
    const { symbol, interval: intervalMs, limit } = query;
    this.#reader = reader;
    this.#query = query;
    this.#cursor = reader.cursor();
    this.#bars = reader.bars({ symbol, intervalMs, limit });
  }

  columns(): Columns {
    return barColumns(this.#bars);
  }

  summary(): null {
    return null;
  }

  refresh(): boolean {
    return false;
  }

  poll(): RowChange | null {
    const { symbol, interval: intervalMs, limit } = this.#query;
    const changes = this.#reader.barChanges({ symbol, intervalMs, cursor: this.#cursor });
    this.#cursor = changes.cursor;
    const oldestMs = this.#bars[0]?.openTimeMs ?? -Infinity;
    const changed = changes.bars.filter((bar) => bar.openTimeMs >= oldestMs);
    const [first] = changed;
    if (first === undefined) return null;
    const lastMs = this.#bars.at(-1)?.openTimeMs ?? -Infinity;
    const byTime = new Map(this.#bars.map((bar) => [bar.openTimeMs, bar]));
    for (const bar of changed) byTime.set(bar.openTimeMs, bar);
    const bars = [...byTime.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
    this.#bars = bars.slice(-limit);
    const fromMs = first.openTimeMs;
    const rows = barColumns(bars.filter((bar) => bar.openTimeMs >= fromMs));
    return { fromMs, rows, isAppend: fromMs > lastMs };
  }
}
