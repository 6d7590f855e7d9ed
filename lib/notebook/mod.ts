/**
 * What a notebook needs: guards against what freezes or kills a Deno kernel, work that goes on
 * while other cells run, the data, and charts that keep moving and remain pictures.
 *
 * The first line of every notebook imports it:
 *
 * ```ts
 * import * as nb from "tandem/notebook";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(nb.faults, []);
 * ```
 *
 * @module
 */
export * from "./alerts.ts";
export { attach } from "./database.ts";
export * from "./ingest.ts";
export type { Simulation } from "./simulation.ts";
export * from "./sample_market.ts";
export * from "./progress.ts";
export * from "./job.ts";
export * from "./live.ts";
export * from "./verify.ts";
export { type Fault, faults, sleep, stopSignal, wait } from "./prelude.ts";
export { output, show, type Showable, type Shown } from "./show.ts";
export type { PlotElement } from "./bundle.ts";
export type { LiveRows } from "./live_chart.ts";
export type { SelectedSpan } from "../live/mod.ts";
export * from "./import_files.ts";
export * from "./save.ts";
export * from "./inputs.ts";
export * from "./input_kinds.ts";
export * from "./table.ts";
export * from "./ticks.ts";
export { plotDocument } from "../charts/mod.ts";
export type { MediaBundle } from "./kernel.ts";
export * from "./candles.ts";
export { type BasisRow, pair, type PairView, type PairViewOptions } from "./pair.ts";
export { type MatrixCell, screen, type ScreenView, type ScreenViewOptions } from "./screen.ts";
