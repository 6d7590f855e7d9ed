import { gunzipSync } from "node:zlib";
import type { Universe } from "../../lib/universe/mod.ts";

/** Closes of several symbols by open time. */
export interface Table {
  readonly symbols: readonly string[];
  readonly timesMs: readonly number[];
  readonly closes: readonly (readonly number[])[];
}

function readCells(path: string): string[][] {
  const raw = Deno.readFileSync(path);
  const text = new TextDecoder().decode(path.endsWith(".gz") ? gunzipSync(raw) : raw);
  return text.trim().split(/\r?\n/).map((line) => line.split(","));
}

/** The minutes in which every symbol has a bar. */
export function readKlines(folder: string): Table {
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name)
    .filter((name) => name.endsWith(".csv.gz")).sort();
  const closes = names.map((name) =>
    new Map(
      readCells(`${folder}/${name}`).slice(1).map((cells) => [Number(cells[0]), Number(cells[4])]),
    )
  );
  const timesMs = [...closes[0]!.keys()].filter((time) => closes.every((map) => map.has(time)));
  return {
    symbols: names.map((name) => name.split("-")[0]!),
    timesMs,
    closes: timesMs.map((time) => closes.map((map) => map.get(time)!)),
  };
}

/** Pushes one row. */
export function pushRow(universe: Universe, table: Table, row: number, timeMs: number): void {
  universe.push(
    timeMs,
    table.symbols.map((symbol, i) => ({ symbol, close: table.closes[row]![i]!, complete: true })),
  );
}

/** Daily closes of 100 stocks. */
export function readStocks(folder: string): Table {
  const [header, ...lines] = readCells(`${folder}/textbook/sp100_prices.csv`);
  return {
    symbols: header!.slice(1),
    timesMs: lines.map((_, day) => day),
    closes: lines.map((line) => line.slice(1).map(Number)),
  };
}
