// deno-lint-ignore-file no-console -- a process of its own answers on standard output
/**
 * A reader of a soak, a process of its own: looks at one consistent snapshot after the other until
 * its standard input ends, then tells what it saw as a line of JSON.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { Random } from "../../lib/stats/mod.ts";

/** What a reader saw. */
export interface ReaderSummary {
  readonly snapshots: number;
  /** How long a snapshot took to read, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** What was wrong, a sentence each; the first hundred. */
  readonly problems: readonly string[];
}

/** Between two snapshots, ms. */
const PAUSE_MS = 50;
const BARS = 10;

interface BarRow {
  readonly open_time_ms: number;
  readonly first_trade_id: number;
  readonly last_trade_id: number;
  readonly trade_count: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
}

class Snapshots {
  readonly #db: DatabaseSync;
  #sequence = 0;
  #stored = 0;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  }

  /** Reads one snapshot; answers with what contradicts itself in it. */
  look(draw: () => number): string[] {
    const problems: string[] = [];
    this.#db.exec("BEGIN");
    try {
      const totals = this.#db.prepare("SELECT sum(stored) AS n FROM v_quality").get();
      const stored = Number(totals?.n ?? 0);
      const sequence = Number(this.#db.prepare("SELECT sequence AS n FROM writer").get()?.n ?? 0);
      if (stored < this.#stored || sequence < this.#sequence) problems.push("Time went back");
      [this.#stored, this.#sequence] = [stored, sequence];
      const symbols = this.#db.prepare("SELECT symbol FROM v_quality").all();
      if (symbols.length > 0) {
        const { symbol } = symbols[Math.floor(symbols.length * draw())]!;
        problems.push(...this.#compare(String(symbol)));
      }
    } finally {
      this.#db.exec("COMMIT");
    }
    return problems;
  }

  close(): void {
    this.#db.close();
  }

  /** The newest bars of a symbol against the trades of the same snapshot. */
  #compare(symbol: string): string[] {
    const bars = this.#db.prepare(
      `SELECT open_time_ms, first_trade_id, last_trade_id, trade_count, high, low, volume
       FROM v_bars WHERE symbol = ? AND interval_ms = 1000 ORDER BY open_time_ms DESC LIMIT ${BARS}`,
    ).all(symbol) as unknown as BarRow[];
    const trades = this.#db.prepare(
      `SELECT count(*) AS count, max(price) AS high, min(price) AS low, sum(quantity) AS volume
       FROM v_trades WHERE symbol = ? AND trade_id BETWEEN ? AND ? AND time_ms >= ? AND time_ms < ?`,
    );
    return bars.flatMap((bar) => {
      const from = bar.open_time_ms;
      const own = trades.get(symbol, bar.first_trade_id, bar.last_trade_id, from, from + 1_000)!;
      const isSame = own.count === bar.trade_count && own.high === bar.high &&
        own.low === bar.low && Math.abs(Number(own.volume) - bar.volume) <= 1e-9 * bar.volume;
      return isSame ? [] : `${symbol}: bar ${JSON.stringify(bar)} of trades ${JSON.stringify(own)}`;
    });
  }
}

if (import.meta.main) {
  const [path, seed] = Deno.args;
  const random = new Random(`reader ${seed}`);
  const durations: number[] = [];
  const problems: string[] = [];
  let isOver = false;
  const over = Deno.stdin.read(new Uint8Array(1)).then(() => isOver = true);
  const snapshots = new Snapshots(path!);
  while (!isOver) {
    const startMs = performance.now();
    try {
      problems.push(...snapshots.look(() => random.uniform()));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    durations.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await over;
  snapshots.close();
  const sorted = Float64Array.from(durations).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const summary: ReaderSummary = {
    snapshots: durations.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    problems: problems.slice(0, 100),
  };
  console.log(JSON.stringify(summary));
}
