import type { Bar } from "../market/mod.ts";
import type { StoreReader } from "./reader.ts";

/** Which bars to read, from the oldest on. */
export interface BarPagesQuery {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /** First open time, ms since the epoch. @default {-Infinity} */
  readonly fromMs?: number;
  /** End of the range, exclusive. @default {Infinity} */
  readonly toMs?: number;
  /** How many intervals are read at a time. @default {5_000} */
  readonly intervals?: number;
}

/**
 * Gives the bars of a symbol from the oldest on, a page at a time, so that any number of them fits.
 *
 * @example An empty database has no page
 * ```ts
 * import { barPages, openReader, openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * using writer = openWriter(path, {
 *   identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
 * });
 * using reader = openReader(path);
 * deepStrictEqual([...barPages(reader, { symbol: "BTCUSDT", intervalMs: 60_000 })], []);
 * ```
 *
 * @param reader The database.
 * @param query Which bars.
 * @returns The pages, none of them empty; bars written meanwhile at the end may be left out.
 */
export function* barPages(
  reader: StoreReader,
  query: BarPagesQuery,
): Generator<Bar[], void, undefined> {
  const { symbol, intervalMs, fromMs = -Infinity, toMs = Infinity, intervals = 5_000 } = query;
  const newest = reader.bars({ symbol, intervalMs, toMs, limit: 1 })[0];
  if (newest === undefined) return;
  const stepMs = intervals * intervalMs;
  const endMs = newest.openTimeMs + intervalMs;
  let startMs = Math.max(fromMs, oldestMs(reader, symbol, intervalMs, endMs));
  for (; startMs < endMs; startMs += stepMs) {
    const untilMs = Math.min(endMs, startMs + stepMs);
    const page = reader.bars({ symbol, intervalMs, fromMs: startMs, toMs: untilMs });
    if (page.length > 0) yield page;
  }
}

/** The oldest open time, found by halving: a reader answers only the newest bars of a range. */
function oldestMs(reader: StoreReader, symbol: string, intervalMs: number, endMs: number): number {
  const existsBefore = (timeMs: number) =>
    reader.bars({ symbol, intervalMs, toMs: timeMs, limit: 1 }).length > 0;
  let before = 0;
  let after = Math.ceil(endMs / intervalMs);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (existsBefore(middle * intervalMs)) after = middle;
    else before = middle;
  }
  return before * intervalMs;
}
