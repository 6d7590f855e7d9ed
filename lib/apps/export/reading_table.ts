import type { Bar } from "../../market/mod.ts";
import {
  CloseAligner,
  type Leg,
  PairMonitor,
  type PairOptions,
  type PairReading,
} from "../../pairs/mod.ts";
import type { ParquetField, StoreReader } from "../../store/mod.ts";
import { barsFrom } from "./bars_from.ts";
import { type Rows, type Table, toRows } from "./table.ts";

/** Readings are of any length; the windows they depend on are shorter than this, in bars. */
const HISTORY_BARS = 100_000;

type Cell = number | string | boolean | null;

/** Which readings to write. */
export interface ReadingSpan {
  readonly y: string;
  readonly x: string;
  readonly intervalMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly pair: PairOptions;
}

const NUMBERS = [
  ...["y", "x", "hedgeRatio", "hedgeRatioError", "intercept", "spread", "spreadMean"],
  ...["spreadDeviation", "zScore", "correlation", "halfLifeBars"],
] as const satisfies readonly (keyof PairReading)[];

const FIELDS: readonly ParquetField[] = [
  { name: "open_time_ms", type: "int64" },
  ...NUMBERS.map((name): ParquetField => ({
    ...{ name: snakeCase(name), type: "double" },
    nullable: true,
  })),
  { name: "stale", type: "boolean" },
  { name: "complete", type: "boolean" },
  { name: "reason", type: "string", nullable: true },
];

const COLUMNS: Readonly<Record<string, (reading: PairReading) => Cell>> = {
  open_time_ms: (reading) => reading.openTimeMs,
  ...Object.fromEntries(
    NUMBERS.map((name) => [snakeCase(name), (reading: PairReading) => reading[name]]),
  ),
  stale: (reading) => reading.stale,
  complete: (reading) => reading.complete,
  reason: (reading) => reading.reason,
};

/** The readings of a pair, oldest first: the same as in the live view, with missing closes carried on. */
export function readingTable(
  reader: StoreReader,
  { y, x, intervalMs, fromMs, toMs, pair }: ReadingSpan,
  onTime: (timeMs: number) => void,
): Table {
  function* rows(): Generator<Rows> {
    const aligner = new CloseAligner({ intervalMs, fill: "previous", historyBars: HISTORY_BARS });
    const monitor = new PairMonitor(pair);
    const legs: Record<Leg, Leading> = {
      y: new Leading(barsFrom(reader, { symbol: y, intervalMs, fromMs, toMs })),
      x: new Leading(barsFrom(reader, { symbol: x, intervalMs, fromMs, toMs })),
    };
    while (true) {
      // The leg that is behind goes on, so that neither waits for more than a page of the other.
      const leg: Leg = legs.y.nextMs <= legs.x.nextMs ? "y" : "x";
      const page = legs[leg].take();
      if (page === null) return;
      const readings = page.flatMap((bar) =>
        aligner.push(leg, bar).map((row) => monitor.push(row))
      );
      if (readings.length === 0) continue;
      yield toRows(readings, COLUMNS);
      onTime(readings.at(-1)!.openTimeMs);
    }
  }
  return { fields: FIELDS, rows };
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

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
