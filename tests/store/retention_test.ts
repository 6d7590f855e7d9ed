import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { openReader } from "../../lib/store/mod.ts";
import { archivePath } from "../../lib/store/archive/archive_path.ts";
import { DayFile } from "../../lib/store/archive/day_file.ts";
import {
  ask,
  DAY_MS,
  fill,
  never,
  openStore,
  policy,
  quiet,
  START_MS,
  tradesOf,
  VENUE,
  withFolder,
} from "./support/days.ts";

const SYMBOL = "BTCUSDT";
const DAYS = 5;
const NOW_MS = START_MS + DAYS * DAY_MS - 3_600_000;

for (const archiveAfterMs of [null, DAY_MS]) {
  const where = archiveAfterMs === null ? "of the table" : "of files and table";
  Deno.test(
    `StoreWriter.housekeep() deletes trades ${where} by age, and keeps their bars`,
    withFolder(async (path) => {
      const trades = tradesOf(SYMBOL, { days: DAYS, perDay: 600 });
      const floorMs = START_MS + 2 * DAY_MS;
      const kept = trades.filter((t) => t.timeMs >= floorMs);
      {
        using writer = openStore(path);
        fill(writer, trades);
        await writer.housekeep(policy(NOW_MS, { archiveAfterMs }), never);
        const bars = ask(path, "SELECT count(*) FROM bars");
        const report = await writer.housekeep(
          policy(NOW_MS, { archiveAfterMs, tradesMs: 2 * DAY_MS }),
          never,
        );
        deepStrictEqual(report.problems, []);
        strictEqual(report.deletedTrades, trades.length - kept.length);
        strictEqual(ask(path, "SELECT count(*) FROM bars"), bars);
        strictEqual(writer.tradesFromMs(SYMBOL), floorMs);
        // A late trade of a bar whose trades are gone: the bar stays as it was.
        const before = ask(path, "SELECT sum(revision) FROM bars");
        const pipeline = new Pipeline(VENUE, writer);
        pipeline.restore(SYMBOL);
        pipeline.apply([{
          kind: "trade",
          trade: { ...trades[10]!, tradeId: trades[10]!.tradeId - 1, price: 1 },
          eventTimeMs: null,
          receivedMs: 0,
        }]);
        pipeline.commit();
        strictEqual(ask(path, "SELECT sum(revision) FROM bars"), before);
        await writer.housekeep(policy(NOW_MS, { tradesMs: 2 * DAY_MS }), never);
        strictEqual(writer.lastTradeIds().get(SYMBOL), trades.at(-1)!.tradeId);
      }
      using reader = openReader(path);
      deepStrictEqual(reader.trades({ symbol: SYMBOL }), kept);
      strictEqual(reader.symbols()[0]?.tradesFromMs, floorMs);
      const [finding] = await verifyDatabase({ database: path, symbols: [], json: false }, quiet);
      deepStrictEqual(finding?.differences, []);
      const oldest = archivePath(path, VENUE, SYMBOL, START_MS);
      strictEqual(await Deno.stat(oldest).catch(() => null), null);
    }),
  );
}

Deno.test(
  "StoreWriter.housekeep() deletes all trades of a symbol that is quiet, and goes on after its last id",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 1, perDay: 100 });
    using writer = openStore(path);
    fill(writer, trades);
    await writer.housekeep(policy(NOW_MS, { archiveAfterMs: DAY_MS }), never);
    strictEqual(writer.lastTradeTimeMs(SYMBOL), trades.at(-1)!.timeMs);
    await writer.housekeep(policy(NOW_MS, { tradesMs: DAY_MS }), never);
    strictEqual(ask(path, "SELECT count(*) FROM v_trades"), 0);
    strictEqual(writer.lastTradeIds().get(SYMBOL), trades.at(-1)!.tradeId);
    strictEqual(writer.lastTradeTimeMs(SYMBOL), null);
    ok(writer.isKnown(SYMBOL, trades.at(-1)!.tradeId));
  }),
);

