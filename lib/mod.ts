/**
 * Tandem: real-time pair trading from trades to charts.
 *
 * Every room has its own door (`tandem/stats`, `tandem/pairs`, …); this one gives what a program
 * or notebook most often needs.
 *
 * ```ts
 * import { parseInterval } from "tandem";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(parseInterval("5m"), 300_000);
 * ```
 *
 * @module
 */
export * from "./market/mod.ts";
export * from "./stats/mod.ts";
export * from "./bars/mod.ts";
export * from "./store/mod.ts";
export * from "./feed/mod.ts";
export * from "./pairs/mod.ts";
export * from "./charts/mod.ts";
