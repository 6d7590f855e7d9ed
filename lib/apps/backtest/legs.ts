import { basename } from "node:path";
import {
  formatInterval,
  openTimeOf,
  parseTime,
  STORED_INTERVALS_MS,
  symbolName,
  venueOf,
} from "../../market/mod.ts";
import type { CloseBar } from "../../pairs/mod.ts";
import { openReader } from "../../store/mod.ts";
import { type Context, ProgramError } from "../program.ts";
import { readFileBars } from "../screen/file_bars.ts";

/** What a backtest needs of a bar. */
export interface LegBar extends CloseBar {
  readonly open: number;
}

/** Which bars to read. */
export interface LegQuery {
  readonly database: string;
  readonly intervalMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** A leg as it was named: a symbol, or a file of its bars. */
export interface LegName {
  readonly name: string;
  readonly file: string | null;
}

/** `ADAUSDT` of `ADAUSDT-1m-2025-05.csv.gz`, or the symbol itself. */
export function titleOf({ name, file }: LegName): string {
  return file === null ? symbolName(name) : basename(file).split(/[-.]/)[0]!.toUpperCase();
}

/** Whether `ingest --with` can record marks and quotes of a leg: Binance's, by their plain names. */
export function isRecorded({ name, file }: LegName): boolean {
  return file === null && venueOf(name)?.code === "binance-usdm";
}

/** The bars of a leg, oldest first, of the length that was asked for. */
export async function readLeg(leg: LegName, query: LegQuery, context: Context): Promise<LegBar[]> {
  const { intervalMs } = query;
  const fromMs = query.fromMs ?? -Infinity;
  const toMs = query.toMs ?? Infinity;
  const bars = leg.file === null
    ? readStored(titleOf(leg), query)
    : await readFileBars([leg.file], intervalMs, context);
  const inRange = bars.filter(({ openTimeMs }) => openTimeMs >= fromMs && openTimeMs < toMs);
  if (inRange.length === 0) {
    throw new ProgramError(
      `Cannot backtest as ${leg.file ?? titleOf(leg)} has no bar in the range`,
    );
  }
  return merged(inRange, intervalMs);
}

function readStored(symbol: string, { database, intervalMs, fromMs, toMs }: LegQuery): LegBar[] {
  using reader = openReader(database);
  const lengths = [intervalMs, ...STORED_INTERVALS_MS.toReversed()];
  for (const length of lengths.filter((length) => intervalMs % length === 0)) {
    const bars = reader.priceBars({
      ...{ symbol, intervalMs: length, fromMs: fromMs ?? -Infinity, toMs: toMs ?? Infinity },
    });
    if (bars.length > 0) return bars;
  }
  const known = reader.symbols().map((stored) => stored.symbol);
  throw new ProgramError(
    `Cannot backtest as ${database} holds no bars of ${symbol} that ${
      formatInterval(intervalMs)
    } can be made of: it has ${known.slice(0, 8).join(", ") || "no symbols"}`,
  );
}

/** Shorter bars as longer ones; of two with one time the first counts. */
export function merged(bars: readonly LegBar[], intervalMs: number): LegBar[] {
  const longer: LegBar[] = [];
  let lastMs = -Infinity;
  for (const bar of bars) {
    if (bar.openTimeMs === lastMs) continue;
    lastMs = bar.openTimeMs;
    const openTimeMs = openTimeOf(bar.openTimeMs, intervalMs);
    const before = longer.at(-1);
    const { open, close, complete } = bar;
    if (before?.openTimeMs !== openTimeMs) {
      longer.push({ openTimeMs, open, close, complete, revision: 0 });
    } else {
      longer[longer.length - 1] = { ...before, close, complete: before.complete && complete };
    }
  }
  return longer;
}

/** Ms since the epoch or a date, which is UTC where it names no zone; `NaN` for neither. */
function timeIn(cell: string): number {
  if (/^\d+$/.test(cell)) return Number(cell);
  try {
    return parseTime(cell);
  } catch {
    return NaN;
  }
}

/** Funding payments of a file: times in the first column, rates in the last. */
export async function readFunding(
  file: string,
  { report }: Context,
): Promise<{ timeMs: number; rate: number }[]> {
  const text = await Deno.readTextFile(file).catch((cause) => {
    throw new ProgramError(`Cannot read the funding rates of ${file}`, { cause });
  });
  const rates: { timeMs: number; rate: number }[] = [];
  let refused = 0;
  for (const line of text.split(/\r?\n/)) {
    const cells = line.split(/[,;\t]/);
    const timeMs = timeIn(cells[0]!.trim());
    const rate = cells.length < 2 || cells.at(-1)!.trim() === "" ? NaN : Number(cells.at(-1));
    if (timeMs > 1e11 && timeMs < 1e14 && Math.abs(rate) < 1) rates.push({ timeMs, rate });
    else if (line.trim() !== "") refused++;
  }
  if (rates.length === 0) {
    throw new ProgramError(
      `Cannot read ${file} as no line holds a time in ms and a rate: use lines such as "1735689600000,0.0001"`,
    );
  }
  // a line of column names is not worth a word
  if (refused > 1) report.warn(`${file}: ${refused} lines are no funding rates and were left out`);
  return rates;
}
