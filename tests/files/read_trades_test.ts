import fc from "npm:fast-check@4.10.2";
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  type Cell,
  csvLine,
  FileError,
  packZip,
  readTradeRows,
  readTrades,
  type ReadTradesOptions,
  readZip,
  type RefusedTrade,
} from "../../lib/files/mod.ts";
import { isTimeId, type Trade } from "../../lib/market/mod.ts";

const START = 1_721_347_020_000;

async function read(text: string, options: ReadTradesOptions = {}) {
  const refused: RefusedTrade[] = [];
  const file = readTrades([new TextEncoder().encode(text)], {
    ...options,
    onRefused: (row) => refused.push(row),
  });
  const trades = (await Array.fromAsync(file)).flat();
  return { trades, refused, report: file.report };
}

const btc: Trade = {
  venue: "binance-usdm",
  symbol: "BTCUSDT",
  tradeId: 70,
  timeMs: START,
  price: 64_000.1,
  quantity: 0.5,
  takerSide: "sell",
  source: "import",
};

for (
  const [name, streamKind, text] of [
    [
      "aggTrades as since 2022",
      "aggTrade",
      "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n70,64000.10,0.500,70,71,1721347020000,true",
    ],
    ["aggTrades as before", "aggTrade", "70,64000.1,0.5,70,71,1721347020000,True"],
    [
      "spot aggTrades in microseconds",
      "aggTrade",
      "70,64000.1,0.5,70,71,1721347020000123,true,true",
    ],
    [
      "trades as since 2022",
      "trade",
      "id,price,qty,quote_qty,time,is_buyer_maker\n70,64000.10,0.5,32000.05,1721347020000,true",
    ],
    ["trades as before", "trade", "70,64000.10,0.5,32000.05,1721347020000,true"],
    [
      "our own export",
      "trade",
      "venue,symbol,trade_id,time_ms,price,quantity,taker_side,source\nx,BTCUSDT,70,1721347020000,64000.1,0.5,sell,ws",
    ],
    [
      "a table of another program",
      "trade",
      "\uFEFFTimestamp;Side;Price;Amount;ID\r\n2024-07-18T23:57:00Z;SELL;64000,1;0,5;70\r\n",
    ],
  ] as const
) {
  Deno.test(`readTrades() reads ${name}`, async () => {
    const { trades, refused, report } = await read(text, { symbol: "BTCUSDT" });
    deepStrictEqual(trades, [btc]);
    deepStrictEqual(refused, []);
    strictEqual(report.streamKind, streamKind);
    deepStrictEqual([report.madeIds, report.madeSides], [0, 0]);
  });
}

Deno.test("readTrades() reads ticks as lines of JSON, with ids and sides made for them", async () => {
  const tick = (ms: number, price: number, size: number | string) =>
    JSON.stringify({ symbol: "btcusdt", ts: START + ms, price, size });
  const text = [tick(0, 10, 1), tick(0, 11, "2"), tick(5, 11, 3), "", tick(7, 9, 4)].join("\n");
  const { trades, report } = await read(text, { format: "json lines" });
  deepStrictEqual(trades.map((t) => t.takerSide), ["buy", "buy", "buy", "sell"]);
  deepStrictEqual(trades.map((t) => t.quantity), [1, 2, 3, 4]);
  ok(trades.every((t) => isTimeId(t.tradeId) && t.symbol === "BTCUSDT"));
  ok(trades.every((t, k) => k === 0 || t.tradeId > trades[k - 1]!.tradeId + 1));
  deepStrictEqual([report.madeIds, report.madeSides], [4, 4]);
  deepStrictEqual((await read(text, { format: "json lines" })).trades, trades, "the same again");
  const full =
    '{"symbol":"BTCUSDT","ts":"2024-07-18T23:57:00Z","price":"64000.1","size":0.5,"side":"sell","id":70}';
  deepStrictEqual((await read(full, { format: "json lines" })).trades, [btc]);
});

Deno.test("readTrades() makes ids where the file's are no numbers, at most 500 per millisecond", async () => {
  const rows = Array.from(
    { length: 501 },
    (_, k) => `${START},Buy,1,10,${crypto.randomUUID()}${k}`,
  );
  const { trades, refused } = await read(`timestamp,side,size,price,id\n${rows.join("\n")}`, {
    symbol: "BTCUSDT",
  });
  strictEqual(trades.length, 500);
  deepStrictEqual(refused.map((r) => [r.line, r.reason]), [
    [502, "more than 500 trades without ids share its millisecond"],
  ]);
});

