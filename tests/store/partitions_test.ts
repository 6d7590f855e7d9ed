import { deepStrictEqual } from "node:assert/strict";
import { openWriter } from "../../lib/store/mod.ts";
import {
  isKnown,
  lastTradeIds,
  lastTradeTimeMs,
  missingRuns,
} from "../../lib/store/postgres/chain.ts";
import { Link } from "../../lib/store/postgres/link.ts";
import { parsePostgres } from "../../lib/store/postgres/location.ts";
import { selectTradeColumns, selectTradesFrom } from "../../lib/store/postgres/select_trades.ts";
import { postgresTest } from "../support/postgres_server.ts";

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
