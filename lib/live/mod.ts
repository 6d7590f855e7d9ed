/**
 * The hub behind the live page and behind charts in notebooks: JSON, CSV, Prometheus text, events,
 * the page, and one WebSocket per page for all of its charts.
 *
 * ```ts
 * import { startHub } from "tandem/live";
 * import { openReader, openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 *
 * await using hub = await startHub({ open: () => openReader(path) });
 * const { symbols } = await (await fetch(`${hub.url}api/symbols`)).json();
 * deepStrictEqual(symbols.map((s: { symbol: string }) => s.symbol), ["BTCUSDT"]);
 * ```
 *
 * @module
 */
export { type Hub, type HubOptions, startHub } from "./hub.ts";
export type * from "./alerts_answer.ts";
export type * from "./backtest_answer.ts";
export type * from "./import_answer.ts";
export type { FileKeeper, SentFile } from "./routes/files.ts";
export type { HubActions } from "./routes/route.ts";
export { HubError } from "./hub_error.ts";
export type { MinuteRow } from "./minute_rows.ts";
export type { CriticalValue, TestResult, TestsReport } from "./pair_tests.ts";
export type { FindPart, Part } from "./part.ts";
export type * from "./part_content.ts";
export type * from "./protocol.ts";
export { LiveScreen, type WarmUp } from "./live_screen.ts";
