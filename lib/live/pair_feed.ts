import { type Columns, pairColumns } from "../charts/mod.ts";
import {
  CloseAligner,
  type CloseBar,
  type Leg,
  PairMonitor,
  type PairReading,
  type PairVerdict,
  pairVerdict,
} from "../pairs/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import type { LiveFeed, RowChange } from "./feed.ts";
import type { Summary } from "./protocol.ts";
import type { PairQuery } from "./query.ts";

const LEGS: readonly Leg[] = ["y", "x"];

const MOST_JUDGED = 5_000;

/** A verdict is made again after this long, and after this many times as long as it took. */
const VERDICT_MS = 10_000;
const VERDICT_REST = 200;

/** How many rows before a row its reading depends on. */
const warmUpRows = (windowBars: number) => 2 * windowBars + 1;

/**
 * The readings of one pair, kept up with the database.
 *
 * Bars that are revised or come late change the readings from there on; what is shown always
 * equals the readings of the bars as they are stored.
 */
export class PairFeed implements LiveFeed {
  readonly #reader: StoreReader;
  readonly #query: PairQuery;
  readonly #aligner: CloseAligner;
  readonly #monitor: PairMonitor;
  readonly #cursors: Record<Leg, number>;
  readonly #readings: PairReading[] = [];
  #newestMs = -Infinity;
  #verdict: PairVerdict | null = null;
  #judgeAtMs = -Infinity;

  constructor(reader: StoreReader, query: PairQuery) {
    const { interval: intervalMs, window: windowBars, method, scale, limit } = query;
    this.#reader = reader;
    this.#query = query;
    const rows = limit + warmUpRows(windowBars);
    this.#aligner = new CloseAligner({ intervalMs, fill: "previous", historyBars: rows });
    this.#monitor = new PairMonitor({ windowBars, method, scale, historyRows: rows });
    const cursor = reader.cursor();
    this.#cursors = { y: cursor, x: cursor };
    this.#load(rows);
  }

  /** The newest readings, oldest first. */
  get readings(): readonly PairReading[] {
    return this.#readings;
  }

  columns(): Columns {
    return pairColumns(this.#readings);
  }

  summary(): Summary {
    return { reading: this.#readings.at(-1) ?? null, verdict: this.#verdict };
  }

  refresh(nowMs: number): boolean {
    const lastMs = this.#readings.at(-1)?.openTimeMs ?? null;
    if (nowMs < this.#judgeAtMs || this.#verdict?.toMs === lastMs) return false;
    const startedMs = performance.now();
    this.#verdict = this.judge();
    const tookMs = performance.now() - startedMs;
    this.#judgeAtMs = nowMs + Math.max(VERDICT_MS, VERDICT_REST * tookMs);
    return true;
  }

  /** The verdict on the newest rows; takes tens of milliseconds. */
  judge(): PairVerdict {
    return pairVerdict(this.#readings.slice(-MOST_JUDGED), { scale: this.#query.scale });
  }

  poll(): RowChange | null {
    const lastMs = this.#readings.at(-1)?.openTimeMs ?? -Infinity;
    const fromMs = this.#takeAll((leg) => {
      const { bars, cursor } = this.#reader.barChanges({
        symbol: this.#query[leg],
        intervalMs: this.#query.interval,
        cursor: this.#cursors[leg],
      });
      this.#cursors[leg] = cursor;
      return bars;
    });
    if (fromMs === Infinity) return null;
    const changed = this.#readings.filter((reading) => reading.openTimeMs >= fromMs);
    return { fromMs, rows: pairColumns(changed), isAppend: fromMs > lastMs };
  }

  #load(rows: number): void {
    const { interval: intervalMs } = this.#query;
    const read = (leg: Leg, fromMs: number, limit?: number) =>
      this.#reader.bars({
        ...{ symbol: this.#query[leg], intervalMs, fromMs },
        ...(limit === undefined ? {} : { limit }),
      });
    const newest = LEGS.map((leg) => read(leg, -Infinity, 1)[0]?.openTimeMs ?? -Infinity);
    const fromMs = Math.max(...newest) - rows * intervalMs;
    this.#takeAll((leg) => read(leg, fromMs));
  }

  /** Takes bars of both legs and answers from when on readings changed; `Infinity` if none did. */
  #takeAll(barsOf: (leg: Leg) => readonly CloseBar[]): number {
    let fromMs = Infinity;
    for (const leg of LEGS) {
      for (const bar of barsOf(leg)) {
        this.#newestMs = Math.max(this.#newestMs, bar.openTimeMs);
        fromMs = Math.min(fromMs, this.#update(this.#aligner.push(leg, bar)));
      }
    }
    // A leg that did not trade holds nothing up once the other has gone on by an interval.
    fromMs = Math.min(fromMs, this.#update(this.#aligner.advance(this.#newestMs)));
    const excess = this.#readings.length - this.#query.limit;
    if (excess > 0) this.#readings.splice(0, excess);
    return fromMs;
  }

  #update(rows: Parameters<PairMonitor["update"]>[0]): number {
    const readings = this.#monitor.update(rows);
    const fromMs = readings[0]?.openTimeMs ?? Infinity;
    let keep = this.#readings.length;
    while (keep > 0 && this.#readings[keep - 1]!.openTimeMs >= fromMs) keep--;
    if (fromMs < Infinity) this.#readings.length = keep;
    for (const reading of readings) this.#readings.push(reading);
    return fromMs;
  }
}
