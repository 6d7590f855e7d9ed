import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { moveDatabase, openReader, openWriter, type StoreReader } from "../../lib/store/mod.ts";
import { postgresTest } from "../support/postgres_server.ts";
import {
  DAY_MS,
  fill,
  never,
  openStore,
  policy,
  START_MS,
  tradesOf,
  VENUE,
} from "./support/days.ts";

const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };
const SYMBOLS = ["BTCUSDT", "ETHUSDT"] as const;

/** A file with something in every table, and some days in Parquet. */
async function makeFile(path: string): Promise<void> {
  using writer = openStore(path);
  for (const symbol of SYMBOLS) fill(writer, tradesOf(symbol, { days: 3, perDay: 3_000 }));
  writer.register("imported", "币安USDT", null);
  const gap = { venue: VENUE, symbol: "BTCUSDT", firstMissingId: 5, lastMissingId: 9 };
  const frame = { venue: VENUE, tradeId: 12, reason: "wrong type" as const, receivedMs: 5 };
  writer.write({
    gaps: [{ ...gap, openedAtMs: 100, closedAtMs: null, state: "lost" }],
    quarantined: [
      { ...frame, symbol: "BTCUSDT", raw: 'odd "text", {braces} and \\' },
      { ...frame, symbol: null, tradeId: null, raw: "{" },
    ],
    quality: [{ venue: VENUE, symbol: "ETHUSDT", received: 7, late: 1, clockSkewMs: 0.1 + 0.2 }],
    closed: [{ symbol: "BTCUSDT", timeMs: START_MS }],
    marks: [0, 1_000].map((timeMs) => ({
      ...{ venue: VENUE, symbol: "ETHUSDT", timeMs, markPrice: 0.1 + 0.2, indexPrice: null },
      ...{ fundingRate: -1 / 3, nextFundingMs: DAY_MS },
    })),
    quotes: [0, 2_000].map((timeMs) => ({
      ...{ venue: VENUE, symbol: "BTCUSDT", timeMs, bid: 0.1, bidQuantity: 1 / 3 },
      ...{ ask: null, askQuantity: null },
    })),
    bookmarks: new Map([["log.tandem", 77]]),
  });
  writer.alerts.putRule("calm", "{}");
  writer.alerts.write(new Map([["calm", "[1]"]]), [{
    ...{ ruleId: "calm", side: "above", timeMs: 9, value: 2.5, threshold: 2, caveat: null },
    ...{ sentence: "It rose", channels: ["log", "hook"] },
  }]);
  const { days } = await writer.housekeep(
    policy(START_MS + 2 * DAY_MS, { archiveAfterMs: DAY_MS / 2 }),
    never,
  );
  ok(days > 0, "some days rest in files");
}

function told(reader: StoreReader) {
  return {
    ...{ symbols: reader.symbols(), quality: reader.quality(), gaps: reader.gaps() },
    ...{ quarantine: reader.quarantine(), counts: reader.quarantineCounts() },
    ...{ rules: reader.alerts.rules(), alerts: reader.alerts.history() },
    ...{ heartbeat: reader.heartbeat(), cursor: reader.cursor() },
    each: SYMBOLS.map((symbol) => ({
      trades: reader.trades({ symbol }),
      bars: [1_000, 60_000, 300_000].map((intervalMs) => reader.bars({ symbol, intervalMs })),
      ids: reader.quarantinedIds(symbol),
      recorded: [reader.marks({ symbol }), reader.quotes({ symbol })],
    })),
  };
}

postgresTest("moveDatabase() moves everything, and goes on after an interruption", async (url) => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tandem.db`;
  await makeFile(path);
  let interruptions = 0;
  for (let steps = 1;; steps++) {
    const controller = new AbortController();
    let left = steps;
    const report = await moveDatabase(path, url, {
      ...{ identity, signal: controller.signal },
      onProgress: () => --left === 0 && controller.abort(),
    }).catch((error) => {
      if (error !== controller.signal.reason) throw error;
      return null;
    });
    if (report !== null) {
      deepStrictEqual([report.symbols, report.trades], [3, 18_000]);
      ok(report.bars > 10_000, `${report.bars} bars`);
      break;
    }
    interruptions++;
  }
  ok(interruptions > 3, `${interruptions} interruptions`);
  {
    using file = openReader(path);
    using server = openReader(url);
    deepStrictEqual(told(server), told(file));
  }
  // Who wrote the file goes on there.
  using before = openStore(path);
  using after = openWriter(url, { identity });
  for (const symbol of SYMBOLS) {
    strictEqual(after.lastTradeId(symbol), before.lastTradeId(symbol));
    strictEqual(after.closedUntilMs(symbol), before.closedUntilMs(symbol));
  }
  strictEqual(after.bookmark("log.tandem"), 77);
  const [alert] = after.alerts.write(new Map(), [{
    ...{ ruleId: "calm", side: "below", timeMs: 10, value: 1, threshold: 2, caveat: null },
    ...{ sentence: "It fell", channels: [] },
  }]);
  strictEqual(alert?.alertId, 2);
  await Deno.remove(folder, { recursive: true });
});

postgresTest("moveDatabase() refuses what is in use, and what holds other data", async (url) => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tandem.db`;
  {
    using writer = openStore(path);
    fill(writer, tradesOf("BTCUSDT", { days: 1, perDay: 100 }));
    await rejects(
      moveDatabase(path, url, { identity }),
      /another program is writing it \(process 7 on here, started 1970/,
    );
  }
  {
    using other = openWriter(url, { identity });
    await rejects(moveDatabase(path, url, { identity }), /another program is writing it/);
    other.register(VENUE, "SOLUSDT", "aggTrade");
  }
  await rejects(moveDatabase(path, url, { identity }), /holds other data/);
  await rejects(moveDatabase(`${folder}/none.db`, url, { identity }), (error) => {
    match(String(error), /there is no such file/);
    return true;
  });
  await Deno.remove(folder, { recursive: true });
});
