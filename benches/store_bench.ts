/**
 * Hot path: a batch of trades and their bars is committed to SQLite.
 *
 * The reference is what the binding offers first: one INSERT per row, all in one transaction, on a
 * plain table of the same values (WAL, synchronous NORMAL).
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { openReader, openWriter } from "tandem/store";
import { seededTrades } from "./support/seeded_trades.ts";

const BATCH = 5_000;
const folder = Deno.makeTempDirSync();
const trades = seededTrades({ symbols: 20, count: BATCH, perSecond: 2_000 });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const plain = new DatabaseSync(`${folder}/plain.db`);
plain.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
  CREATE TABLE trades (symbol TEXT, id INTEGER, time_ms INTEGER, price REAL, quantity REAL, side INTEGER)`);
const insert = plain.prepare("INSERT INTO trades VALUES (?,?,?,?,?,?)");

const writer = openWriter(`${folder}/tandem.db`, {
  identity: { pid: 1, host: "bench", startedAtMs: 0, simulated: true },
});
for (const symbol of new Set(trades.map((t) => t.symbol))) {
  writer.register("binance-usdm", symbol, "aggTrade");
}
let offset = 0;

Deno.bench({
  name: "one INSERT per row",
  group: "commit 5,000 trades",
  baseline: true,
  fn() {
    plain.exec("BEGIN");
    for (const t of trades) {
      insert.run(t.symbol, t.tradeId, t.timeMs, t.price, t.quantity, t.takerSide === "buy" ? 1 : 0);
    }
    plain.exec("COMMIT");
  },
});

Deno.bench({
  name: "StoreWriter.write(), exactly once by id",
  group: "commit 5,000 trades",
  fn(b) {
    offset += BATCH;
    const next = trades.map((t) => ({ ...t, tradeId: t.tradeId + offset }));
    b.start();
    writer.write({ trades: next });
    b.end();
  },
});

/** The whole universe: each commit changes a page of nearly every symbol. */
const wide = seededTrades({ symbols: 800, count: 2_000, perSecond: 20_000 });
for (const symbol of new Set(wide.map((t) => t.symbol))) {
  writer.register("binance-usdm", symbol, "aggTrade", { price: 2, quantity: 3 });
}
let wideOffset = 1e9;

Deno.bench({
  name: "one INSERT per row, 800 symbols",
  group: "commit 2,000 trades of 800 symbols",
  baseline: true,
  fn() {
    plain.exec("BEGIN");
    for (const t of wide) {
      insert.run(t.symbol, t.tradeId, t.timeMs, t.price, t.quantity, t.takerSide === "buy" ? 1 : 0);
    }
    plain.exec("COMMIT");
  },
});

Deno.bench({
  name: "StoreWriter.write(), 800 symbols",
  group: "commit 2,000 trades of 800 symbols",
  fn(b) {
    wideOffset += wide.length;
    const next = wide.map((t) => ({ ...t, tradeId: t.tradeId + wideOffset }));
    b.start();
    writer.write({ trades: next });
    b.end();
  },
});

const MANY = 1_000_000;
{
  const stored = openWriter(`${folder}/read.db`, {
    identity: { pid: 1, host: "bench", startedAtMs: 0, simulated: true },
  });
  stored.register("binance-usdm", "SYM0USDT", "aggTrade", { price: 2, quantity: 3 });
  stored.write({ trades: seededTrades({ symbols: 1, count: MANY, perSecond: 2_000 }) });
  stored[Symbol.dispose]();
}
const rows = new DatabaseSync(`${folder}/read.db`, { readOnly: true });
const reader = openReader(`${folder}/read.db`);
const FEW = { n: 3, warmup: 1 };

Deno.bench({
  ...FEW,
  name: "SELECT * FROM v_trades, as objects",
  group: "read 1,000,000 trades",
  baseline: true,
  fn: () => void rows.prepare("SELECT * FROM v_trades WHERE symbol = ?").all("SYM0USDT"),
});

Deno.bench({
  ...FEW,
  name: "the five columns of the table, as objects",
  group: "read 1,000,000 trades",
  fn: () => void rows.prepare("SELECT * FROM trades WHERE symbol_id = 1").all(),
});

Deno.bench({
  ...FEW,
  name: "StoreReader.trades()",
  group: "read 1,000,000 trades",
  fn: () => void reader.trades({ symbol: "SYM0USDT" }),
});

Deno.bench({
  ...FEW,
  name: "StoreReader.tradeColumns()",
  group: "read 1,000,000 trades",
  fn: () => void reader.tradeColumns({ symbol: "SYM0USDT" }),
});