Deno.test(
  "StoreWriter.housekeep() deletes bars by age, of every interval",
  withFolder(async (path) => {
    using writer = openStore(path);
    fill(writer, tradesOf(SYMBOL, { days: DAYS, perDay: 2_000 }));
    const floorMs = START_MS + 3 * DAY_MS;
    const older = ask(path, `SELECT count(*) FROM bars WHERE open_time_ms < ${floorMs}`);
    const all = ask(path, "SELECT count(*) FROM bars");
    const { deletedBars } = await writer.housekeep(policy(NOW_MS, { barsMs: DAY_MS }), never);
    strictEqual(deletedBars, older);
    strictEqual(ask(path, "SELECT count(*) FROM bars"), all - older);
    strictEqual(ask(path, `SELECT count(*) FROM bars WHERE open_time_ms < ${floorMs}`), 0);
  }),
);

Deno.test(
  "StoreWriter.housekeep() deletes the oldest days while too much is taken, never those of today",
  withFolder(async (path) => {
    using writer = openStore(path);
    fill(writer, tradesOf(SYMBOL, { days: DAYS, perDay: 3_000 }));
    await writer.housekeep(policy(NOW_MS, { archiveAfterMs: 2 * DAY_MS }), never);
    const { usedBytes } = await writer.housekeep(policy(NOW_MS, {}), never);
    const maxBytes = Math.round(usedBytes * 0.95);
    const shrunk = await writer.housekeep(policy(NOW_MS, { maxBytes }), never);
    deepStrictEqual(shrunk.problems, []);
    ok(shrunk.usedBytes <= maxBytes, `${shrunk.usedBytes} of ${maxBytes}`);
    using reader = openReader(path);
    const left = reader.trades({ symbol: SYMBOL });
    ok(left.length >= 3_000 && left.length < 5 * 3_000, `${left.length}`);
    ok(left.every((t) => t.timeMs >= reader.symbols()[0]!.tradesFromMs!));

    const { problems } = await writer.housekeep(policy(NOW_MS, { maxBytes: 1_000 }), never);
    match(problems.join(), /below 1000 bytes as only bars and the trades of today are left/);
    const today = START_MS + (DAYS - 1) * DAY_MS;
    strictEqual(
      reader.trades({ symbol: SYMBOL }).filter((t) => t.timeMs >= today).length,
      tradesOf(SYMBOL, { days: DAYS, perDay: 3_000 }).filter((t) => t.timeMs >= today).length,
    );
  }),
);

Deno.test(
  "StoreWriter.housekeep() ends when it is told to, and goes on the next time",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: DAYS, perDay: 2_500 });
    using writer = openStore(path);
    writer.register(VENUE, SYMBOL, "aggTrade");
    writer.write({ trades });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1);
    await writer.housekeep(policy(NOW_MS, { archiveAfterMs: 0 }), stop.signal);
    await writer.housekeep(policy(NOW_MS, { archiveAfterMs: 0 }), never);
    strictEqual(ask(path, "SELECT sum(trade_count) FROM archived_days"), 4 * 2_500);
    using reader = openReader(path);
    strictEqual(reader.tradeColumns({ symbol: SYMBOL }).length, trades.length);
  }),
);

Deno.test(
  "StoreWriter.housekeep() deletes the file of a day that a killed one had forgotten already",
  withFolder(async (path) => {
    using writer = openStore(path);
    fill(writer, tradesOf(SYMBOL, { days: DAYS, perDay: 100 }));
    await writer.housekeep(policy(NOW_MS, { archiveAfterMs: DAY_MS }), never);
    const fileOf = (day: number) => archivePath(path, VENUE, SYMBOL, START_MS + day * DAY_MS);
    const forgotten = Deno.readFileSync(fileOf(0));
    await writer.housekeep(policy(NOW_MS, { tradesMs: 2 * DAY_MS }), never);
    throws(() => Deno.statSync(fileOf(0)), Deno.errors.NotFound);
    Deno.writeFileSync(fileOf(0), forgotten);
    {
      using kept = new DayFile(fileOf(2));
      const identity = { store: "another", venue: VENUE, symbol: SYMBOL, date: "2026-11-19" };
      DayFile.write(fileOf(-1), kept.read(0), identity);
    }
    Deno.writeTextFileSync(fileOf(-2), "no Parquet file");
    await writer.housekeep(policy(NOW_MS, {}), never);
    throws(() => Deno.statSync(fileOf(0)), Deno.errors.NotFound);
    for (const day of [-2, -1, 2]) ok(Deno.statSync(fileOf(day)).isFile);
  }),
);
