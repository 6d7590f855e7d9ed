import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { duckdbAll } from "../support/duckdb.ts";
import { fillUp, mountSmall } from "../support/small_disk.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import type { Trade } from "../../lib/market/mod.ts";
import { archivePath } from "../../lib/store/archive/archive_path.ts";
import { buildDay } from "../../lib/store/archive/build_day.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openReader, StoreError } from "../../lib/store/mod.ts";
import { TradeTables } from "../../lib/store/retention/trade_tables.ts";
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
const seed = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);
const NOW_MS = START_MS + 4 * DAY_MS;
const MOVE = policy(NOW_MS, { archiveAfterMs: DAY_MS / 2 });

function assertStored(path: string, trades: readonly Trade[]): void {
  using reader = openReader(path);
  deepStrictEqual(reader.trades({ symbol: SYMBOL }), trades);
}

Deno.test(
  "StoreWriter.housekeep() moves closed days to Parquet, and readers see no difference",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 1_500 });
    {
      using writer = openStore(path);
      fill(writer, [...trades, ...tradesOf("币安人生USDT", { days: 4, perDay: 50 })]);
      const report = await writer.housekeep(MOVE, never);
      deepStrictEqual([report.days, report.problems], [6, []]);
      strictEqual(report.movedTrades, 3 * 1_550);
      // What the writer asks about the chain of ids does not change either.
      const archived = trades[100]!;
      strictEqual(writer.lastTradeIds().get(SYMBOL), trades.at(-1)!.tradeId);
      ok(writer.isKnown(SYMBOL, archived.tradeId));
      ok(!writer.isKnown(SYMBOL, trades[0]!.tradeId - 1));
      deepStrictEqual(
        writer.tradesFrom(SYMBOL, archived.timeMs),
        trades.slice(trades.findIndex((t) => t.timeMs >= archived.timeMs)),
      );
      deepStrictEqual(writer.write({ trades: trades.slice(50, 150) }), { storedTrades: 0 });
    }
    strictEqual(ask(path, "SELECT count(*) FROM v_trades"), 1_550);
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: SYMBOL }), trades);
    const within = (from: number, to: number) =>
      trades.filter((t) => t.timeMs >= from && t.timeMs < to);
    for (const hours of [0, 5, 23.999, 24, 47, 70, 80, 96]) {
      const [fromMs, toMs] = [START_MS + hours * 3_600_000, START_MS + (hours + 30) * 3_600_000];
      deepStrictEqual(reader.trades({ symbol: SYMBOL, fromMs, toMs }), within(fromMs, toMs));
    }
    for (const [from, limit] of [[0, 1], [1_499, 10], [4_490, 20], [5_990, 100]]) {
      const fromId = trades[from!]!.tradeId;
      deepStrictEqual(
        reader.trades({ symbol: SYMBOL, fromId, limit: limit! }),
        trades.slice(from, from! + limit!),
      );
      deepStrictEqual(
        reader.trades({ symbol: SYMBOL, fromId, toId: fromId + 50 }),
        trades.filter((t) => t.tradeId >= fromId && t.tradeId <= fromId + 50),
      );
    }
    for (
      const finding of await verifyDatabase({ database: path, symbols: [], json: false }, quiet)
    ) {
      deepStrictEqual([finding.differenceCount, finding.differences], [0, []]);
    }
  }),
);

Deno.test(
  "the files of closed days can be read by DuckDB as they are",
  withFolder(async (path, folder) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 500 });
    {
      using writer = openStore(path);
      fill(writer, trades);
      await writer.housekeep(MOVE, never);
    }
    const files = `read_parquet('${folder}/archive/**/*.parquet', filename = true)`;
    const [rows, days] = await duckdbAll(
      `SELECT trade_id::DOUBLE AS id, time_ms::DOUBLE AS ms, price, quantity, taker_side,
        source FROM ${files} ORDER BY trade_id`,
      `SELECT regexp_extract(filename, 'date=([0-9-]+)', 1) AS day,
          min(strftime(make_timestamp(time_ms * 1000), '%Y-%m-%d')) AS first,
          max(strftime(make_timestamp(time_ms * 1000), '%Y-%m-%d')) AS last
        FROM ${files} GROUP BY 1 ORDER BY 1`,
    );
    deepStrictEqual(
      rows,
      trades.filter((t) => t.timeMs < NOW_MS - DAY_MS).map((t) => ({
        id: t.tradeId,
        ms: t.timeMs,
        price: t.price,
        quantity: t.quantity,
        taker_side: t.takerSide,
        source: t.source,
      })),
    );
    // Each file holds its own day and nothing else.
    deepStrictEqual(
      days,
      ["2026-11-20", "2026-11-21", "2026-11-22"].map((day) => ({ day, first: day, last: day })),
    );
  }),
);

