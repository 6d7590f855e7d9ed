import { match, ok, strictEqual } from "node:assert/strict";
import type { Trade } from "../../../lib/market/mod.ts";
import { openReader, openWriter, StoreError, type StoreWriter } from "../../../lib/store/mod.ts";

export const VENUE = "binance-usdm";
export const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

/** A trade with an id and a time. */
export function trade(tradeId: number): Trade {
  return {
    ...{ venue: VENUE, symbol: "BTCUSDT", tradeId, timeMs: 1_000 * tradeId, price: 100.25 },
    ...{ quantity: 0.003, takerSide: "buy", source: "ws" },
  };
}

/** Trades with ids from one to another, what is counted of them, and a frame that is none. */
export const batch = (from: number, to: number) => ({
  trades: Array.from({ length: to - from + 1 }, (_, k) => trade(from + k)),
  quality: [{ venue: VENUE, symbol: "BTCUSDT", received: to - from + 1 }],
  quarantined: [{
    ...{ venue: VENUE, symbol: null, tradeId: null, reason: "not JSON" as const },
    ...{ raw: `${from}`, receivedMs: from },
  }],
});

/** Whether an error is of the store, with a code and words. */
export function code(expected: string, text = /./): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof StoreError, `a StoreError, was ${error}`);
    strictEqual(error.code, expected, error.message);
    match(error.message, text);
    return true;
  };
}

/** What is stored, and counted. */
export function stored(database: string) {
  using reader = openReader(database);
  const [q] = reader.quality();
  return {
    ids: reader.trades({ symbol: "BTCUSDT" }).map((t) => t.tradeId),
    counted: [q?.received, q?.stored],
    frames: reader.quarantineCounts().map((c) => c.frames),
  };
}

/** Another writer, after one has ended. */
export function reopened(writer: StoreWriter, database: string): StoreWriter {
  writer[Symbol.dispose]();
  return openWriter(database, { identity });
}

/** The ids from 1 on. */
export const idsTo = (last: number) => Array.from({ length: last }, (_, k) => k + 1);
/** The database's name on its server. */
export const name = (database: string) => new URL(database).pathname.slice(1);
