import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { BarAggregator } from "../bars/mod.ts";
import { type CointegratedPair, type Exchange, startExchange } from "../exchange/mod.ts";
import { STORED_INTERVALS_MS } from "../market/mod.ts";
import { openWriter, type StoreReader } from "../store/mod.ts";
import { databasePath, readerOf, use } from "./database.ts";

/** Which simulated market to make. */
export interface SampleMarketOptions {
  /** The same seed gives the same trades. @default {1} */
  readonly seed?: string | number;
  /** How many symbols, `BTCUSDT` first, or their names. @default {["BTCUSDT", "ETHUSDT"]} */
  readonly symbols?: number | readonly string[];
  /** How long it lasts, in hours; > 0. @default {2} */
  readonly hours?: number;
  /** Trades per second over all symbols, in the long run; > 0. @default {20} */
  readonly ratePerSecond?: number;
}

/** A simulated market that stands still. */
export interface SampleMarket {
  /** Its database, which later cells then mean. */
  readonly store: StoreReader;
  /** The truth behind it: which pairs belong together, and how. */
  readonly pairs: readonly CointegratedPair[];
}

/** When every sample ends: a Monday at noon, ms since the epoch. */
const END_MS = Date.UTC(2026, 0, 5, 12);

const HOUR_MS = 3_600_000;

/** More than this takes minutes and gigabytes. */
const MOST_TRADES = 5_000_000;

/**
 * Returns a simulated market that is the same wherever and whenever it is made: trades and bars
 * of some hours before 2026-01-05 12:00 UTC, all complete, in a database of its own.
 *
 * It is made once, in about a second per 200,000 trades, and found again by later kernels. Its
 * market model is told in `docs/market_model.md`; charts of it say SIMULATED.
 *
 * @example A minute of two symbols
 * ```ts
 * import { sampleMarket } from "tandem/notebook";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * Deno.env.set("TANDEM_DB", `${Deno.makeTempDirSync()}/tandem.db`);
 * const { store, pairs } = await sampleMarket({ seed: 7, hours: 1 / 60 });
 * deepStrictEqual(store.symbols().map(({ symbol }) => symbol), ["BTCUSDT", "ETHUSDT"]);
 * strictEqual(store.bars({ symbol: "BTCUSDT", intervalMs: 60_000 }).length, 1);
 * strictEqual(pairs[0]!.hedgeRatio, 1.2);
 * ```
 *
 * @param options Seed, symbols, length and rate.
 * @returns The database and the truth.
 * @throws {RangeError} If an option is out of range.
 */
export async function sampleMarket(options: SampleMarketOptions = {}): Promise<SampleMarket> {
  const { seed = 1, symbols = ["BTCUSDT", "ETHUSDT"], hours = 2, ratePerSecond = 20 } = options;
  const expected = hours * 3_600 * ratePerSecond;
  if (!(expected > 0 && expected <= MOST_TRADES)) {
    throw new RangeError(
      `Cannot make a market as "hours" x 3,600 x "ratePerSecond" must be > 0 and at most ` +
        `${MOST_TRADES}: current value is ${expected}`,
    );
  }
  const key = JSON.stringify({ seed, symbols, hours, ratePerSecond });
  const database = `${dirname(databasePath(undefined, "tandem.db"))}/sample_${await digest(
    key,
  )}.db`;
  await using exchange = await startExchange({
    source: {
      ...{ seed, symbols, ratePerSecond, startMs: END_MS },
      historyMs: existsSync(database) ? 0 : Math.round(hours * HOUR_MS),
    },
    keepTrades: 3 * expected + 1e6,
  });
  if (!existsSync(database)) await write(exchange, database);
  use(database);
  return { store: readerOf(database), pairs: exchange.truth.pairs };
}

/** Written under another name first: a database of that name is whole. */
async function write(exchange: Exchange, database: string): Promise<void> {
  const unfinished = `${database}.${Deno.pid}`;
  await Deno.mkdir(dirname(database), { recursive: true });
  const identity = { pid: Deno.pid, host: "simulated", startedAtMs: END_MS, simulated: true };
  {
    using writer = openWriter(unfinished, { identity });
    for (const symbol of exchange.symbols) {
      writer.register("binance-usdm", symbol, "trade");
      const trades = exchange.trades(symbol).filter((trade) => trade.timeMs < END_MS);
      if (trades.length === 0) continue;
      const bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
      // The market begins and ends here, so no trade before the first or after the last is missing.
      bars.skip(symbol, trades[0]!.tradeId - 1);
      for (const trade of trades) bars.push(trade);
      bars.skip(symbol, trades.at(-1)!.tradeId + 1);
      bars.advance([symbol], END_MS);
      const closed = [{ symbol, timeMs: END_MS }];
      const quality = [{ venue: "binance-usdm", symbol, received: trades.length }];
      writer.write({ trades, bars: bars.takeBars(), closed, quality });
    }
    writer.checkpoint();
  }
  await Deno.remove(`${unfinished}.lock`).catch(() => {});
  await Deno.rename(unfinished, database);
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).slice(0, 6).toHex();
}
