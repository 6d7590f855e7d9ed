import { type BacktestResult, type FillTime, halfSpreadColumn } from "../../backtest/mod.ts";
import type { AlignedRow } from "../../pairs/mod.ts";
import { openReader } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";
import { type LegName, titleOf } from "./legs.ts";

/** What `--slippage recorded` assumes where no quote is recorded, bps. */
export const ASSUMED_BPS = 1;

/** A quote of the seconds before the first row may still stand in it, ms. */
const BEFORE_MS = 60_000;
const SECOND_MS = 1_000;

/** What fills lost to the recorded spread. */
export interface RecordedSlippage {
  /** Fills of single legs. */
  readonly fills: number;
  /** Those of them that no quote is recorded for: `ASSUMED_BPS` was charged. */
  readonly assumed: number;
}

/** The columns of half spreads of both legs. */
export interface Spreads {
  readonly slippageY: Float64Array;
  readonly slippageX: Float64Array;
}

/** What spreads are read from. */
export interface SpreadQuery {
  readonly database: string;
  readonly y: LegName;
  readonly x: LegName;
  readonly intervalMs: number;
  readonly fill: FillTime;
}

/**
 * Reads the half spreads at the fills of both legs.
 *
 * @throws {ProgramError} If none is recorded of a leg.
 */
export function readSpreads(rows: readonly AlignedRow[], query: SpreadQuery): Spreads {
  return {
    slippageY: readSpread("y", rows, query),
    slippageX: readSpread("x", rows, query),
  };
}

function readSpread(
  leg: "y" | "x",
  rows: readonly AlignedRow[],
  { database, [leg]: name, intervalMs, fill }: SpreadQuery,
): Float64Array {
  const symbol = titleOf(name);
  const at = fill === "next-open" ? "open" : "close";
  // Of each row the quote that stands at its fill: the last one up to that second.
  const shiftMs = at === "open" ? SECOND_MS - intervalMs : 0;
  const stretchesBefore = Math.ceil(BEFORE_MS / intervalMs);
  const fromMs = rows[0]!.openTimeMs + shiftMs - stretchesBefore * intervalMs;
  const toMs = rows.at(-1)!.openTimeMs + intervalMs + shiftMs;
  const quotes = name.file === null ? read(database, symbol, fromMs, toMs, intervalMs) : [];
  if (quotes.length === 0) {
    throw new ProgramError(
      `Cannot charge the recorded spread of ${symbol} as ${
        name.file === null ? "no quote of it is recorded in the range" : "a file of bars has none"
      }: record it with "deno task ingest --with book", or give --slippage in bps`,
    );
  }
  return halfSpreadColumn(rows, quotes, { intervalMs, at });
}

function read(database: string, symbol: string, fromMs: number, toMs: number, everyMs: number) {
  using reader = openReader(database);
  return reader.lastQuotes({ symbol, fromMs, toMs, everyMs });
}

/** Counts the fills, and those that no quote is recorded for. */
export function countFills(
  { trades, open }: Pick<BacktestResult, "trades" | "open">,
  { slippageY, slippageX }: Spreads,
): RecordedSlippage {
  const bars = [
    ...trades.flatMap(({ entryBar, exitBar }) => [entryBar, exitBar]),
    ...open === null ? [] : [open.entryBar],
  ];
  const absent = (column: Float64Array) => bars.filter((bar) => Number.isNaN(column[bar])).length;
  return { fills: 2 * bars.length, assumed: absent(slippageY) + absent(slippageX) };
}

/** What fills cost beside the fee, for a sentence. */
export function slippageText(slippageBps: unknown, recorded: RecordedSlippage | null): string {
  if (recorded === null) return `${slippageBps} bps slippage`;
  const { fills, assumed } = recorded;
  return "half the recorded spread as slippage" +
    (assumed === 0
      ? ""
      : ` (in ${assumed} of ${fills} fills no quote is recorded: ${ASSUMED_BPS} bps)`);
}
