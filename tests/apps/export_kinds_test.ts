import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { duckdb } from "../support/duckdb.ts";
import { run } from "../support/programs.ts";
import { withDatabase } from "./support/with_database.ts";

Deno.test("DuckDB reads every kind of export, and CSV and Parquet tell it the same", async () => {
  await withDatabase(async (database) => {
    const sweep = ["--sweep-entry", "1,1.5", "--sweep-exit", "0", "--window", "10"];
    const kinds: readonly (readonly [string, readonly string[], string])[] = [
      ["trades", ["ETHUSDT"], "sum(price * quantity)"],
      ["bars", ["--interval", "5m"], "sum(close + volume) + count(DISTINCT symbol)"],
      ["readings", ["ETHUSDT", "BTCUSDT", "--window", "20"], "sum(z_score) + count(reason)"],
      ["screen", ["--window", "60", "--rows", "all"], "count(y) + sum(p_value)"],
      ["backtest", ["ETHUSDT", "BTCUSDT", "--entry", "1", "--window", "10"], "sum(net)"],
    ];
    for (const [what, args, sum] of kinds) {
      const sums = [];
      for (
        const end of what === "screen" || what === "backtest" ? ["csv", "parquet"] : ["parquet"]
      ) {
        const out = `${database}.${what}.${end}`;
        const { code, out: said, err } = await run(
          ...["export", what, ...args, "--db", database, "--out", out],
        );
        strictEqual(code, 0, err);
        const [row] = await duckdb(`SELECT count(*)::INT AS rows, ${sum} AS sum FROM '${out}'`);
        match(said, new RegExp(`${end}: ${row!.rows} `));
        ok(Number(row!.rows) > 0, `${what} has no rows`);
        ok(row!.sum !== null);
        sums.push(row);
      }
      deepStrictEqual(sums.at(-1), sums[0], what);
    }
    const [equity, cells] = [`${database}.equity.parquet`, `${database}.sweep.parquet`];
    const files = ["--out", "-", "--out-equity", equity, "--out-sweep", cells];
    const pair = ["ETHUSDT", "BTCUSDT", "--db", database];
    const { code, out, err } = await run("backtest", ...pair, ...sweep, ...files);
    strictEqual(code, 0, err);
    match(out, /^entry_time_ms,exit_time_ms,side,/);
    const [names, ...trips] = out.trim().split("\r\n").map((line) => line.split(","));
    const net = trips.reduce((sum, cells) => sum + Number(cells[names!.indexOf("net")]), 0);
    for (const file of [...kinds.map(([what]) => `${database}.${what}.parquet`), equity, cells]) {
      const [mark] = await duckdb(`SELECT bool_and(simulated) AS simulated FROM '${file}'`);
      strictEqual(mark!.simulated, true, file);
    }
    const [books] = await duckdb(
      `SELECT sum(net) AS net, max_by(equity, open_time_ms) - 10000 AS made, min(drawdown) AS low FROM '${equity}'`,
    );
    ok(Math.abs(Number(books!.net) - net) < 1e-6, `${books!.net} and ${net}`);
    ok(Math.abs(Number(books!.made) - net) < 1e-6);
    ok(Number(books!.low) < 0 && Number(books!.low) > -1);
    deepStrictEqual(await duckdb(`SELECT entry, window_bars::INT AS bars FROM '${cells}'`), [
      { entry: 1, bars: 10 },
      { entry: 1.5, bars: 10 },
    ]);
  });
});
