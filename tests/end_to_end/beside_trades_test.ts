/** Marks and quotes as a user records them: one ingest, killed and started again, and where they cannot be had. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { controlClient } from "../../lib/apps/control_client.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { run, start, startIn, until } from "../support/programs.ts";

Deno.test("ingest --with book,mark records both per symbol and second, also after it was killed", async () => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond: 40, historyMs: 1_000 },
  });
  const { wsUrl, restUrl } = exchange;
  const args = ["BTCUSDT", "ETHUSDT", "--ws-url", wsUrl, "--rest-url", restUrl];
  const more = ["--db", database, "--warm", "0"];
  const seconds = (symbol: string) => {
    try {
      using reader = openReader(database);
      return Math.min(reader.marks({ symbol }).length, reader.quotes({ symbol }).length);
    } catch {
      return 0;
    }
  };
  const have = (count: number) =>
    until(() => ["BTCUSDT", "ETHUSDT"].every((symbol) => seconds(symbol) >= count), 60_000);
  try {
    {
      await using ingest = start("ingest", ...args, ...more, "--with", "book,mark");
      await have(2);
      const told = await run("status", "--db", database);
      match(told.out, /^ {2}quotes {6}\d+ stored of 2 symbols; the newest -?[\d.]+ s old$/m);
      match(told.out, /^ {2}marks {7}\d+ stored of 2 symbols; the newest -?[\d.]+ s old$/m);
      Deno.kill((await controlClient(database)).pid, "SIGKILL");
      await ingest.stop();
    }
    const before = Math.max(seconds("BTCUSDT"), seconds("ETHUSDT"));
    await using ingest = startIn({ TANDEM_WITH: "mark,book" }, "ingest", ...args, ...more);
    await have(before + 2);
    strictEqual(await ingest.stop(), 0, ingest.err);
    using reader = openReader(database);
    for (const symbol of ["BTCUSDT", "ETHUSDT"]) {
      const marks = reader.marks({ symbol });
      const times = marks.map(({ timeMs }) => timeMs);
      strictEqual(new Set(times).size, times.length);
      ok(marks.every((m) => m.fundingRate === 0.0001 && m.indexPrice === m.markPrice));
      ok(marks.every((m) => m.nextFundingMs! > m.timeMs && m.nextFundingMs! % 28_800_000 === 0));
      const quotes = reader.quotes({ symbol });
      strictEqual(new Set(quotes.map(({ timeMs }) => timeMs)).size, quotes.length);
      ok(quotes.every(({ bid, ask }) => bid! < ask! && ask! - bid! < 0.002 * bid!));
      ok(quotes.every(({ bidQuantity, askQuantity }) => bidQuantity! > 0 && askQuantity! > 0));
      // What the model thinks is where it trades.
      const prices = reader.trades({ symbol }).map(({ price }) => price);
      const [low, high] = [0.99 * Math.min(...prices), 1.01 * Math.max(...prices)];
      const isNear = (price: number) => low < price && price < high;
      ok(marks.every(({ markPrice }) => isNear(markPrice)));
      ok(quotes.every(({ bid }) => isNear(bid!)));
    }
    match(
      (await run("status", "--db", database)).out,
      /marks of 2 symbols, the last of 20.* It has quotes of 2 symbols, the last of 20/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("programs say before they start where marks and quotes cannot be had", async () => {
  const folder = await Deno.makeTempDir();
  const capture = `${folder}/capture.ndjson`;
  const trade =
    '{"e":"aggTrade","E":1500000000000,"a":7,"s":"BTCUSDT","p":"83091.70","q":"0.022","f":9,' +
    '"l":9,"T":1499999999900,"m":false}';
  // Of Bitcoin the mark price is in each capture: it shows that a socket is alive.
  const mark =
    '{"e":"markPriceUpdate","E":1500000000000,"s":"BTCUSDT","p":"83091.70","i":"83091.70",' +
    '"r":"0.0001","T":1500000800000}';
  const lines = [
    `{"stream":"btcusdt@aggTrade","data":${trade}}`,
    `{"stream":"ethusdt@aggTrade","data":${trade.replace("BTC", "ETH")}}`,
    `{"stream":"btcusdt@markPrice@1s","data":${mark}}`,
  ];
  await Deno.writeTextFile(
    capture,
    lines.map((line, k) => `150000000000000000${k} ${line}\n`).join(""),
  );
  await using exchange = await startExchange({ source: { files: [capture] } });
  const refuse = async (code: number, pattern: RegExp, program: string, ...args: string[]) => {
    const result = await run(program, "--with", "mark", ...args);
    deepStrictEqual([result.code, result.out], [code, ""], result.err);
    match(result.err, pattern);
  };
  const places = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
  const db = ["--db", `${folder}/tandem.db`];
  try {
    const replayed =
      /Cannot record mark of ETHUSDT as the capture .* has no markPrice@1s of it: leave out/;
    await refuse(1, replayed, "ingest", "ETHUSDT", ...places, ...db);
    const noBook =
      /Cannot record book of BTCUSDT as the capture .* has no bookTicker of it: leave out --with book/;
    await refuse(1, noBook, "ingest", "BTCUSDT", ...places, ...db, "--with", "book");
    await using some = start(
      ...["ingest", "BTCUSDT", "ETHUSDT", "--with", "mark"],
      ...[...places, ...db, "--warm", "0"],
    );
    await until(() => /No mark of ETHUSDT is recorded: the capture/.test(some.err), 60_000);
    await some.stop();
    const other = /Cannot record mark of okx:BTC-USDT-SWAP as that is done for Binance USD-M only/;
    await refuse(2, other, "ingest", "okx:BTC-USDT-SWAP", ...db);
    await refuse(2, /Cannot feed a log with mark as a log holds trades only/, "feed", "BTCUSDT");
    await refuse(2, /Cannot store a log with mark as a log holds trades only/, "store", ...db);
    const unknown = await run("ingest", "BTCUSDT", "--with", "depth", ...db);
    deepStrictEqual([unknown.code, unknown.out], [2, ""]);
    match(unknown.err, /It must be "mark", "book" or "book,mark"/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
