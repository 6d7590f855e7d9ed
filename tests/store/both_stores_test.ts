/** What both stores do alike at their doors. */
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { openReader, openWriter, openWriterThread, type StoreReader } from "../../lib/store/mod.ts";
import { batch, VENUE } from "./support/postgres.ts";
import { storeTest } from "./support/stores.ts";

const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

for (const [name, open] of Object.entries({ openWriter, openWriterThread })) {
  storeTest(`StoreWriter.markSimulated() of ${name}() says so, and it stays`, async (database) => {
    {
      using writer = await open(database, { identity });
      using reader = openReader(database);
      strictEqual(reader.heartbeat()!.simulated, false);
      writer.markSimulated();
      strictEqual(reader.heartbeat()!.simulated, true);
    }
    using _again = openWriter(database, { identity });
    using reader = openReader(database);
    strictEqual(reader.heartbeat()!.simulated, true);
  });
}

storeTest("who is refused a database is told who writes it, and since when", (database) => {
  const refused = () => openWriter(database, { identity: { ...identity, pid: 8 } });
  const text = (holder: string) => (error: unknown) => {
    const { message } = error as Error;
    match(message, /^Cannot write ".*" as another program is writing it \(.*\): use "deno task st/);
    match(message, new RegExp(`\\(${holder}\\)`));
    return !message.includes("process 8");
  };
  {
    using _first = openWriter(database, { identity });
    throws(refused, text("process 7 on here, started 1970-01-01T00:00:01.000Z"));
  }
  using _next = openWriter(database, { identity: { ...identity, pid: 9, startedAtMs: 60_000 } });
  throws(refused, text("process 9 on here, started 1970-01-01T00:01:00.000Z"));
});

const SYMBOL = "BTCUSDT";
const BARS = { symbol: SYMBOL, intervalMs: 1_000 };
const count = (columns: { readonly openTimeMs: ArrayLike<number> }) => columns.openTimeMs.length;

/** Every number a reader can be asked with, and how many rows there are of what is asked. */
const ASKS: Readonly<Record<string, (reader: StoreReader, value: number) => number>> = {
  "bars fromMs": (r, fromMs) => r.bars({ ...BARS, fromMs }).length,
  "bars toMs": (r, toMs) => r.bars({ ...BARS, toMs }).length,
  "bars limit": (r, limit) => r.bars({ ...BARS, limit }).length,
  "barColumns limit": (r, limit) => count(r.barColumns({ ...BARS, limit })),
  "closeColumns limit": (r, limit) => count(r.closeColumns({ ...BARS, limit })),
  "priceBars fromMs": (r, fromMs) => r.priceBars({ ...BARS, fromMs }).length,
  "trades fromMs": (r, fromMs) => r.trades({ symbol: SYMBOL, fromMs }).length,
  "trades toMs": (r, toMs) => r.trades({ symbol: SYMBOL, toMs }).length,
  "trades fromId": (r, fromId) => r.trades({ symbol: SYMBOL, fromId }).length,
  "trades toId": (r, toId) => r.tradeColumns({ symbol: SYMBOL, toId }).length,
  "trades limit": (r, limit) => r.tradeColumns({ symbol: SYMBOL, limit }).length,
  "gaps limit": (r, limit) => r.gaps(undefined, limit).length,
  "quarantine limit": (r, limit) => r.quarantine(limit).length,
  "alerts limit": (r, limit) => r.alerts.history({ limit }).length,
  "alerts afterId": (r, afterId) => r.alerts.history({ afterId }).length,
  "closes fromMs": (r, fromMs) => r.closes({ intervalMs: 1_000, fromMs, toMs: 9_000 }).length,
  "closes toMs": (r, toMs) => r.closes({ intervalMs: 1_000, fromMs: 0, toMs }).length,
  "closeChanges cursor": (r, cursor) => r.closeChanges({ intervalMs: 1_000, cursor }).closes.length,
  "barChanges cursor": (r, cursor) => r.barChanges({ ...BARS, cursor }).bars.length,
  "bars intervalMs": (r, intervalMs) => r.bars({ symbol: SYMBOL, intervalMs }).length,
  "closeRange intervalMs": (r, intervalMs) => r.closeRange(intervalMs) === null ? 0 : 1,
};

storeTest("a reader refuses what is no number, and takes Infinity for no bound", (database) => {
  using writer = openWriter(database, { identity });
  writer.register(VENUE, SYMBOL, "aggTrade");
  writer.write({
    ...batch(1, 3),
    bars: [1, 2, 3].map((k) => ({
      ...{ venue: VENUE, ...BARS, openTimeMs: 1_000 * k, open: 1, high: 1, low: 1, close: 1 },
      ...{ volume: 1, quoteVolume: 1, tradeCount: 1, takerBuyVolume: 1, firstTradeId: k },
      ...{ lastTradeId: k, complete: true, revision: 0 },
    })),
    gaps: [10, 20, 30].map((id) => ({
      ...{ venue: VENUE, symbol: SYMBOL, firstMissingId: id, lastMissingId: id },
      ...{ openedAtMs: id, closedAtMs: null, state: "open" as const },
    })),
  });
  writer.write({ quarantined: [...batch(4, 4).quarantined, ...batch(5, 5).quarantined] });
  using reader = openReader(database);
  const answer = (ask: string, value: number) => {
    try {
      return ASKS[ask]!(reader, value);
    } catch (error) {
      strictEqual((error as Error).constructor, RangeError, String(error));
      match(String(error), /"\w+" must be .*: current value is /);
      return "refused";
    }
  };
  const values = [NaN, -Infinity, -1, 1.5, 2, Infinity];
  const told = (ask: string) => values.map((value) => answer(ask, value));
  for (const ask of Object.keys(ASKS)) {
    const [what, name] = ask.split(" ");
    const all = what === "alerts" ? 0 : 3;
    const some = Math.min(2, all);
    // For each of the values.
    const expected: Readonly<Record<string, readonly unknown[]>> = {
      limit: ["refused", "refused", "refused", "refused", some, all],
      intervalMs: ["refused", "refused", "refused", "refused", 0, "refused"],
      fromId: ["refused", 3, 3, 2, 2, 0],
      toId: ["refused", 0, 0, 1, 2, 3],
      fromMs: ["refused", 3, 3, 3, 3, 0],
      toMs: ["refused", 0, 0, 0, 0, 3],
      afterId: ["refused", 0, 0, 0, 0, 0],
    };
    if (name === "cursor") strictEqual(answer(ask, NaN), "refused", ask);
    else deepStrictEqual(told(ask), expected[name!], ask);
  }
});