Deno.test(
  "trades are stored once whatever step of a move a process dies in",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 2_500 });
    {
      using writer = openStore(path);
      fill(writer, trades);
    }
    const day = { venue: VENUE, symbol: SYMBOL, dayMs: START_MS };
    const file = archivePath(path, VENUE, SYMBOL, START_MS);
    const goOn = async () => {
      assertStored(path, trades);
      {
        using writer = openStore(path);
        assertStored(path, trades);
        strictEqual(writer.lastTradeIds().get(SYMBOL), trades.at(-1)!.tradeId);
        const { problems } = await writer.housekeep(
          policy(START_MS + 2 * DAY_MS, { archiveAfterMs: DAY_MS / 2 }),
          never,
        );
        deepStrictEqual(problems, []);
      }
      assertStored(path, trades);
      strictEqual(
        ask(path, `SELECT count(*) FROM v_trades WHERE time_ms < ${START_MS + DAY_MS}`),
        0,
      );
    };
    /** Back to a database in which nothing was moved. */
    const undo = () => {
      const db = new DatabaseSync(path);
      db.exec("DELETE FROM archived_days; DELETE FROM trades");
      db.close();
      using writer = openStore(path);
      writer.write({ trades });
    };
    const steps: ((db: DatabaseSync, store: string) => void)[] = [
      // While the file is written: a part of it is there under another name.
      (db, store) => {
        buildDay(db, path, store, day);
        Deno.renameSync(file, `${file}.new`);
        Deno.truncateSync(`${file}.new`, 500);
      },
      // The file has its name, nothing knows of it.
      (db, store) => void buildDay(db, path, store, day),
      // It is registered, all rows are still there.
      (db, store) =>
        new TradeTables(db, path).register(1, START_MS, buildDay(db, path, store, day)!),
      // A part of the rows is deleted.
      (db, store) => {
        const tables = new TradeTables(db, path);
        const built = buildDay(db, path, store, day)!;
        tables.register(1, START_MS, built);
        ok(tables.deleteIds(1, [...built.runs.subarray(0, 8)]) > 4);
      },
    ];
    for (const step of steps) {
      const db = new DatabaseSync(path);
      step(db, String(db.prepare("SELECT store_id FROM writer").get()!.store_id));
      db.close();
      await goOn();
      undo();
    }
  }),
);

Deno.test(
  `a process that moves days may be killed at any moment (TANDEM_SEED=${seed})`,
  withFolder(async (path) => {
    const random = new Random(seed);
    const trades = tradesOf(SYMBOL, { days: 12, perDay: 2_500 });
    {
      using writer = openStore(path);
      writer.register(VENUE, SYMBOL, "aggTrade");
      writer.write({ trades });
    }
    const move = () =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--allow-all"],
          new URL("./support/moving.ts", import.meta.url).pathname,
          path,
        ],
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    const isWhole = () => {
      using reader = openReader(path);
      const { tradeId, price } = reader.tradeColumns({ symbol: SYMBOL });
      strictEqual(tradeId.length, trades.length);
      ok(trades.every((t, k) => t.tradeId === tradeId[k] && t.price === price[k]));
    };
    for (let kill = 0; kill < 6; kill++) {
      const moving = move();
      const output = moving.stdout.getReader();
      await output.read();
      await new Promise((resolve) => setTimeout(resolve, 250 * random.uniform()));
      try {
        moving.kill("SIGKILL");
      } catch {
        // It was done already.
      }
      await Promise.all([output.cancel(), moving.stderr.cancel()]);
      await moving.status;
      isWhole();
    }
    const { code, stderr } = await move().output();
    strictEqual(code, 0, new TextDecoder().decode(stderr));
    isWhole();
    strictEqual(ask(path, "SELECT count(*) FROM trades"), 0);
    strictEqual(ask(path, "SELECT sum(trade_count) FROM archived_days"), trades.length);
  }),
);

