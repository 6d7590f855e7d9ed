/**
 * The vocabulary: trades, bars, marks, intervals, gaps and instruments. Imports nothing.
 *
 * ```ts
 * import { openTimeOf, parseInterval } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(openTimeOf(1_721_347_022_956, parseInterval("1m")), 1_721_347_020_000);
 * ```
 *
 * @module
 */
export * from "./bar.ts";
export * from "./feed_event.ts";
export * from "./gap.ts";
export * from "./instrument.ts";
export * from "./interval.ts";
export * from "./mark.ts";
export * from "./parse_time.ts";
export * from "./quote.ts";
export * from "./sequence_id.ts";
export * from "./time_id.ts";
export * from "./trade.ts";
export * from "./trade_code.ts";
export * from "./underlying.ts";
export * from "./venue.ts";
