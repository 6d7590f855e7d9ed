import { type Columns, pairColumns } from "../charts/mod.ts";
import { PairFollower, type PairReading, type PairVerdict, pairVerdict } from "../pairs/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import type { LiveFeed, RowChange } from "./feed.ts";
import type { Summary } from "./protocol.ts";
import type { PairQuery } from "./query.ts";

const MOST_JUDGED = 5_000;

/** A verdict is made again after this long, and after this many times as long as it took. */
const VERDICT_MS = 10_000;
const VERDICT_REST = 200;

/** The readings of one pair and the verdict on it, kept up with the database. */
export class PairFeed implements LiveFeed {
  readonly #query: PairQuery;
  readonly #pair: PairFollower;
  #verdict: PairVerdict | null = null;
  #judgeAtMs = -Infinity;

  constructor(reader: StoreReader, query: PairQuery) {
    const { y, x, interval: intervalMs, window: windowBars, method, scale, limit } = query;
    this.#query = query;
    this.#pair = new PairFollower(reader, { y, x, intervalMs, windowBars, method, scale, limit });
  }

  /** The newest readings, oldest first. */
  get readings(): readonly PairReading[] {
    return this.#pair.readings;
  }

  columns(): Columns {
    return pairColumns(this.readings, this.#query);
  }

  summary(): Summary {
    return { reading: this.readings.at(-1) ?? null, verdict: this.#verdict };
  }

  refresh(nowMs: number): boolean {
    const lastMs = this.readings.at(-1)?.openTimeMs ?? null;
    if (nowMs < this.#judgeAtMs || this.#verdict?.toMs === lastMs) return false;
    const startedMs = performance.now();
    this.#verdict = this.judge();
    const tookMs = performance.now() - startedMs;
    this.#judgeAtMs = nowMs + Math.max(VERDICT_MS, VERDICT_REST * tookMs);
    return true;
  }

  /** The verdict on the newest rows; takes tens of milliseconds. */
  judge(): PairVerdict {
    return pairVerdict(this.readings.slice(-MOST_JUDGED), { scale: this.#query.scale });
  }

  poll(): RowChange | null {
    const lastMs = this.readings.at(-1)?.openTimeMs ?? -Infinity;
    const fromMs = this.#pair.poll();
    if (fromMs === Infinity) return null;
    const changed = this.readings.filter((reading) => reading.openTimeMs >= fromMs);
    return { fromMs, rows: pairColumns(changed, this.#query), isAppend: fromMs > lastMs };
  }
}