Deno.test("readTrades() refuses rows with line, reason and the id they use up", async () => {
  const { trades, refused } = await read(
    [
      "id,price,qty,time,is_buyer_maker",
      `1,10,1,${START},true`,
      `2,10,0.0,${START},true`,
      `3,0,1,${START},true`,
      `4,10,1,yesterday,true`,
      `x,10,1,${START},true`,
      `6,10,1,${START},perhaps`,
      `7,1e999,1,${START},true`,
      `8,10`,
      `9,10,1,${START},constructor`,
    ].join("\n"),
    { symbol: "BTCUSDT" },
  );
  strictEqual(trades.length, 1);
  deepStrictEqual(refused.map((r) => [r.line, r.tradeId]), [
    ...[[3, 2], [4, 3], [5, 4], [6, null], [7, 6], [8, 7], [9, 8], [10, 9]],
  ]);
  const json = await read('{"symbol":"A","ts":1,"price":1,"size":1}\n[1]\n{"a"\nnull\n{"ts":{}}', {
    format: "json lines",
  });
  deepStrictEqual(json.refused.map((r) => r.line), [1, 2, 3, 4, 5]);
  deepStrictEqual([json.refused[1]?.reason, json.refused[2]?.reason], [
    "it is no JSON object",
    "it is not JSON",
  ]);
});

Deno.test("readTrades() counts rows that say they are simulated, however that is written", async () => {
  const row = (mark: string) => `1721347020000,64000,1,buy,${mark}`;
  const marks = ["true", "True", "1", "1.0", "yes", "false", "0", "", "no", "NULL"];
  const { report, trades } = await read(
    ["time,price,quantity,side,simulated", ...marks.map(row)].join("\n"),
    { symbol: "BTCUSDT" },
  );
  deepStrictEqual([report.simulated, trades.length], [5, 10]);
  const tick = { symbol: "BTCUSDT", ts: START, price: 1, size: 1 };
  const lines = [tick, { ...tick, simulated: true }, { ...tick, simulated: false }];
  const ticks = await read(lines.map((line) => JSON.stringify(line)).join("\n"), {
    format: "json lines",
  });
  deepStrictEqual([ticks.report.simulated, ticks.trades.length], [1, 3]);
});

Deno.test("readTrades() says what it needs when a file holds no trades", async () => {
  const symbol = { symbol: "BTCUSDT" };
  await rejects(read("time,open\n1,2", symbol), /no column holds price, quantity/);
  await rejects(read("1,2,3", symbol), FileError);
  await rejects(read("id,price,qty,time\n1,2,3,1721347020000"), /no column holds the symbol/);
  deepStrictEqual((await read("", symbol)).trades, []);
  strictEqual((await read("\n\n", symbol)).report.table, null);
});

Deno.test("readZip() finds every damaged byte of the content, and what is no zip", async () => {
  const text = Array.from({ length: 400 }, (_, k) => `${k},${Math.sin(k)}`).join("\n");
  const zip = await packZip("numbers.csv", text);
  const unpack = async (bytes: Uint8Array) => {
    const source = {
      size: bytes.length,
      read: (at: number, n: number) => bytes.subarray(at, at + n),
    };
    let all = "";
    for await (const file of readZip(source)) {
      for await (const part of file.bytes) all += new TextDecoder().decode(part);
    }
    return all;
  };
  strictEqual(await unpack(zip), text);
  for (let at = 100; at < zip.length - 200; at += 97) {
    const damaged = zip.slice();
    damaged[at]! ^= 0x10;
    await rejects(unpack(damaged), FileError, `byte ${at}`);
  }
  await rejects(unpack(zip.subarray(0, zip.length - 30)), FileError);
  await rejects(unpack(new TextEncoder().encode("id,price\n1,2\n")), FileError);
});

Deno.test("readTradeRows() makes the same of cells as of the text they are written as", async () => {
  const odd = fc.constantFrom<Cell>("", "x", "0", -1, 0, NaN, Infinity, 1.5, "1e3", 2 ** 53);
  const cell = (usual: fc.Arbitrary<Cell>) => fc.oneof({ weight: 9, arbitrary: usual }, odd);
  const row = fc.tuple(
    cell(fc.nat({ max: 1e9 })),
    cell(fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
    cell(fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
    cell(
      fc.oneof(fc.integer({ min: START, max: START + 1e6 }), fc.constant("2026-11-27 02:05:00")),
    ),
    cell(fc.constantFrom("buy", "sell", "Bid")),
  );
  // A file whose first ids are no numbers is read without them.
  const first: Cell[] = [1, 64_000.1, 0.5, START, "buy"];
  await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
    const table = [["trade_id", "price", "quantity", "time_ms", "side"], first, ...rows];
    const asText = await read(table.map((r) => csvLine(r)).join("\n"), { symbol: "BTCUSDT" });
    const refused: RefusedTrade[] = [];
    const file = readTradeRows(partsOf(table), {
      symbol: "BTCUSDT",
      onRefused: (refusal) => refused.push(refusal),
    });
    const trades = (await Array.fromAsync(file)).flat();
    const { table: facts, ...report } = asText.report;
    // Cells are not separated by anything, and the names of columns are no row.
    deepStrictEqual({ trades, refused, report: file.report }, {
      trades: asText.trades,
      refused: asText.refused.map((r) => ({ ...r, line: r.line - 1 })),
      report: { ...report, table: { ...facts, delimiter: null } },
    });
  }));
});

async function* partsOf(rows: readonly (readonly Cell[])[]) {
  for (let k = 0; k < rows.length; k += 7) yield rows.slice(k, k + 7);
}
