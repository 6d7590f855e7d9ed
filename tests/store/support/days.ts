import { DatabaseSync } from "node:sqlite";
import { BarAggregator } from "../../../lib/bars/mod.ts";
import { STORED_INTERVALS_MS, type Trade } from "../../../lib/market/mod.ts";
import { openWriter, type RetentionPolicy, type StoreWriter } from "../../../lib/store/mod.ts";
import { Random } from "../../../lib/stats/mod.ts";

export const VENUE = "binance-usdm";
export const DAY_MS = 86_400_000;
/** Midnight before the first trade. */
export const START_MS = Date.UTC(2026, 10, 20);
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

/** A writer of a database as ingestion opens it. */
export function openStore(path: string): StoreWriter {
  return openWriter(path, { identity });
}

/** Runs a test in a folder that is removed after it. */
export function withFolder(
  body: (path: string, folder: string) => void | Promise<void>,
): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(`${folder}/tandem.db`, folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

/**
 * Trades of some days, with ids that skip now and then, times that are not quite in id order (also
 * across midnight), and prices of which a few have more decimals than their symbol.
 */
export function tradesOf(
  symbol: string,
  { days, perDay, seed = 1 }: { days: number; perDay: number; seed?: number },
): Trade[] {
  const random = new Random(`${symbol} ${seed}`);
  const step = DAY_MS / perDay;
  let tradeId = 1_000_000;
  return Array.from({ length: days * perDay }, (_, k) => {
    tradeId += random.uniform() < 0.01 ? 3 : 1;
    const back = random.uniform() < 0.02 ? 20_000 * random.uniform() : 0;
    return {
      venue: VENUE,
      symbol,
      tradeId,
      timeMs: Math.floor(START_MS + Math.max(0, k * step + 5_000 - back)),
      price: random.uniform() < 0.01
        ? 1 / 3 + k
        : 80_000 + Math.round(1_000 * random.uniform()) / 10,
      quantity: Math.ceil(5_000 * random.uniform()) / 1_000,
      takerSide: random.uniform() < 0.5 ? "buy" : "sell",
      source: k % 5 === 0 ? "rest" : "ws",
    };
  });
}

/** Writes trades, and their bars, as ingestion does. */
export function fill(writer: StoreWriter, trades: readonly Trade[], batch = 5_000): void {
  const symbols = [...new Set(trades.map((t) => t.symbol))];
  const bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  for (const symbol of symbols) {
    writer.register(VENUE, symbol, "aggTrade", { price: 1, quantity: 3 });
  }
  for (let k = 0; k < trades.length; k += batch) {
    const part = trades.slice(k, k + batch);
    for (const trade of part) bars.push(trade);
    writer.write({ trades: part, bars: bars.takeBars() });
  }
  bars.advance(symbols, Infinity);
  writer.write({ bars: bars.takeBars() });
}

/** A policy that does nothing but what is asked for. */
export function policy(nowMs: number, asked: Partial<RetentionPolicy>): RetentionPolicy {
  return { nowMs, archiveAfterMs: null, tradesMs: null, barsMs: null, maxBytes: null, ...asked };
}

/** One number of a database, asked past our own reader. */
export function ask(path: string, sql: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  } finally {
    db.close();
  }
}

/** Nobody stops it. */
export const never: AbortSignal = new AbortController().signal;

/** Nobody stops a program, and it tells nothing. */
export const quiet = {
  signal: never,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};
