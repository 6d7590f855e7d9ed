import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import {
  isKnown,
  lastTradeIds,
  lastTradeTimeMs,
  missingRuns,
} from "../../lib/store/postgres/chain.ts";
import { Link } from "../../lib/store/postgres/link.ts";
import { parsePostgres } from "../../lib/store/postgres/location.ts";
import { selectTradeColumns, selectTradesFrom } from "../../lib/store/postgres/select_trades.ts";
import { partitionOf } from "../../lib/store/postgres/trade_insert.ts";
import { postgresTest } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";
import {
  batch,
  code,
  identity,
  idsTo,
  name,
  reopened,
  stored,
  trade,
  VENUE,
} from "./support/postgres.ts";

const DAY_MS = 86_400_000;
const DAYS = 12;
const PER_DAY = 10;
const SYMBOL = "BTCUSDT";

/** What a plan has looked into, it holds a lock of until the transaction ends. */
const LOOKED_INTO = `SELECT count(DISTINCT l.relation) AS days FROM pg_locks l
  JOIN pg_inherits i ON i.inhrelid = l.relation
  WHERE l.pid = pg_backend_pid() AND i.inhparent = 'trades'::regclass`;

postgresTest("what is asked of trades looks into no more days than it must", (database) => {
  using writer = openWriter(database, {
    identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
  });
  writer.register("binance-usdm", SYMBOL, "aggTrade");
  writer.write({
    trades: Array.from({ length: DAYS * PER_DAY }, (_, k) => ({
      ...{ venue: "binance-usdm", symbol: SYMBOL, tradeId: k, price: 1, quantity: 1 },
      ...{ timeMs: k * DAY_MS / PER_DAY, takerSide: "buy" as const, source: "ws" as const },
    })),
  });
  const symbolId = 1;
  const page = (query: object) => (link: Link) =>
    selectTradeColumns(link, { symbol: SYMBOL, ...query }).length;
  const asked: Readonly<Record<string, (link: Link) => unknown>> = {
    "the last ids": (link) => lastTradeIds(link).get(SYMBOL),
    "the last id": (link) => lastTradeIds(link, SYMBOL).get(SYMBOL),
    "the last time": (link) => lastTradeTimeMs(link, symbolId),
    "an id": (link) => isKnown(link, symbolId, 43),
    "an id that is none": (link) => isKnown(link, symbolId, 4_300),
    "ids of a day": (link) => missingRuns(link, symbolId, 42, 47).length,
    "the last hours": (link) => selectTradesFrom(link, SYMBOL, (DAYS - 0.5) * DAY_MS).length,
    "a page": page({ fromId: 50, limit: PER_DAY }),
    "a page over midnight": page({ fromId: 55, limit: PER_DAY }),
    "a page of a time": page({ fromMs: 3.5 * DAY_MS, limit: PER_DAY }),
    "a day": page({ fromMs: 3 * DAY_MS, toMs: 4 * DAY_MS }),
    "all": page({}),
  };
  const found = Object.entries(asked).map(([what, ask]) => {
    // One that was asked often has plans that fit every question.
    using link = new Link(parsePostgres(database), "tandem test");
    return link.snapshot(() => [what, ask(link), Number(link.rows(LOOKED_INTO)[0]!.days)]);
  });
  deepStrictEqual(found, [
    ["the last ids", 119, 0],
    ["the last id", 119, 0],
    ["the last time", 119 * DAY_MS / PER_DAY, 1],
    ["an id", true, 1],
    ["an id that is none", false, 0],
    ["ids of a day", 0, 1],
    ["the last hours", 5, 1],
    ["a page", PER_DAY, 1],
    ["a page over midnight", PER_DAY, 2],
    ["a page of a time", PER_DAY, 2],
    ["a day", PER_DAY, 1],
    ["all", 120, DAYS],
  ]);
});

postgresTest("a day that was detached by hand is not made again", async (database, server) => {
  using writer = openWriter(database, { identity });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  writer.write(batch(1, 2));
  const day = `tandem.${partitionOf(0)}`;
  await server.sql(name(database), `ALTER TABLE tandem.trades DETACH PARTITION ${day}`);
  using next = reopened(writer, database);
  throws(() => next.write(batch(3, 5)), code("unreachable", /ATTACH PARTITION/));
  const range = "FROM (0) TO (86400000)";
  await server.sql(
    name(database),
    `ALTER TABLE tandem.trades ATTACH PARTITION ${day} FOR VALUES ${range}`,
  );
  deepStrictEqual(next.write(batch(3, 5)), { storedTrades: 3 });
  deepStrictEqual(stored(database), { ids: idsTo(5), counted: [5, 5], frames: [2] });
});

postgresTest("housekeeping drops whole days by age and by size", async (database, server) => {
  using writer = openWriter(database, { identity });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  const perDay = 20_000;
  for (let day = 0; day < 4; day++) {
    writer.write({
      trades: Array.from({ length: perDay }, (_, k) => ({
        ...trade(1 + day * perDay + k),
        timeMs: day * DAY_MS + k,
      })),
    });
  }
  using reader = openReader(database);
  const housekeep = (asked: object) =>
    writer.housekeep({
      ...{
        nowMs: 3.5 * DAY_MS,
        archiveAfterMs: null,
        tradesMs: null,
        barsMs: null,
        maxBytes: null,
      },
      ...asked,
    }, new AbortController().signal);
  const byAge = await housekeep({ tradesMs: 2 * DAY_MS });
  strictEqual(byAge.deletedTrades, perDay);
  strictEqual(reader.symbols()[0]?.tradesFromMs, DAY_MS);
  strictEqual(reader.trades({ symbol: "BTCUSDT", limit: 1 })[0]?.tradeId, perDay + 1);
  ok(writer.isKnown("BTCUSDT", 5), "an id that was deleted by age is known");
  // Who reads keeps the day from being dropped: it is told, and done the next time.
  const open = server.sql(
    name(database),
    "BEGIN; SELECT count(*) FROM tandem.trades; SELECT pg_sleep(10); COMMIT",
  );
  const isHeld = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
  await until(async () => (await server.sql(name(database), isHeld))[0]![0] === "1");
  const busy = await housekeep({ maxBytes: byAge.usedBytes - 1 });
  match(busy.problems.join(), /busy/);
  await open;
  const bySize = await housekeep({ maxBytes: byAge.usedBytes - 1 });
  strictEqual(bySize.deletedTrades, perDay, bySize.problems.join());
  ok(bySize.usedBytes < byAge.usedBytes);
  deepStrictEqual(
    await server.sql(
      name(database),
      "SELECT relname FROM pg_class WHERE relname LIKE 'trades\\_1%' AND relkind = 'r' ORDER BY 1",
    ),
    [2, 3].map((day) => [partitionOf(day * DAY_MS)]),
  );
  match((await housekeep({ maxBytes: 1 })).problems.join(), /only bars and the trades of today/);
  match((await housekeep({ archiveAfterMs: 1 })).problems.join(), /--archive-after/);
  // What is deleted may be written again: by a backfill.
  strictEqual(writer.write({ trades: [{ ...trade(3), timeMs: 3 }] }).storedTrades, 1);
});
