import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { startExchange } from "../../lib/exchange/mod.ts";
import { archiveTrades, BinanceArchive, RestError } from "../../lib/feed/mod.ts";
import { packZip, readBars, readZip } from "../../lib/files/mod.ts";
import type { Trade } from "../../lib/market/mod.ts";

const DAY_MS = 86_400_000;
const DAY = "2026-11-24";
const FROM_MS = Date.parse(DAY);

type Fault = (path: string, response: Response) => Response | Promise<Response>;

/** An exchange whose whole day before the start is in the archive. */
async function withArchive(
  fault: Fault | null,
  body: (
    exchange: Awaited<ReturnType<typeof startExchange>>,
    archive: BinanceArchive,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using exchange = await startExchange({
      source: {
        ...{ seed: 3, symbols: ["BTCUSDT", "币安人生USDT"], ratePerSecond: 0.2 },
        ...{ startMs: FROM_MS + DAY_MS + 3_600_000, historyMs: DAY_MS + 2 * 3_600_000 },
      },
      faults: fault === null ? {} : { response: fault },
    });
    const archive = new BinanceArchive({ baseUrl: exchange.restUrl, pauseMs: 1 });
    await body(exchange, archive, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const aggTrades = { kind: "aggTrades", symbol: "BTCUSDT", date: DAY } as const;

async function tradesIn(path: string, symbol: string): Promise<Trade[]> {
  const parts = await Array.fromAsync(archiveTrades(path, { symbol, nowMs: 0 }));
  return parts.flatMap((part) => part.trades);
}

Deno.test("BinanceArchive.fetch() and archiveTrades() give the trades of a day as they were traded", async () => {
  await withArchive(null, async (exchange, archive, folder) => {
    for (const symbol of exchange.symbols) {
      for (const kind of ["aggTrades", "trades"] as const) {
        const file = await archive.fetch({ kind, symbol, date: DAY }, folder);
        const truth = (kind === "trades" ? exchange.trades(symbol) : exchange.aggTrades(symbol))
          .filter((t) => t.timeMs >= FROM_MS && t.timeMs < FROM_MS + DAY_MS)
          .map(({ venue, tradeId, timeMs, price, quantity, takerSide }) => ({
            ...{ venue, symbol, tradeId, timeMs, price, quantity, takerSide },
            source: "archive",
          }));
        ok(truth.length > 1_000);
        deepStrictEqual(await tradesIn(file!.path, symbol), truth);
      }
    }
    strictEqual(
      await archive.fetch({ ...aggTrades, date: "2026-11-25" }, folder),
      null,
      "not over",
    );
    strictEqual(await archive.fetch({ ...aggTrades, symbol: "NOUSDT" }, folder), null);
    strictEqual(await archive.fetch({ ...aggTrades, date: "2026-11" }, folder), null);
  });
});

Deno.test("the archive's klines are those of the exchange", async () => {
  await withArchive(null, async (exchange, archive, folder) => {
    const { path } =
      (await archive.fetch({ kind: "klines", symbol: "BTCUSDT", date: DAY }, folder))!;
    const zip = await Deno.readFile(path);
    const source = { size: zip.length, read: (at: number, n: number) => zip.subarray(at, at + n) };
    for await (const { bytes } of readZip(source)) {
      const file = readBars(bytes, { symbol: "BTCUSDT" });
      const bars = (await Array.fromAsync(file)).flat();
      strictEqual(bars.length + file.report.empty, 1_440);
      const response = await fetch(
        `${exchange.restUrl}/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1500&startTime=${FROM_MS}`,
      );
      const klines = new Map((await response.json()).map((k: unknown[]) => [k[0], k]));
      for (const bar of bars) {
        const [, open, high, low, close, volume, , quoteVolume, count] = klines.get(
          bar.openTimeMs,
        ) as string[];
        deepStrictEqual(
          [bar.open, bar.high, bar.low, bar.close, bar.volume, bar.quoteVolume, bar.tradeCount],
          [open, high, low, close, volume, quoteVolume, count].map(Number),
        );
      }
    }
  });
});

Deno.test("BinanceArchive.fetch() tries again what was damaged or cut off on the way", async () => {
  let asked = 0;
  const fault: Fault = async (path, response) => {
    if (!path.endsWith(".zip")) return response;
    asked++;
    if (asked === 1) return new Response("busy", { status: 503 });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (asked === 2) return new Response(bytes.slice(0, 5_000));
    if (asked === 3) bytes[2_000]! ^= 1;
    return new Response(bytes);
  };
  await withArchive(fault, async (_exchange, archive, folder) => {
    const file = await archive.fetch(aggTrades, folder);
    strictEqual(asked, 4);
    ok((await tradesIn(file!.path, "BTCUSDT")).length > 1_000);
  });
});

Deno.test("BinanceArchive.fetch() takes nothing that is not what its checksum says", async () => {
  const wrong: Fault = (path, response) =>
    path.endsWith(".CHECKSUM") ? new Response(`${"0".repeat(64)}  x.zip\n`) : response;
  await withArchive(wrong, async (_exchange, archive, folder) => {
    await rejects(archive.fetch(aggTrades, folder), (error) => {
      ok(error instanceof RestError);
      ok(/is not what its checksum says/.test(error.message));
      return true;
    });
    deepStrictEqual([...Deno.readDirSync(folder)], []);
  });
  const none: Fault = (path, response) =>
    path.endsWith(".CHECKSUM") ? new Response("<html>") : response;
  await withArchive(none, async (_exchange, archive, folder) => {
    await rejects(archive.fetch(aggTrades, folder), /holds no SHA-256/);
  });
});

Deno.test("the simulated archive answers 404 to a path that means nothing", async () => {
  await using exchange = await startExchange({ source: { seed: 3, symbols: 1 } });
  const response = await fetch(`${exchange.restUrl}/data/futures/um/daily/aggTrades/%zz.zip`);
  strictEqual(response.status, 404);
  await response.body?.cancel();
});

Deno.test("archiveTrades() reads files as they were, and sets rows aside that use up an id", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/BTCUSDT-aggTrades-2023-05.zip`;
    const rows = [
      "5,10,1,5,5,1683000000000,true",
      "6,10,0.0,6,6,1683000000001,False",
      "x",
      "4,9.50,2,4,4,1682999999999,true",
    ];
    await Deno.writeFile(path, await packZip("BTCUSDT-aggTrades-2023-05.csv", rows.join("\r\n")));
    const unread: number[] = [];
    const [part] = await Array.fromAsync(archiveTrades(path, {
      ...{ symbol: "BTCUSDT", nowMs: 9 },
      onUnread: ({ line }) => unread.push(line),
    }));
    deepStrictEqual(part?.trades.map((t) => t.tradeId), [5, 4]);
    deepStrictEqual(part?.rejected.map((r) => [r.tradeId, r.reason]), [[
      6,
      "quantity not positive",
    ]]);
    deepStrictEqual(unread, [3]);
    await Deno.writeFile(path, await packZip("README.txt", "no table"));
    await rejects(
      Array.fromAsync(archiveTrades(path, { symbol: "A", nowMs: 0 })),
      /holds no table/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
