/**
 * Every pair of many symbols, re-tested for cointegration on every bar.
 *
 * Sums of products of every two symbols slide with each bar, and the Engle-Granger t-ratios of all
 * ordered pairs follow from them exactly, whatever the length of the window. Nothing here reads a
 * clock: a bar comes when it is pushed.
 *
 * ```ts
 * import { Universe } from "tandem/universe";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const universe = new Universe({ intervalMs: 60_000, windowBars: 60 });
 * universe.push(0, [
 *   { symbol: "BTCUSDT", close: 64_000, complete: true },
 *   { symbol: "ETHUSDT", close: 3_400, complete: true },
 * ]);
 * const { symbols, reason } = universe.screen();
 * strictEqual(symbols[0]!.reason, "warming up: 1 of 60 bars");
 * ok(reason?.startsWith("0 of 2 symbols are usable (BTCUSDT: warming up: 1 of 60 bars)"));
 * ```
 *
 * @module
 */
export type { HoldOutCount, HoldOutOptions, HoldOutReport } from "./hold_out.ts";
export * from "./matrix_codec.ts";
export * from "./screen.ts";
export type { PairFilter, SymbolFilter } from "./screen_filter.ts";
export type { MatrixOptions, MatrixPart, ScreenMatrix } from "./screen_matrix.ts";
export * from "./screener.ts";
export * from "./universe.ts";
export type { UniverseBar, UniverseOptions } from "./universe_options.ts";
