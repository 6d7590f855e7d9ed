import { z } from "zod";
import type { ScreenOptions } from "../universe/mod.ts";
import { storedInterval, symbolName } from "./query_fields.ts";

/** A window per stored interval: an hour of seconds, a day of minutes, a week of five minutes. */
const WINDOWS: Readonly<Record<number, number>> = { 1_000: 3_600, 60_000: 1_440, 300_000: 2_016 };

/** The least window that leaves a test with eight lags. */
const LEAST_WINDOW_BARS = 21;
const MOST_WINDOW_BARS = 10_080;

/** Most rows of an answer. */
export const MOST_SCREEN_ROWS = 10_000;

const atLeast = (least: number) => z.coerce.number().min(least);
const share = z.coerce.number().min(0).max(1);

/** What may be asked of a screen. */
export const screenSchema = z.object({
  interval: storedInterval,
  window: z.coerce.number().int().min(LEAST_WINDOW_BARS).max(MOST_WINDOW_BARS).optional(),
  alpha: z.coerce.number().gt(0).lt(1).default(0.05),
  lag: z.union([z.literal("aic"), z.coerce.number().int().min(0).max(8)]).default(8),
  rows: z.enum(["discoveries", "candidates", "all"]).default("candidates"),
  limit: z.coerce.number().int().min(0).max(MOST_SCREEN_ROWS).default(100),
  wrappers: z.enum(["skip", "test"]).default("skip"),
  quote: symbolName.optional(),
  minQuoteVolume: atLeast(0).default(0),
  minTrades: atLeast(0).default(0),
  maxStale: share.default(0.05),
  minHalfLife: atLeast(0).default(0),
  maxHalfLife: atLeast(0).default(Infinity),
  symbol: symbolName.optional(),
  of: z.enum(["correlation", "pValue", "both"]).default("both"),
}).transform(({ window, ...rest }) => ({ ...rest, window: window ?? WINDOWS[rest.interval]! }));

/** A checked question about the pairs of all symbols. */
export type ScreenQuery = z.output<typeof screenSchema>;

/** What the universe is asked. */
export function screenOptions(query: ScreenQuery): ScreenOptions {
  const { alpha, lag, rows, limit, wrappers, quote, symbol } = query;
  return {
    ...{ alpha, lag, rows, limit, wrappers },
    symbols: {
      ...(quote === undefined ? {} : { quote }),
      minQuoteVolumePerDay: query.minQuoteVolume,
      minTradesPerBar: query.minTrades,
      maxStaleShare: query.maxStale,
    },
    pairs: {
      ...(symbol === undefined ? {} : { symbol }),
      minHalfLifeBars: query.minHalfLife,
      maxHalfLifeBars: query.maxHalfLife,
    },
  };
}
