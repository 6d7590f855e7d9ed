import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { runImport } from "../../lib/apps/import/run_import.ts";
import { symbolOfName } from "../../lib/apps/import/symbol_of_name.ts";
import type { ImportOptions } from "../../lib/apps/import.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { packZip } from "../../lib/files/mod.ts";
import { openReader, ParquetWriter } from "../../lib/store/mod.ts";
import { dataTest } from "../support/shared.ts";
import { run, start, until } from "../support/programs.ts";

const MINUTE = 60_000;
const START = 1_746_814_680_000;

interface Said {
  readonly code: number;
  readonly printed: string[];
  readonly told: string[];
  readonly error: string;
}

async function inFolder(
  body: (
    folder: string,
    take: (
      files: Record<string, string | Uint8Array>,
      more?: Partial<ImportOptions>,
    ) => Promise<Said>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder, async (files, more = {}) => {
      for (const [name, content] of Object.entries(files)) {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        await Deno.writeFile(`${folder}/${name}`, bytes);
      }
      const printed: string[] = [];
      const told: string[] = [];
      const report = {
        info: (m: string) => void told.push(m),
        warn: (m: string) => void told.push(m),
        progress() {},
        print: (m: string) => void printed.push(m),
      };
      const options: ImportOptions = {
        ...{
          database: `${folder}/tandem.db`,
          files: Object.keys(files).map((f) => `${folder}/${f}`),
        },
        ...{ symbol: null, intervalMs: null, zone: "UTC", streamKind: null, format: null },
        ...{ refusedFile: null, json: false, ...more },
      };
      try {
        await runImport(options, { signal: new AbortController().signal, report });
        return { code: 0, printed, told, error: "" };
      } catch (error) {
        return { code: 1, printed, told, error: (error as Error).message };
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const aggTrades = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, k) =>
      [from + k, 100 + (from + k) % 7, 0.5, 1, 1, START + (from + k) * 250, k % 2 === 0].join(),
  );

Deno.test("symbolOfName() takes symbols and leaves other words", () => {
  deepStrictEqual(
    [
      "BTCUSDT-aggTrades-2026-11-22.csv",
      "a.zip/ADAUSDT-1m.csv",
      "ethusdt_2024.csv",
      "prices.csv",
      "part-00000-x.csv",
      "ticks.ndjson",
      "1000SHIBUSDT.csv",
    ].map(symbolOfName),
    ["BTCUSDT", "ADAUSDT", "ETHUSDT", null, null, null, "1000SHIBUSDT"],
  );
});

Deno.test("import keeps symbols of the same name at several venues apart", async () => {
  await inFolder(async (folder, take) => {
    const head =
      "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker";
    const files = (name: string, from: number) => ({
      [name]: [head, ...aggTrades(from, 500)].join("\n"),
    });
    await take(files("one.csv", 1), { symbol: "BTCUSDT" });
    await take(files("two.csv", 101), { symbol: "bybit:BTCUSDT" });
    const ticks = Array.from(
      { length: 3 },
      (_, k) =>
        JSON.stringify({
          symbol: `${["OKX", "okx", "mars"][k]}:btc-usdt`,
          ts: START + k,
          price: 1,
          size: 1,
        }),
    );
    const { printed, told } = await take({ "ticks.ndjson": ticks.join("\n") });
    match(
      [...printed, ...told].join("\n"),
      /no venue has the name that "mars:BTC-USDT" begins with/,
    );
    using reader = openReader(`${folder}/tandem.db`);
    deepStrictEqual(
      reader.symbols().map(({ venue, symbol }) => [venue, symbol]).sort(),
      [["binance-usdm", "BTCUSDT"], ["bybit-linear", "bybit:BTCUSDT"], [
        "okx-swap",
        "okx:BTC-USDT",
      ]],
    );
    strictEqual(reader.trades({ symbol: "BTCUSDT" })[0]!.tradeId, 1);
    strictEqual(reader.trades({ symbol: "bybit:BTCUSDT" })[0]!.tradeId, 101);
    strictEqual(reader.trades({ symbol: "okx:BTC-USDT" }).length, 2);
  });
});

Deno.test("import takes the same trades from CSV, gzip, zip, JSON and Parquet, each once", async () => {
  await inFolder(async (folder, take) => {
    const rows = aggTrades(1, 1_000);
    const csv =
      `agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n${
        rows.join("\n")
      }`;
    const json = rows.map((row) => {
      const [id, price, size, , , ts, m] = row.split(",");
      return JSON.stringify({
        symbol: "BTCUSDT",
        id: Number(id),
        ts: Number(ts),
        price,
        size,
        side: m === "true" ? "sell" : "buy",
      });
    }).join("\n");
    const parquet = new ParquetWriter(`${folder}/made.parquet`, [
      { name: "agg_trade_id", type: "int64" },
      { name: "price", type: "double" },
      { name: "quantity", type: "double" },
      { name: "transact_time", type: "int64" },
      { name: "is_buyer_maker", type: "boolean" },
    ]);
    const cells = rows.map((row) => row.split(","));
    const numbers = (k: number) => cells.map((c) => Number(c[k]));
    parquet.write({
      ...{ agg_trade_id: numbers(0), price: numbers(1), quantity: numbers(2) },
      ...{ transact_time: numbers(5), is_buyer_maker: cells.map((c) => c[6] === "true") },
    });
    parquet.close();
    const first = await take({ "BTCUSDT-aggTrades-2025-05-09.csv": csv });
    deepStrictEqual(first.printed, [
      "BTCUSDT-aggTrades-2025-05-09.csv: 1000 rows: 1000 trades stored",
    ]);
    using reader = openReader(`${folder}/tandem.db`);
    const trades = reader.trades({ symbol: "BTCUSDT" });
    strictEqual(trades.length, 1_000);
    ok(
      trades.every((t) =>
        t.source === "archive" && t.tradeId % 2 === 1 === (t.takerSide === "sell")
      ),
    );
    const bars = reader.bars({ symbol: "BTCUSDT", intervalMs: 1_000 });
    for (
      const [files, more] of [
        [{ "BTCUSDT-aggTrades-2025-05-09.csv.gz": gzipSync(csv) }, {}],
        [{
          "BTCUSDT-two.csv.gz": new Uint8Array([
            ...gzipSync(csv.slice(0, 9_000)),
            ...gzipSync(csv.slice(9_000)),
          ]),
        }, {}],
        [{
          "BTCUSDT-aggTrades-2025-05-09.zip": await packZip(
            "BTCUSDT-aggTrades-2025-05-09.csv",
            csv,
          ),
        }, {}],
        [{ "ticks.ndjson": json }, { streamKind: "aggTrade" }],
        [{ "BTCUSDT-x.parquet": await Deno.readFile(`${folder}/made.parquet`) }, {}],
      ] as [Record<string, string | Uint8Array>, Partial<ImportOptions>][]
    ) {
      const said = await take(files, more);
      strictEqual(said.code, 0, said.error);
      match(said.printed[0]!, /1000 rows: 0 trades stored, 1000 were there$/);
    }
    deepStrictEqual(reader.bars({ symbol: "BTCUSDT", intervalMs: 1_000 }), bars, "and no revision");
  });
});

Deno.test("import reports every refused row with line and reason, also in a file, and goes on", async () => {
  await inFolder(async (folder, take) => {
    const rows = aggTrades(1, 60);
    for (let k = 10; k < 40; k++) rows[k] = rows[k]!.replace(/,0.5,/, ",0.0,");
    const said = await take({ "BTCUSDT-aggTrades-2025-05-09.csv": rows.join("\r\n") }, {
      refusedFile: `${folder}/refused.csv`,
    });
    strictEqual(said.code, 0, said.error);
    const written = Deno.readTextFileSync(`${folder}/refused.csv`).trim().split("\r\n");
    strictEqual(written.length, 31);
    match(
      written[1]!,
      /^BTCUSDT-aggTrades-2025-05-09.csv,11,its quantity is no number above 0,"11,/,
    );
    strictEqual(said.told.filter((line) => line.includes("is not taken")).length, 20);
    ok(said.told.some((line) => /line 11 is not taken: its quantity/.test(line)));
    using reader = openReader(`${folder}/tandem.db`);
    // Their ids are known: no gap, and bars around them can be complete.
    deepStrictEqual(reader.gaps(), []);
    strictEqual(reader.quarantinedIds("BTCUSDT").length, 30);
    const json = await take({ "BTCUSDT-aggTrades-2025-05-09.csv": rows.join("\n") }, {
      json: true,
    });
    const { files, refused } = JSON.parse(json.printed[0]!);
    deepStrictEqual([refused.length, refused[0].line, files[0].report.refused], [30, 11, 30]);
  });
});

Deno.test("import says of each file what it found, and fails where one cannot be read", async () => {
  await inFolder(async (_folder, take) => {
    const rows = ["10,12,9,11,1", "11,13,10,12,2", "12,14,11,13,3"];
    const berlin = ["02:00", "02:30", "03:00"].map((t, k) =>
      `2024-07-01 ${t};${rows[k]!.replaceAll(",", ";")}`
    );
    const said = await take({
      "ADAUSDT-30m.csv": ["Date;Open;High;Low;Close;Volume", ...berlin].join("\n"),
      "empty-file.csv": "",
      "text.txt": "to be\nor not\n",
      "picture.png": Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13),
      "damaged.zip": (await packZip("ADAUSDT-1m.csv", "1,2\n")).subarray(0, 60),
      "damaged.csv.gz": gzipSync("1,2,3\n".repeat(9_999)).subarray(0, 50),
      "damaged.parquet": new TextEncoder().encode("PAR1 and nothing more"),
    }, { zone: "Europe/Berlin" });
    strictEqual(said.code, 1);
    match(said.error, /text.txt: Cannot tell what it holds.*and 4 problems more$/);
    ok(said.told.some((line) => line.endsWith("neither text nor gzip, zip or Parquet")));
    deepStrictEqual(said.printed, [
      "ADAUSDT-30m.csv: 3 rows: 3 bars stored",
      "empty-file.csv: empty, nothing to import",
    ]);
    ok(
      said.told.some((line) => line.includes('separated by ";": time from Date')),
      said.told.join(),
    );
    ok(
      said.told.some((line) => line.includes("3 without one, taken as Europe/Berlin; bars of 30m")),
    );
    const none = await take({
      "prices.csv": `${START},10,12,9,11,1\n${START + MINUTE},10,12,9,11,1\n`,
    });
    match(none.error, /no column holds the symbol: name it with --symbol/);
    const all = await take({
      "ADAUSDT-1m.csv": `time,open,high,low,close,volume\nx,1,1,1,1,1\ny,1,1,1,1,1`,
    }, { intervalMs: MINUTE });
    match(all.error, /no row of it could be taken/);
  });
});

Deno.test("import keeps ticks without ids apart from trades with the venue's", async () => {
  await inFolder(async (folder, take) => {
    const tick = (ms: number, price: number) =>
      JSON.stringify({ symbol: "BTCUSDT", ts: START + ms, price, size: 1 });
    const ticks = Array.from({ length: 500 }, (_, k) => tick(Math.floor(k / 3) * 400, 100 + k % 5));
    const said = await take({ "ticks.ndjson": ticks.join("\n") });
    strictEqual(said.code, 0, said.error);
    ok(
      said.told.some((line) =>
        line.includes("500 trades have no id: made from their times; 500 have no side")
      ),
    );
    match(
      (await take({ "ticks.ndjson": ticks.join("\n") })).printed[0]!,
      /0 trades stored, 500 were there/,
    );
    using reader = openReader(`${folder}/tandem.db`);
    deepStrictEqual(reader.gaps(), []);
    const bars = reader.bars({ symbol: "BTCUSDT", intervalMs: 1_000 });
    ok(bars.every((bar) => !bar.complete), "no id of a venue proves anything");
    strictEqual(bars.reduce((sum, bar) => sum + bar.volume, 0), 500);
    const mixed = await take({ "BTCUSDT-aggTrades-2025-05-09.csv": aggTrades(1, 5).join("\n") }, {
      streamKind: "trade",
    });
    match(mixed.error, /with and without the venue's ids/);
    const verified = await run("verify", "--db", `${folder}/tandem.db`, "--official", "0");
    strictEqual(verified.code, 0, verified.err + verified.out);
    await using exchange = await startExchange({ source: { seed: 1, symbols: ["BTCUSDT"] } });
    const where = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
    const ingest = await run(
      "ingest",
      "BTCUSDT",
      "--db",
      `${folder}/tandem.db`,
      "--stream",
      "trade",
      ...where,
    );
    strictEqual(ingest.code, 1);
    match(ingest.err, /holds imported ticks of it/);
  });
});

Deno.test("import puts 100,000 rows through the ingest that writes the database", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using exchange = await startExchange({
      source: { seed: 1, symbols: ["BTCUSDT"], ratePerSecond: 50 },
    });
    const database = `${folder}/tandem.db`;
    await using ingest = start(
      "ingest",
      ...["BTCUSDT", "--db", database, "--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
    );
    await until(() => {
      try {
        using reader = openReader(database);
        return reader.quality().length > 0;
      } catch {
        return false;
      }
    });
    const file = `${folder}/ETHUSDT-aggTrades-2025-05-09.csv`;
    await Deno.writeTextFile(file, aggTrades(1, 100_000).join("\n"));
    const { code, out, err } = await run("import", file, "--db", database);
    strictEqual(code, 0, err);
    strictEqual(out.trim(), "ETHUSDT-aggTrades-2025-05-09.csv: 100000 rows: 100000 trades stored");
    match(err, /The ingest that writes .* stores the rows/);
    strictEqual(await ingest.stop(), 0, ingest.err);
    const verified = await run("verify", "--db", database, "--official", "0");
    strictEqual(verified.code, 0, verified.out);
    match(verified.out, /ETHUSDT: 100000 trades, .* 0 ids missing .* all bars agree/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

dataTest("import takes real minutes as they are, and merges five of them", async (data) => {
  await inFolder(async (folder, take) => {
    const name = "ADAUSDT-1m.csv.gz";
    const said = await take({
      [name]: await Deno.readFile(`${data}/binance-usdm-klines-1m-2025/${name}`),
    });
    deepStrictEqual(said.printed, ["ADAUSDT-1m.csv: 43199 rows: 43199 bars stored"]);
    using reader = openReader(`${folder}/tandem.db`);
    const minutes = reader.bars({ symbol: "ADAUSDT", intervalMs: MINUTE });
    const fives = reader.bars({ symbol: "ADAUSDT", intervalMs: 5 * MINUTE });
    strictEqual(minutes.length, 43_199);
    for (const five of [fives[1]!, fives[4_000]!]) {
      const parts = minutes.filter((m) =>
        m.openTimeMs >= five.openTimeMs && m.openTimeMs < five.openTimeMs + 5 * MINUTE
      );
      deepStrictEqual(
        [five.open, five.high, five.low, five.close],
        [
          parts[0]!.open,
          Math.max(...parts.map((p) => p.high)),
          Math.min(...parts.map((p) => p.low)),
          parts.at(-1)!.close,
        ],
      );
    }
    deepStrictEqual([minutes[0]!.takerBuyVolume, minutes[0]!.firstTradeId], [null, null]);
  });
});
