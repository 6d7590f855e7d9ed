import { symbolName } from "../market/mod.ts";
import type { TickSeries } from "../stats/mod.ts";
import { databaseInUse, readerOf, requireSymbols } from "./database.ts";

/** Which trades. */
export interface TicksOptions {
  /** From this time on, ms since the epoch. @default {the first} */
  readonly fromMs?: number;
  /** Before this time, ms since the epoch. @default {after the last} */
  readonly toMs?: number;
  /** At most so many trades, the first. @default {1,000,000} */
  readonly limit?: number;
}

/**
 * Returns the trades of a symbol of the database in use as log prices at their times, as the
 * statistics of irregular series take them.
 *
 * @example A minute of a sample
 * ```ts
 * import { sampleMarket, ticks } from "tandem/notebook";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * Deno.env.set("TANDEM_DB", `${Deno.makeTempDirSync()}/tandem.db`);
 * await sampleMarket({ hours: 1 / 60 });
 * const { times, values } = ticks("BTCUSDT");
 * strictEqual(times.length, values.length);
 * ok(Math.abs(values[0]! - Math.log(83_000)) < 0.01);
 * ```
 *
 * @param symbol The symbol.
 * @param options From when to when, and how many.
 * @returns Times in ms since the epoch and natural logarithms of prices, in time order.
 * @throws {RangeError} If the database does not hold the symbol.
 */
export function ticks(symbol: string, options: TicksOptions = {}): TickSeries {
  const { fromMs = -Infinity, toMs = Infinity, limit = 1_000_000 } = options;
  const name = symbolName(symbol);
  const database = databaseInUse();
  requireSymbols(database, name);
  const trades = readerOf(database).trades({ symbol: name, fromMs, toMs, limit })
    .sort((a, b) => a.timeMs - b.timeMs);
  return {
    times: Float64Array.from(trades, ({ timeMs }) => timeMs),
    values: Float64Array.from(trades, ({ price }) => Math.log(price)),
  };
}
