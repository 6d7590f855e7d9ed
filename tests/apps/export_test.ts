import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { runExport } from "../../lib/apps/export/run_export.ts";
import type { ExportOptions } from "../../lib/apps/export.ts";
import { runImport } from "../../lib/apps/import/run_import.ts";
import { alignCloses, pairReadings } from "../../lib/pairs/mod.ts";
import { openReader, ParquetReader, type StoreReader } from "../../lib/store/mod.ts";
import { run } from "../support/programs.ts";
import { quiet, withDatabase } from "./support/with_database.ts";

const MINUTE = 60_000;

function cells(csv: string): string[][] {
  return csv.trim().split("\r\n").map((line) => line.split(","));
}

Deno.test("export writes trades as v_trades tells them, the same as CSV, gzip and Parquet", async () => {
  await withDatabase(async (database, reader, write) => {
    const csv = Deno.readTextFileSync(await write({ what: "trades" }));
    const [header, ...rows] = cells(csv);
    strictEqual(
      header!.join(),
      "venue,symbol,trade_id,time_ms,price,quantity,taker_side,source,simulated",
    );
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
      "venue,symbol,interval_ms,open_time_ms,open,high,low,close,volume,quote_volume,trade_count,taker_buy_volume,vwap,first_trade_id,last_trade_id,complete,revision,simulated",
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
