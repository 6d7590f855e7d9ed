/// <reference lib="dom" />
import { type BarFileReport, parseBars } from "../../../files/mod.ts";
import { type Bar, formatInterval } from "../../../market/mod.ts";

/** The bars of one symbol of a file. */
export interface OpenedSeries {
  readonly symbol: string;
  readonly intervalMs: number;
  /** Oldest first. */
  readonly bars: readonly Bar[];
}

/** What became of a file. */
export interface OpenedFile {
  readonly name: string;
  readonly series: readonly OpenedSeries[];
  /** In one sentence: what it holds, and what was not taken. */
  readonly words: string;
  /** The first rows that were not taken, each with its line and the reason. */
  readonly refused: readonly string[];
}

const MOST_BYTES = 300_000_000;
const MOST_REFUSED = 20;

/**
 * Reads a file of OHLCV bars, also a gzipped one.
 *
 * @throws {Error} If it holds no bars; the message is for the reader.
 */
export async function openFile(file: File): Promise<OpenedFile> {
  if (file.size > MOST_BYTES) {
    throw new Error(`Cannot open ${file.name} in a tab as it is larger than 300 MB: import it`);
  }
  const isZipped = /\.gz$/i.test(file.name);
  const stream = isZipped
    ? file.stream().pipeThrough(new DecompressionStream("gzip"))
    : file.stream();
  const text = await new Response(stream).text();
  const { bars, report, refused } = parseBars(text, { symbol: symbolOf(file.name) });
  const { intervalMs } = report;
  if (bars.length === 0 || intervalMs === null) {
    throw new Error(`Cannot open ${file.name} as no row of it is a bar`);
  }
  const bySymbol = Map.groupBy(bars, (bar) => bar.symbol);
  return {
    name: file.name,
    series: [...bySymbol].map(([symbol, bars]) => ({ symbol, intervalMs, bars })),
    words: wordsOf(file.name, [...bySymbol.keys()], report, intervalMs),
    refused: refused.slice(0, MOST_REFUSED).map(({ line, reason }) => `Line ${line}: ${reason}`),
  };
}

/** `BTCUSDT-1m-2025-05.csv.gz` is about BTCUSDT. */
export function symbolOf(name: string): string {
  const [first = name] = name.replace(/\.(csv|txt|tsv|gz)$/gi, "").split(/[^A-Za-z0-9.]+/);
  return first.replace(/\.(csv|txt|tsv)$/i, "").toUpperCase() || "FILE";
}

function wordsOf(
  name: string,
  symbols: readonly string[],
  { bars, refused, duplicates, empty, simulated }: BarFileReport,
  intervalMs: number,
): string {
  const left = [
    ...(refused > 0 ? [`${refused.toLocaleString("en")} refused`] : []),
    ...(duplicates > 0 ? [`${duplicates.toLocaleString("en")} twice`] : []),
    ...(empty > 0 ? [`${empty.toLocaleString("en")} without a trade`] : []),
  ];
  const rest = left.length === 0 ? "every row taken" : `rows left out: ${left.join(", ")}`;
  const mark = simulated > 0 ? "SIMULATED, " : "";
  return `${name}: ${mark}${bars.toLocaleString("en")} bars of ${formatInterval(intervalMs)} of ` +
    `${symbols.join(", ")}; ${rest}.`;
}
