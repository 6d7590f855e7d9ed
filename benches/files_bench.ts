/**
 * Files in and out, beside DuckDB 1.4.4 on the same files of 300,000 trades.
 *
 * Importing here means: every cell checked, every trade stored once by its id, and the bars of 1 s,
 * 1 m and 5 m built, all in SQLite. The reference stores the same columns in a DuckDB file whose
 * primary key does the same for ids, and builds no bars. DuckDB uses all cores, this one.
 *
 * @module
 */
import { openReader, openWriter } from "tandem/store";
import { readTrades } from "tandem/files";
import { runExport } from "../lib/apps/export/run_export.ts";
import { HistoryWriter } from "../lib/apps/history/history_writer.ts";
import { runImport } from "../lib/apps/import/run_import.ts";
import { seededTrades } from "./support/seeded_trades.ts";

// Computed, so that only those who run this bench download it.
const duckdb = ["npm:@duckdb/node-api", "1.4.4-r.1"].join("@");
const { DuckDBInstance } = await import(duckdb);

const COUNT = 300_000;
const SYMBOL = "SYM0USDT";
const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};
const folder = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
let made = 0;
const fresh = (ending: string) => `${folder}/${made++}.${ending}`;

const trades = seededTrades({ symbols: 1, count: COUNT, perSecond: 50 });
const csv = `${folder}/${SYMBOL}-aggTrades.csv`;
Deno.writeTextFileSync(
  csv,
  "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n" +
    trades.map((t) =>
      [
        ...[t.tradeId, t.price, t.quantity, t.tradeId, t.tradeId, t.timeMs, t.takerSide === "sell"],
      ].join()
    ).join("\n"),
);

const database = fresh("db");
{
  using writer = openWriter(database, {
    identity: { pid: 1, host: "bench", startedAtMs: 0, simulated: true },
  });
  writer.register("binance-usdm", SYMBOL, "aggTrade");
  using reader = openReader(database);
  const batch = { venue: "binance-usdm", symbol: SYMBOL, streamKind: "aggTrade" as const };
  new HistoryWriter(writer, reader).putTrades({ ...batch, trades, rejected: [] });
}
const exported = { database, symbols: [SYMBOL], fromMs: null, toMs: null, intervalMs: 60_000 };
const write = async (format: "csv" | "parquet") => {
  const out = fresh(format);
  await runExport({
    ...{ ...exported, what: "trades", pair: { windowBars: 60 }, file: { path: out, format } },
  }, quiet);
  return out;
};
const parquet = await write("parquet");

/** A DuckDB that keeps a file, as ours does. */
async function duck(sql: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(fresh("duckdb"));
  const connection = await instance.connect();
  for (const statement of sql) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

const TABLE = `CREATE TABLE trades (symbol VARCHAR, trade_id BIGINT, time_ms BIGINT, price DOUBLE,
  quantity DOUBLE, taker_side VARCHAR, source VARCHAR, PRIMARY KEY (symbol, trade_id))`;
const FROM_CSV = `SELECT '${SYMBOL}', agg_trade_id, transact_time, price, quantity,
  CASE WHEN is_buyer_maker THEN 'sell' ELSE 'buy' END, 'archive' FROM read_csv('${csv}')`;

const take = (file: string) =>
  runImport({
    ...{ database: fresh("db"), files: [file], symbol: null, intervalMs: null, zone: "UTC" },
    ...{ streamKind: "aggTrade", format: null, refusedFile: null, json: false },
  }, quiet);

const bench = (group: string, name: string, baseline: boolean, fn: () => Promise<unknown>) =>
  Deno.bench({ group, name, baseline, n: 3, warmup: 1, fn: async () => void await fn() });

bench(
  "read 300,000 trades of a CSV file",
  "DuckDB read_csv",
  true,
  () => duck([`SELECT count(*), sum(price * quantity) FROM (${FROM_CSV})`]),
);
bench("read 300,000 trades of a CSV file", "readTrades()", false, async () => {
  using file = await Deno.open(csv);
  let sum = 0;
  for await (const part of readTrades(file.readable, { symbol: SYMBOL })) {
    for (const trade of part) sum += trade.price * trade.quantity;
  }
  return sum;
});

bench(
  "import 300,000 trades of a CSV file",
  "DuckDB, once by primary key",
  true,
  () => duck([TABLE, `INSERT OR IGNORE INTO trades ${FROM_CSV}`]),
);
bench("import 300,000 trades of a CSV file", "deno task import, with bars", false, () => take(csv));

bench("import 300,000 trades of a Parquet file", "DuckDB, once by primary key", true, () =>
  duck([
    TABLE,
    `INSERT OR IGNORE INTO trades SELECT symbol, trade_id, time_ms, price, quantity, taker_side,
       source FROM '${parquet}'`,
  ]));
bench(
  "import 300,000 trades of a Parquet file",
  "deno task import, with bars",
  false,
  () => take(parquet),
);

const kept = await DuckDBInstance.create(fresh("duckdb"));
const connection = await kept.connect();
await connection.run(TABLE);
await connection.run(`INSERT INTO trades ${FROM_CSV}`);

for (const [format, options] of [["csv", "HEADER"], ["parquet", "COMPRESSION zstd"]] as const) {
  const group = `export 300,000 trades as ${format === "csv" ? "CSV" : "Parquet"}`;
  bench(group, "DuckDB COPY", true, () =>
    connection.run(
      `COPY (SELECT 'binance-usdm' AS venue, * FROM trades ORDER BY trade_id)
       TO '${fresh(format)}' (FORMAT ${format}, ${options})`,
    ));
  bench(group, "deno task export", false, () => write(format));
}
