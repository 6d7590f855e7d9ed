import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { runExport } from "../../lib/apps/export/run_export.ts";
import type { ExportOptions } from "../../lib/apps/export.ts";
import { HistoryWriter } from "../../lib/apps/history/history_writer.ts";
import { runImport } from "../../lib/apps/import/run_import.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { alignCloses, pairReadings } from "../../lib/pairs/mod.ts";
import { openReader, openWriter, ParquetReader, type StoreReader } from "../../lib/store/mod.ts";
import { duckdb } from "../support/duckdb.ts";
import { run } from "../support/programs.ts";

const MINUTE = 60_000;
const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

/** A database of two symbols, two hours long. */
async function withDatabase(
  body: (
    database: string,
    reader: StoreReader,
    write: (more: Partial<ExportOptions>) => Promise<string>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const database = `${folder}/tandem.db`;
    {
      await using exchange = await startExchange({
        source: {
          seed: 8,
          symbols: ["BTCUSDT", "ETHUSDT"],
          ratePerSecond: 4,
          historyMs: 7_200_000,
        },
      });
      using writer = openWriter(database, {
        identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
      });
      for (const symbol of exchange.symbols) writer.register("binance-usdm", symbol, "aggTrade");
      using reader = openReader(database);
      const history = new HistoryWriter(writer, reader);
      for (const symbol of exchange.symbols) {
        const trades = exchange.aggTrades(symbol)
          .map(({ firstTradeId: _f, lastTradeId: _l, ...trade }) => trade);
        history.putTrades({
          ...{ venue: "binance-usdm", symbol, streamKind: "aggTrade", trades, rejected: [] },
        });
      }
    }
    using reader = openReader(database);
    await body(database, reader, async (more) => {
      const options: ExportOptions = {
        ...{ database, what: "bars", symbols: [], intervalMs: MINUTE, fromMs: null, toMs: null },
        ...{ pair: { windowBars: 20 }, file: { path: `${folder}/out.csv`, format: "csv" } },
        ...more,
      };
      await runExport(options, quiet);
      return options.file.path;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function cells(csv: string): string[][] {
  return csv.trim().split("\r\n").map((line) => line.split(","));
}

Deno.test("export writes trades as v_trades tells them, the same as CSV, gzip and Parquet", async () => {
  await withDatabase(async (database, reader, write) => {
    const csv = Deno.readTextFileSync(await write({ what: "trades" }));
    const [header, ...rows] = cells(csv);
    strictEqual(header!.join(), "venue,symbol,trade_id,time_ms,price,quantity,taker_side,source");
    const trades = ["BTCUSDT", "ETHUSDT"].flatMap((symbol) => reader.trades({ symbol }));
    deepStrictEqual(
      rows.map(([venue, symbol, ...c]) => ({
        ...{ venue, symbol, tradeId: Number(c[0]), timeMs: Number(c[1]), price: Number(c[2]) },
        ...{ quantity: Number(c[3]), takerSide: c[4], source: c[5] },
      })),
      trades,
    );
    const packed = await write({
      what: "trades",
      file: { path: `${database}.csv.gz`, format: "csv.gz" },
    });
    strictEqual(gunzipSync(Deno.readFileSync(packed)).toString(), csv);
    const path = await write({
      what: "trades",
      file: { path: `${database}.parquet`, format: "parquet" },
    });
    using parquet = new ParquetReader(path);
    deepStrictEqual(
      [...parquet.rows()].map((row) => Object.values(row).map(String)),
      rows,
    );
  });
});

Deno.test("what export writes, import takes back bit for bit", async () => {
  await withDatabase(async (database, reader, write) => {
    for (const format of ["csv", "csv.gz", "parquet"] as const) {
      const again = `${database}.${format}.db`;
      const common = { symbol: null, zone: "UTC", format: null, refusedFile: null, json: false };
      const files = [
        await write({ what: "trades", file: { path: `${database}.trades.${format}`, format } }),
      ];
      await runImport({
        ...{ ...common, database: again, files, intervalMs: null, streamKind: "aggTrade" },
      }, quiet);
      using copy = openReader(again);
      for (const symbol of ["BTCUSDT", "ETHUSDT"]) {
        const plain = (from: StoreReader) =>
          from.trades({ symbol }).map(({ source: _, ...t }) => t);
        deepStrictEqual(plain(copy), plain(reader));
        const bars = (from: StoreReader) =>
          from.bars({ symbol, intervalMs: MINUTE }).map(({ revision: _, ...bar }) => bar);
        deepStrictEqual(bars(copy), bars(reader));
      }
    }
  });
});

Deno.test("export writes bars of any multiple, as v_bars names them, and a range of them", async () => {
  await withDatabase(async (_database, reader, write) => {
    const [header, ...rows] = cells(Deno.readTextFileSync(await write({ symbols: ["ETHUSDT"] })));
    strictEqual(
      header!.join(),
      "venue,symbol,interval_ms,open_time_ms,open,high,low,close,volume,quote_volume,trade_count,taker_buy_volume,vwap,first_trade_id,last_trade_id,complete,revision",
    );
    const bars = reader.bars({ symbol: "ETHUSDT", intervalMs: MINUTE });
    deepStrictEqual(
      rows.map((r) => [r[3], r[7], r[15]].map(Number)),
      bars.map((b) => [
        ...[b.openTimeMs, b.close, b.complete ? 1 : 0],
      ]),
    );
    const ten = cells(
      Deno.readTextFileSync(await write({ symbols: ["ETHUSDT"], intervalMs: 10 * MINUTE })),
    );
    const volume = (lines: string[][]) => lines.reduce((sum, row) => sum + Number(row[8]), 0);
    ok(Math.abs(volume(ten.slice(1)) - volume(rows)) < 1e-6);
    strictEqual(
      ten.length - 1,
      new Set(bars.map((b) => Math.floor(b.openTimeMs / MINUTE / 10))).size,
    );
    const [fromMs, toMs] = [bars[10]!.openTimeMs, bars[20]!.openTimeMs];
    const some = cells(Deno.readTextFileSync(await write({ symbols: ["ETHUSDT"], fromMs, toMs })));
    deepStrictEqual(
      some.slice(1).map((r) => Number(r[3])),
      bars.slice(10, 20).map((b) => b.openTimeMs),
    );
  });
});

Deno.test("export writes the readings that pairReadings() gives", async () => {
  await withDatabase(async (_database, reader, write) => {
    const pair = { windowBars: 20 };
    const path = await write({ what: "readings", symbols: ["ETHUSDT", "BTCUSDT"], pair });
    const [header, ...rows] = cells(Deno.readTextFileSync(path));
    const bars = (symbol: string) => reader.bars({ symbol, intervalMs: MINUTE });
    const expected = pairReadings(
      alignCloses(bars("ETHUSDT"), bars("BTCUSDT"), { intervalMs: MINUTE, fill: "previous" }),
      pair,
    );
    const at = (name: string) => header!.indexOf(name);
    deepStrictEqual(
      rows.map((r) => [Number(r[at("open_time_ms")]), r[at("z_score")], r[at("hedge_ratio")]]),
      expected.map((e) => [e.openTimeMs, `${e.zScore ?? ""}`, `${e.hedgeRatio ?? ""}`]),
    );
    ok(expected.some((e) => e.zScore !== null));
  });
});

Deno.test("export of readings from a time on begins with whole windows, as the live view does", async () => {
  await withDatabase(async (_database, reader, write) => {
    const bars = (symbol: string) => reader.bars({ symbol, intervalMs: MINUTE });
    const all = pairReadings(
      alignCloses(bars("ETHUSDT"), bars("BTCUSDT"), { intervalMs: MINUTE, fill: "previous" }),
      { windowBars: 20 },
    );
    const fromMs = all[60]!.openTimeMs;
    const symbols = ["ETHUSDT", "BTCUSDT"];
    const path = await write({ what: "readings", symbols, fromMs });
    const [header, ...rows] = cells(Deno.readTextFileSync(path));
    const at = header!.indexOf("z_score");
    deepStrictEqual(
      rows.map((row) => row[at]),
      all.slice(60).map(({ zScore }) => `${zScore ?? ""}`),
    );
  });
});

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
    const net = out.trim().split("\r\n").slice(1).reduce(
      (s, l) => s + Number(l.split(",").at(-1)),
      0,
    );
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

Deno.test("export leaves the old file alone when it cannot be finished", async () => {
  await withDatabase(async (database, _reader, write) => {
    const out = `${database}.csv`;
    Deno.writeTextFileSync(out, "old");
    const stop = new AbortController();
    stop.abort();
    const options: ExportOptions = {
      ...{ database, what: "trades", symbols: [], intervalMs: MINUTE, fromMs: null, toMs: null },
      ...{ pair: { windowBars: 20 }, file: { path: out, format: "csv" } },
    };
    await runExport(options, { ...quiet, signal: stop.signal }).then(() => ok(false), () => {});
    strictEqual(Deno.readTextFileSync(out), "old");
    deepStrictEqual(
      [...Deno.readDirSync(database.slice(0, database.lastIndexOf("/")))].filter((e) =>
        e.name.endsWith(".part")
      ),
      [],
    );
    await write({ what: "trades", file: { path: out, format: "csv" } });
    ok(Deno.statSync(out).size > 10_000);
  });
});

Deno.test("export says what it cannot do, and prints to standard output", async () => {
  await withDatabase(async (database) => {
    const out = `${database}.csv`;
    for (
      const [args, code, sentence] of [
        [["prices"], 2, /choose trades, bars, readings, screen or backtest/],
        [["screen"], 2, /no file is named/],
        [["backtest", "BTCUSDT", "ETHUSDT", "--out", "x.xls"], 2, /must end in .csv/],
        [["screen", "--watch", "--out", out], 2, /leave --out out/],
        [["backtest", "ETHUSDT", "BTCUSDT", "--out", out, "--out-sweep", out], 2, /needs a sweep/],
        [["bars"], 2, /no file is named/],
        [["bars", "--out", "x.xlsx"], 2, /must end in .csv, .csv.gz or .parquet/],
        [["readings", "BTCUSDT", "--out", out], 2, /a pair is needed/],
        [
          ["bars", "DOGEUSDT", "--db", database, "--out", out],
          1,
          /does not hold it: it holds BTCUSDT, ETHUSDT/,
        ],
      ] as const
    ) {
      const said = await run("export", ...args);
      strictEqual(said.code, code, said.err);
      match(said.err, sentence);
    }
    const printed = await run("export", "bars", "BTCUSDT", "--db", database, "--out", "-");
    strictEqual(printed.code, 0, printed.err);
    ok(printed.out.split("\r\n").length > 100);
  });
});
