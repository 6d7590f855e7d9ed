import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { HistoryWriter } from "../../lib/apps/history/history_writer.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { backupDatabase, openReader } from "../../lib/store/mod.ts";
import { run, start, until } from "../support/programs.ts";
import { DAY_MS, fill, openStore, policy, START_MS, tradesOf, withFolder } from "./support/days.ts";

const SYMBOL = "BTCUSDT";
const never = new AbortController().signal;
const quiet = { signal: never, report: { info() {}, warn() {}, progress() {}, print() {} } };
const MOVE = policy(START_MS + 4 * DAY_MS, { archiveAfterMs: DAY_MS / 2 });

Deno.test(
  "backupDatabase() copies closed days too, and the copy stands by itself",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 300 });
    const target = `${path}.backup/tandem.db`;
    Deno.mkdirSync(`${path}.backup`);
    {
      using writer = openStore(path);
      fill(writer, trades);
      await writer.housekeep(MOVE, never);
      const shares: number[] = [];
      const { days, bytes } = await backupDatabase(path, target, (share) => shares.push(share));
      deepStrictEqual([days, bytes], [3, Deno.statSync(target).size]);
      ok(shares.every((share) => share >= 0 && share <= 1));
      writer.write({ trades: tradesOf(SYMBOL, { days: 5, perDay: 300 }) });
    }
    await Deno.remove(path.slice(0, path.lastIndexOf("/")) + "/archive", { recursive: true });
    using copy = openReader(target);
    deepStrictEqual(copy.trades({ symbol: SYMBOL }), trades);
    deepStrictEqual([...Deno.readDirSync(`${path}.backup`)].map((e) => e.name).sort(), [
      ...["archive", "tandem.db"],
    ]);
    await rejects(backupDatabase(path, target), /there is such a file already/);
    await rejects(backupDatabase(`${path}.gone`, `${target}.2`), /there is no such file/);
  }),
);

Deno.test(
  "backupDatabase() copies a day again that was written anew since an earlier copy",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 400 });
    const earlier = [...trades.slice(0, 500), ...trades.slice(650)];
    const target = (name: string) => `${path}.backup/${name}.db`;
    Deno.mkdirSync(`${path}.backup`);
    using writer = openStore(path);
    fill(writer, earlier);
    await writer.housekeep(MOVE, never);
    await backupDatabase(path, target("a"));
    writer.write({ trades: trades.slice(500, 650) });
    await writer.housekeep(MOVE, never);
    await backupDatabase(path, target("b"));
    using later = openReader(target("b"));
    deepStrictEqual(later.trades({ symbol: SYMBOL }), trades);
    using first = openReader(target("a"));
    const ids = new Set(first.trades({ symbol: SYMBOL }).map(({ tradeId }) => tradeId));
    ok(earlier.every(({ tradeId }) => ids.has(tradeId)));
    // Of another database, whatever it holds.
    const foreign = `${path}.other/tandem.db`;
    Deno.mkdirSync(`${path}.other`);
    using other = openStore(foreign);
    fill(other, trades);
    await other.housekeep(MOVE, never);
    await rejects(backupDatabase(foreign, target("c")), /another database keeps a file there/);
  }),
);

Deno.test("backup copies what an ingest writes at that moment, again and again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using exchange = await startExchange({
      source: { seed: 2, symbols: 5, ratePerSecond: 1_000 },
    });
    const database = `${folder}/tandem.db`;
    await using ingest = start(
      "ingest",
      ...[
        "--all",
        "--warm",
        "0",
        "--db",
        database,
        "--ws-url",
        exchange.wsUrl,
        "--rest-url",
        exchange.restUrl,
      ],
    );
    const stored = () => {
      try {
        using reader = openReader(database);
        return reader.quality().reduce((sum, q) => sum + q.stored, 0);
      } catch {
        return 0;
      }
    };
    await until(() => stored() > 500);
    let before = 0;
    for (const name of ["a", "b"]) {
      const least = stored();
      const { code, out, err } = await run("backup", `${folder}/${name}/copy.db`, "--db", database);
      strictEqual(code, 0, err);
      match(out, /copy.db: \d+\.\d MiB, checked/);
      for (
        const f of await verifyDatabase({
          database: `${folder}/${name}/copy.db`,
          symbols: [],
          json: false,
        }, quiet)
      ) {
        deepStrictEqual([f.differences, f.missingIds], [[], f.explainedIds]);
      }
      using copy = openReader(`${folder}/${name}/copy.db`);
      const count = copy.quality().reduce((sum, q) => sum + q.stored, 0);
      ok(count >= least && count > before, `${count} of at least ${least}, ${before} before`);
      before = count;
    }
    strictEqual(await ingest.stop(), 0, ingest.err);
    const again = await run("backup", `${folder}/a/copy.db`, "--db", database);
    strictEqual(again.code, 1);
    match(again.err, /there is such a file already/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "HistoryWriter.putTrades() fills days that rest in files already",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 400 });
    using writer = openStore(path);
    fill(writer, [...trades.slice(0, 500), ...trades.slice(650)]);
    await writer.housekeep(MOVE, never);
    using reader = openReader(path);
    const history = new HistoryWriter(writer, reader);
    const batch = { venue: trades[0]!.venue, symbol: SYMBOL, streamKind: "aggTrade" as const };
    const receipt = history.putTrades({ ...batch, trades: trades.slice(480, 700), rejected: [] });
    deepStrictEqual(receipt, { stored: 150, duplicates: 70, conflicts: 0, left: 0 });
    deepStrictEqual(reader.trades({ symbol: SYMBOL }), trades);
    await writer.housekeep(MOVE, never);
    deepStrictEqual(reader.trades({ symbol: SYMBOL }), trades);
  }),
);

Deno.test(
  "HistoryWriter.putTrades() leaves bars alone whose trades were deleted by age",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 2_000 });
    using writer = openStore(path);
    fill(writer, trades);
    using reader = openReader(path);
    const bars = () => reader.bars({ symbol: SYMBOL, intervalMs: 300_000 });
    const before = bars();
    await writer.housekeep(policy(START_MS + 4 * DAY_MS, { tradesMs: 2 * DAY_MS }), never);
    ok(reader.trades({ symbol: SYMBOL, limit: 1 })[0]!.tradeId > trades[1_000]!.tradeId);
    const history = new HistoryWriter(writer, reader);
    const batch = { venue: trades[0]!.venue, symbol: SYMBOL, streamKind: "aggTrade" as const };
    // Every other trade of half a day: bars of them would be poorer than those stored.
    const some = trades.slice(400, 1_400).filter((_, k) => k % 2 === 0);
    strictEqual(history.putTrades({ ...batch, trades: some, rejected: [] }).stored, 500);
    deepStrictEqual(bars().map((b) => b.tradeCount), before.map((b) => b.tradeCount));
  }),
);
