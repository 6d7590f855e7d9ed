/// <reference lib="dom" />
/**
 * What files need beyond a chart: readers and statistics. Loaded when files are first opened, so that
 * the page stays light for everyone else.
 *
 * @module
 */
export { fileReadings } from "./file_readings.ts";
export { openFile } from "./opened_files.ts";
