import type { Bar } from "../market/mod.ts";
import {
  CloseAligner,
  type Leg,
  PairMonitor,
  type PairOptions,
  type PairReading,
} from "../pairs/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import { barsFrom } from "./bars_from.ts";
import { markedAs } from "./marked_table.ts";
import { type Column, columnsOf, pagedTable, recordTable, type Table } from "./table.ts";

/** Readings are of any length; the windows they depend on are shorter than this, in bars. */
const HISTORY_BARS = 100_000;

/** Which readings to write. */
export interface ReadingTableOptions {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /** How the pair is measured. */
  readonly pair: PairOptions;
  /**
   * First open time, ms since the epoch. What the first reading depends on is read from before it.
   * @default {the oldest}
   */
  readonly fromMs?: number | null;
  /** End of the range, exclusive. @default {after the newest} */
  readonly toMs?: number | null;
}

const COLUMNS: readonly Column<PairReading>[] = [
  ...columnsOf<PairReading>("int64", ["openTimeMs"]),
  ...columnsOf<PairReading>("double", ["y", "x"]),
  ...columnsOf<PairReading>("double", [
    ...["hedgeRatio", "hedgeRatioError", "intercept", "spread", "spreadMean"] as const,
    ...["spreadDeviation", "zScore", "correlation", "halfLifeBars"] as const,
  ], true),
  ...columnsOf<PairReading>("boolean", ["stale", "complete"]),
  ...columnsOf<PairReading>("string", ["reason"], true),
];

/**
 * Returns the readings of a pair, oldest first: the same as in the live view, with missing closes
 * carried on, in memory that does not grow with their number.
 *
 * @example See {@link readingsTable} for readings that are there already
 * ```ts
 * import { readingTable } from "tandem/tables";
 * import { openReader, openWriter } from "tandem/store";
 * import { throws } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * using reader = openReader(path);
 * const pair = { y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, pair: { windowBars: 60 } };
 * throws(() => [...readingTable(reader, pair).rows()], /no bars of ETHUSDT|bars of 1m of ETHUSDT/);
 * ```
 *
 * @param reader The database.
 * @param options Legs, interval, range and measure.
 * @returns The table; its rows throw `RangeError` where a leg has no bars the interval can be made
 *   of, or an option of the pair is out of range.
 */
export function readingTable(reader: StoreReader, options: ReadingTableOptions): Table {
  const table = pagedTable(
    COLUMNS,
    () => readingPages(reader, options),
    (reading) => reading.openTimeMs,
  );
  return markedAs(reader, table);
}

/**
 * Returns readings that are there already as a table.
 *
 * @example Three readings of which none has a z-score yet
 * ```ts
 * import { readingsTable } from "tandem/tables";
 * import { pairReadings } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rows = [7, 8, 9].map((y, row) => (
 *   { row, openTimeMs: 60_000 * row, y, x: 5, stale: false, complete: true, revision: 0 }
 * ));
 * const [page] = readingsTable(pairReadings(rows, { windowBars: 60 })).rows();
 * deepStrictEqual(page!.columns.y, [7, 8, 9]);
 * deepStrictEqual(page!.columns.z_score, [null, null, null]);
 * ```
 *
 * @param readings The readings, oldest first.
 * @returns The table.
 */
export function readingsTable(readings: readonly PairReading[]): Table {
  return recordTable(COLUMNS, readings);
}

function* readingPages(
  reader: StoreReader,
  { y, x, intervalMs, fromMs = null, toMs = null, pair }: ReadingTableOptions,
): Generator<PairReading[]> {
  const firstMs = fromMs ?? -Infinity;
  // A window of changes of a spread that itself looks back a window.
  const barsFromMs = fromMs === null ? null : fromMs - (2 * pair.windowBars + 2) * intervalMs;
  const aligner = new CloseAligner({ intervalMs, fill: "previous", historyBars: HISTORY_BARS });
  const monitor = new PairMonitor(pair);
  const legOf = (symbol: string) =>
    new Leading(barsFrom(reader, { symbol, intervalMs, fromMs: barsFromMs, toMs }));
  const legs: Readonly<Record<Leg, Leading>> = { y: legOf(y), x: legOf(x) };
  let newestMs = -Infinity;
  while (true) {
    // The leg that is behind goes on, so that neither waits for more than a page of the other.
    const leg: Leg = legs.y.nextMs <= legs.x.nextMs ? "y" : "x";
    const page = legs[leg].take();
    if (page === null) break;
    newestMs = Math.max(newestMs, page.at(-1)!.openTimeMs);
    yield page.flatMap((bar) => aligner.push(leg, bar)).map((row) => monitor.push(row))
      .filter((reading) => reading.openTimeMs >= firstMs);
  }
  // The leg that stopped trading first is carried on until the other ends.
  yield aligner.advance(newestMs).map((row) => monitor.push(row))
    .filter((reading) => reading.openTimeMs >= firstMs);
}

/** Pages of bars of which the first time of the next is known. */
class Leading {
  readonly #pages: Generator<Bar[]>;
  #next: Bar[] | null = null;

  constructor(pages: Generator<Bar[]>) {
    this.#pages = pages;
    this.#turn();
  }

  /** Open time of the next bar, ms; `Infinity` at the end. */
  get nextMs(): number {
    return this.#next?.[0]?.openTimeMs ?? Infinity;
  }

  take(): Bar[] | null {
    const page = this.#next;
    this.#turn();
    return page;
  }

  #turn(): void {
    const { done, value } = this.#pages.next();
    this.#next = done === true ? null : value;
  }
}
