import type { Bar } from "../market/mod.ts";
import { type BarFileOptions, type BarFileReport, BarParser } from "./bar_parser.ts";
import type { RefusedRow } from "./file_error.ts";
import { linesOf, LineSplitter } from "./line_splitter.ts";
import type { Row } from "./row.ts";

/** The bars of a file, as they come; `report` tells what was found so far. */
export interface BarFile extends AsyncIterable<Bar[]> {
  /** What was found so far; final when the last bars have come. */
  readonly report: BarFileReport;
}

/**
 * Reads a file of OHLCV bars of any size: CSV with or without column names, Binance's kline files,
 * semicolons and decimal commas, times in any unit or as dates.
 *
 * Rows come as they stand in the file; memory does not grow with it. A row that cannot be a bar is
 * told to `onRefused` with its line and the reason. Rows of intervals without trades make no bar.
 * Bars from files are never `complete`: no trade ids prove it.
 *
 * @example A kline file without column names, times in microseconds
 * ```ts
 * import { readBars } from "tandem/files";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const text = "1746814680000000,10,12,9,11,5,1746814739999999,55,3,2,22,0\n" +
 *   "1746814740000000,11,11,11,11,0,1746814799999999,0,0,0,0,0\n" +
 *   "1746814800000000,11,9,9,11,2,1746814859999999,20,1,0,0,0\n";
 * const refused: string[] = [];
 * const file = readBars([new TextEncoder().encode(text)], {
 *   symbol: "ADAUSDT",
 *   onRefused: ({ line, reason }) => refused.push(`line ${line}: ${reason}`),
 * });
 * const bars = (await Array.fromAsync(file)).flat();
 * deepStrictEqual(bars.map((b) => [b.openTimeMs, b.close, b.tradeCount]), [[1746814680000, 11, 3]]);
 * deepStrictEqual(refused, ["line 3: its high is not its highest price"]);
 * strictEqual(file.report.empty, 1);
 * ```
 *
 * @param bytes The file's content, not compressed.
 * @param options The symbol, where no column tells it; interval and zone, where they are known.
 * @returns The bars, in parts. Reading throws {@link FileError} where the file holds no bars.
 * @throws {RangeError} If the zone is not known.
 */
export function readBars(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: BarFileOptions,
): BarFile {
  return readBarRows(linesOf(bytes), options);
}

/**
 * Reads bars from rows, in parts, of a file in any form; else the same as `readBars()`.
 *
 * @example Cells of a file that is no text; the first row names the columns
 * ```ts
 * import { readBarRows } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * async function* rows() {
 *   yield [
 *     ["time", "open", "high", "low", "close", "volume"],
 *     [1746814680000, 10, 12, 9, 11, 5],
 *   ];
 * }
 * const file = readBarRows(rows(), { symbol: "ADAUSDT", intervalMs: 60_000 });
 * deepStrictEqual((await Array.fromAsync(file)).flat().map((bar) => bar.close), [11]);
 * ```
 *
 * @param rows Lines, or the cells of rows; an absent cell is `""`.
 * @param options The symbol, where no column tells it; interval and zone, where they are known.
 * @returns The bars, in parts. Reading throws {@link FileError} where the file holds no bars.
 * @throws {RangeError} If the zone is not known.
 */
export function readBarRows(
  rows: AsyncIterable<readonly Row[]>,
  options: BarFileOptions,
): BarFile {
  const parser = new BarParser(options);
  async function* parts() {
    for await (const part of rows) {
      const bars = parser.push(part);
      if (bars.length > 0) yield bars;
    }
    const bars = parser.end();
    if (bars.length > 0) yield bars;
  }
  return {
    get report() {
      return parser.report;
    },
    [Symbol.asyncIterator]: () => parts(),
  };
}

/** The bars of a text, sorted. */
export interface ParsedBars {
  /** By symbol, then by open time; of each open time the first row. */
  readonly bars: readonly Bar[];
  /** What was found. */
  readonly report: BarFileReport;
  /** The rows that were not taken. */
  readonly refused: readonly RefusedRow[];
}

/**
 * Returns the bars of a text that fits into memory; the same as `readBars()`, sorted.
 *
 * @example Newest first, semicolons, dates
 * ```ts
 * import { parseBars } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { bars, report } = parseBars(
 *   "Date;Open;High;Low;Close;Volume\n2024-07-02;2,5;3;2;3;10\n2024-07-01;2;2,5;2;2,5;10\n",
 *   { symbol: "ADAUSDT" },
 * );
 * deepStrictEqual(bars.map((b) => b.close), [2.5, 3]);
 * deepStrictEqual([report.intervalMs, report.table?.decimalComma], [86_400_000, true]);
 * ```
 *
 * @param text The file's content.
 * @param options The symbol, where no column tells it; interval and zone, where they are known.
 * @returns The bars, what was found, and what was refused.
 * @throws {FileError} If the text holds no bars.
 * @throws {RangeError} If the zone is not known.
 */
export function parseBars(text: string, options: Omit<BarFileOptions, "onRefused">): ParsedBars {
  const refused: RefusedRow[] = [];
  const parser = new BarParser({ ...options, onRefused: (row) => refused.push(row) });
  const splitter = new LineSplitter();
  const all = [
    ...parser.push(splitter.push(text)),
    ...parser.push(splitter.end()),
    ...parser.end(),
  ];
  all.sort((a, b) =>
    a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.openTimeMs - b.openTimeMs
  );
  const bars = all.filter((bar, k) =>
    bar.symbol !== all[k - 1]?.symbol || bar.openTimeMs !== all[k - 1]?.openTimeMs
  );
  return { bars, report: parser.report, refused };
}
