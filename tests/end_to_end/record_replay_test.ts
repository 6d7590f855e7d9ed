/** What was recorded while it was ingested gives the same numbers when it is played again. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readCapture } from "../../lib/exchange/capture_reader.ts";
import { type Exchange, randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { parseFrame } from "../../lib/feed/mod.ts";
import { type Bar, STORED_INTERVALS_MS, type Trade } from "../../lib/market/mod.ts";
import { alignCloses, pairReadings } from "../../lib/pairs/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { start, until } from "../support/programs.ts";

const SYMBOLS = ["ETHUSDT", "BTCUSDT"] as const;
const WINDOW_BARS = 4;
const ROWS = 2 * WINDOW_BARS + 4;

function ingest(exchange: Exchange, database: string, ...args: string[]) {
  return start(
    "ingest",
    ...[...SYMBOLS, "--warm", "0", "--db", database, ...args],
    ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
  );
}

function bars(database: string, symbol: string, intervalMs: number): Bar[] {
  try {
    using reader = openReader(database);
    return reader.bars({ symbol, intervalMs });
  } catch {
    return [];
  }
}

function trades(database: string, symbol: string): Trade[] {
  try {
    using reader = openReader(database);
    return reader.trades({ symbol });
  } catch {
    return [];
  }
}

function openGaps(database: string): number {
  using reader = openReader(database);
  return reader.gaps().filter(({ state }) => state === "open").length;
}

function files(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => `${folder}/${name}`).sort();
  } catch {
    return [];
  }
}

/** The newest second that is closed and whole: what came after it was open as the program stopped. */
function newestWhole(database: string, symbol: string): Bar | undefined {
  return bars(database, symbol, 1_000).findLast((bar) => bar.complete);
}

/** How often a bar was stored depends on when the ids came that it lacked. */
function unrevised<T extends { readonly revision: number }>({ revision: _, ...rest }: T) {
  return rest;
}

function readings(legs: readonly Bar[][]) {
  const rows = alignCloses(legs[0]!, legs[1]!, { intervalMs: 1_000, fill: "previous" });
  return pairReadings(rows, { windowBars: WINDOW_BARS }).map(unrevised);
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what ingest records gives the same trades, bars and readings when it is replayed", () =>
  inFolder(async (folder) => {
    const recorded = `${folder}/recorded.db`;
    const replayed = `${folder}/replayed.db`;
    const frames = `${folder}/frames`;
    const faults = randomFaults({ seed: 11, plan: "skip=0.003" });
    {
      await using exchange = await startExchange({
        source: { seed: 11, symbols: 3, ratePerSecond: 2_000, historyMs: 2_000 },
        // What is not sent is fetched over REST.
        faults,
      });
      await using live = ingest(exchange, recorded, "--record", frames);
      await until(
        () => SYMBOLS.every((symbol) => bars(recorded, symbol, 1_000).length > ROWS),
        120_000,
        200,
      );
      // What was still missing would have no row in the recording.
      faults.isActive = false;
      const lastIds = SYMBOLS.map((symbol) => exchange.aggTrades(symbol).at(-1)!.tradeId);
      const isPast = (symbol: string, k: number) =>
        (trades(recorded, symbol).at(-1)?.tradeId ?? 0) > lastIds[k]!;
      await until(() => SYMBOLS.every(isPast) && openGaps(recorded) === 0, 60_000, 200);
      strictEqual(await live.stop(), 0, live.err);
    }
    ok(files(frames).every((path) => /binance-usdm_market_.*T\d\d\.jsonl\.gz$/.test(path)));

    {
      await using exchange = await startExchange({
        source: { files: files(frames), speed: "max" },
      });
      await using again = ingest(exchange, replayed);
      await until(
        () =>
          SYMBOLS.every((symbol) =>
            trades(replayed, symbol).at(-1)?.tradeId === trades(recorded, symbol).at(-1)!.tradeId &&
            (newestWhole(replayed, symbol)?.openTimeMs ?? 0) >=
              newestWhole(recorded, symbol)!.openTimeMs
          ),
        60_000,
        200,
      );
      strictEqual(await again.stop(), 0, again.err);
    }

    for (const symbol of SYMBOLS) {
      const expected = trades(recorded, symbol);
      ok(expected.length > 500, `${expected.length} trades of ${symbol}`);
      ok(expected.some(({ source }) => source === "rest"), "nothing was repaired");
      deepStrictEqual(trades(replayed, symbol), expected);
      const lastId = newestWhole(recorded, symbol)!.lastTradeId!;
      const isInner = (bar: Bar) => bar.lastTradeId! <= lastId;
      for (const intervalMs of STORED_INTERVALS_MS) {
        deepStrictEqual(
          bars(replayed, symbol, intervalMs).filter(isInner).map(unrevised),
          bars(recorded, symbol, intervalMs).filter(isInner).map(unrevised),
        );
      }
    }
    const closed = Math.min(
      ...SYMBOLS.map((symbol) => newestWhole(recorded, symbol)!.openTimeMs),
    );
    const [expected, actual] = [recorded, replayed].map((database) =>
      readings(
        SYMBOLS.map((s) => bars(database, s, 1_000).filter((bar) => bar.openTimeMs < closed)),
      )
    );
    ok(expected!.filter((reading) => reading.zScore !== null).length > 1);
    deepStrictEqual(actual, expected);
  }));

Deno.test("ingest leaves a readable recording when it is killed, and begins another", () =>
  inFolder(async (folder) => {
    const database = `${folder}/tandem.db`;
    const frames = `${folder}/frames`;
    const size = () => files(frames).reduce((sum, path) => sum + Deno.statSync(path).size, 0);
    await using exchange = await startExchange({
      source: { seed: 12, symbols: 2, ratePerSecond: 500, historyMs: 2_000 },
    });
    let flushed: number;
    {
      await using killed = ingest(exchange, database, "--record", frames);
      await until(() => size() > 0, 60_000);
      flushed = size();
      await until(() => size() > flushed);
      const { pid } = JSON.parse(Deno.readTextFileSync(`${database}.control.json`));
      Deno.kill(pid, "SIGKILL");
      await killed.code;
    }
    const left = files(frames);
    {
      await using running = ingest(exchange, database, "--record", frames);
      await until(() => files(frames).length > left.length, 60_000);
      strictEqual(await running.stop(), 0, running.err);
    }
    const stored = new Map(
      SYMBOLS.flatMap((s) => trades(database, s)).map((t) => [`${t.symbol} ${t.tradeId}`, t]),
    );
    for (const path of files(frames)) {
      const lines = (await Array.fromAsync(readCapture(path))).flat()
        .filter((line) => !line!.json.includes("@aggTrades"));
      const found = lines.slice(0, -1).flatMap((line) => {
        const frame = parseFrame(line!.json, "aggTrade", Number(line!.localNs) / 1e6);
        return frame.kind === "trade" ? [frame.trade] : [];
      });
      ok(found.length > 100, `${found.length} trades in ${path}`);
      for (const { source: _, ...trade } of found) {
        const { source: __, ...kept } = stored.get(`${trade.symbol} ${trade.tradeId}`)!;
        deepStrictEqual(trade, kept);
      }
    }
  }));