Deno.test(
  "StoreWriter.housekeep() takes late trades of a moved day into its file",
  withFolder(async (path) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 1_000 });
    const isLate = (_: Trade, k: number) => k % 10 === 3 || k > 1_990 && k < 2_010;
    using writer = openStore(path);
    fill(writer, trades.filter((t, k) => !isLate(t, k)));
    await writer.housekeep(MOVE, never);
    const late = trades.filter(isLate);
    deepStrictEqual(writer.write({ trades: late }), { storedTrades: late.length });
    assertStored(path, trades);
    const { problems } = await writer.housekeep(MOVE, never);
    deepStrictEqual(problems, []);
    assertStored(path, trades);
    strictEqual(ask(path, "SELECT count(*) FROM v_trades"), 1_000);
    strictEqual(ask(path, "SELECT sum(trade_count) FROM archived_days"), 3_000);
  }),
);

Deno.test(
  "StoreWriter.housekeep() keeps off the files of another database in the same folder",
  withFolder(async (path, folder) => {
    const other = `${folder}/other.db`;
    for (const database of [path, other]) {
      using writer = openStore(database);
      fill(writer, tradesOf(SYMBOL, { days: 4, perDay: 100, seed: database === path ? 1 : 2 }));
      const { problems, days } = await writer.housekeep(MOVE, never);
      if (database === path) deepStrictEqual([days, problems], [3, []]);
      else {
        strictEqual(days, 0);
        match(problems.join(), /another database wrote that file: keep databases/);
      }
    }
    assertStored(path, tradesOf(SYMBOL, { days: 4, perDay: 100, seed: 1 }));
    assertStored(other, tradesOf(SYMBOL, { days: 4, perDay: 100, seed: 2 }));
  }),
);

Deno.test(
  "StoreReader.trades() says which file of closed days is missing or damaged",
  withFolder(async (path) => {
    using writer = openStore(path);
    fill(writer, tradesOf(SYMBOL, { days: 4, perDay: 100 }));
    await writer.housekeep(MOVE, never);
    const file = archivePath(path, VENUE, SYMBOL, START_MS + DAY_MS);
    using reader = openReader(path);
    const fails = (pattern: RegExp) =>
      throws(() => reader.trades({ symbol: SYMBOL }), (error) => {
        ok(error instanceof StoreError && error.code === "corrupt", `${error}`);
        match(error.message, pattern);
        ok(error.message.includes("date=2026-11-21.parquet"), error.message);
        return true;
      });
    // The writer goes on: what was in the file may come again.
    const again = tradesOf(SYMBOL, { days: 4, perDay: 100 }).slice(150, 154);
    Deno.truncateSync(file, 300);
    fails(/is damaged or no Parquet file/);
    strictEqual(writer.write({ trades: again.slice(0, 2) }).storedTrades, 2);
    Deno.removeSync(file);
    fails(/a file of closed days is missing/);
    strictEqual(writer.write({ trades: again.slice(2) }).storedTrades, 2);
    strictEqual(reader.trades({ symbol: SYMBOL, fromMs: START_MS + 3 * DAY_MS }).length, 100);
  }),
);

Deno.test("archivePath() keeps every symbol inside the folder", () => {
  const of = (symbol: string) => archivePath("/d/x.db", VENUE, symbol, START_MS);
  strictEqual(
    of("币安人生USDT"),
    "/d/archive/venue=binance-usdm/symbol=币安人生USDT/date=2026-11-20.parquet",
  );
  for (const odd of ["../../etc", "a/b", "..", ".", "a\\b", "a\0b", "%2E"]) {
    const name = of(odd).split("/symbol=")[1]!.split("/date=")[0]!;
    ok(!/[/\\\0]|^\.+$/.test(name), name);
  }
  ok(of("%2E%2E") !== of(".."));
});

Deno.test("a disk that is full while days are moved leaves the trades where they are", async (t) => {
  await using disk = await mountSmall(6_000_000, t.name);
  if (disk === null) return;
  const path = `${disk.folder}/tandem.db`;
  const trades = tradesOf(SYMBOL, { days: 4, perDay: 1_500 });
  {
    using writer = openStore(path);
    fill(writer, trades);
    fillUp(`${disk.folder}/ballast`);
    const { days, problems } = await writer.housekeep(MOVE, never);
    deepStrictEqual([days, problems.length], [0, 1]);
    match(problems[0]!, /^Cannot move trades of BTCUSDT out of .*No space left on device/);
    assertStored(path, trades);
    const folder = dirname(archivePath(path, VENUE, SYMBOL, START_MS));
    const left = exists(folder) ? Array.from(Deno.readDirSync(folder), ({ name }) => name) : [];
    deepStrictEqual(left, []);
    Deno.removeSync(`${disk.folder}/ballast`);
    const after = await writer.housekeep(MOVE, never);
    deepStrictEqual([after.days, after.problems], [3, []]);
  }
  assertStored(path, trades);
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
