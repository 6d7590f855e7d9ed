import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { pairBacktest } from "../../lib/backtest/mod.ts";
import { attach, pair, save, screen } from "../../lib/notebook/mod.ts";
import { equityTable, tradeTable } from "../../lib/tables/mod.ts";
import { Market } from "../live/support/market.ts";
import { duckdb } from "../support/duckdb.ts";

Deno.test("save() writes what a notebook looks at, and tables, for DuckDB to read", async () => {
  using market = new Market();
  market.add(200);
  using reader = attach({ db: market.path });
  const view = pair("ETHUSDT", "BTCUSDT", { window: 20, limit: 100 });
  const result = pairBacktest(view.rows(), { windowBars: 10, entry: 1, feeBps: 0 });
  const times = result.readings.map(({ openTimeMs }) => openTimeMs);
  const savables = {
    readings: [view, view.readings().length],
    screen: [screen({ window: 40, rows: "all" }), 3],
    trips: [result, result.trades.length],
    equity: [equityTable(result, times), 100],
    trades: [tradeTable(reader, { symbols: ["BTCUSDT"] }), 0],
  } as const;
  for (const [name, [what, count]] of Object.entries(savables)) {
    for (const end of ["csv", "parquet"]) {
      const path = `${market.path}.${name}.${end}`;
      strictEqual((await save(path, what)).rows, count, name);
      const [found] = await duckdb(`SELECT count(*)::INT AS rows FROM '${path}'`);
      strictEqual(found!.rows, count, path);
    }
  }
  const [z] = await duckdb(`SELECT last(z_score) AS z FROM '${market.path}.readings.parquet'`);
  deepStrictEqual(z!.z, view.readings().at(-1)!.zScore);
  await rejects(save("readings.xlsx", view), /must end in .csv, .csv.gz or .parquet/);
});
