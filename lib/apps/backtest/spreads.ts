import { type BacktestResult, type FillTime, halfSpreadColumn } from "../../backtest/mod.ts";
import type { AlignedRow } from "../../pairs/mod.ts";
import { openReader } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";
import { isRecorded, type LegName, titleOf } from "./legs.ts";

/** What `--slippage recorded` assumes where no quote is recorded, bps. */
export const ASSUMED_BPS = 1;

/** A quote of the seconds before the first row may still stand in it, ms. */
const BEFORE_MS = 60_000;
const SECOND_MS = 1_000;

/** What fills lost to the recorded spread. */
export interface RecordedSlippage {
  /** Fills of single legs. */
  readonly fills: number;
  /** Those of them that no quote is recorded for: `assumedBps` was charged. */
  readonly assumed: number;
  /** What was charged there, bps. */
  readonly assumedBps: number;
  /** Of which legs no quote at all is recorded in the range: all their fills are assumed. */
  readonly unrecorded: readonly ("y" | "x")[];
}

/** The columns of half spreads of both legs: at their fills, and at the closes. */
export interface Spreads {
  readonly slippageY: Float64Array;
  readonly slippageX: Float64Array;
  readonly endSlippageY: Float64Array;
  readonly endSlippageX: Float64Array;
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
 * Reads the half spreads at the fills of both legs, NaN where none is recorded.
 *
 * @throws {ProgramError} If none is recorded of either leg.
 */
export function readSpreads(rows: readonly AlignedRow[], query: SpreadQuery): Spreads {
  const [atY, atX] = [readSpread("y", rows, query, "close"), readSpread("x", rows, query, "close")];
  const spreads = {
    slippageY: query.fill === "next-open" ? readSpread("y", rows, query, "open") : atY,
    slippageX: query.fill === "next-open" ? readSpread("x", rows, query, "open") : atX,
    endSlippageY: atY,
    endSlippageX: atX,
  };
  if (unrecorded(spreads).length < 2) return spreads;
  const both = (["y", "x"] as const).map((leg) => `${titleOf(query[leg])} (${why(query[leg])})`);
  throw new ProgramError(
    `Cannot charge the recorded spread as no quote of either leg is recorded in the range, neither of ${
      both.join(" nor of ")
    }: give --slippage in bps`,
  );
}

function readSpread(
  leg: "y" | "x",
  rows: readonly AlignedRow[],
  { database, [leg]: name, intervalMs }: SpreadQuery,
  at: "open" | "close",
): Float64Array {
  if (name.file !== null) return new Float64Array(rows.length).fill(NaN);
  // Of each row the quote that stands at its fill: the last one up to that second.
  const shiftMs = at === "open" ? SECOND_MS - intervalMs : 0;
  const stretchesBefore = Math.ceil(BEFORE_MS / intervalMs);
  using reader = openReader(database);
  const quotes = reader.lastQuotes({
    symbol: titleOf(name),
    fromMs: rows[0]!.openTimeMs + shiftMs - stretchesBefore * intervalMs,
    toMs: rows.at(-1)!.openTimeMs + intervalMs + shiftMs,
    everyMs: intervalMs,
  });
  return halfSpreadColumn(rows, quotes, { intervalMs, at });
}

/** The legs of which no fill can meet a quote. */
function unrecorded(spreads: Spreads): ("y" | "x")[] {
  const isAbsent = (column: Float64Array) => column.every(Number.isNaN);
  return [
    ...isAbsent(spreads.slippageY) && isAbsent(spreads.endSlippageY) ? ["y" as const] : [],
    ...isAbsent(spreads.slippageX) && isAbsent(spreads.endSlippageX) ? ["x" as const] : [],
  ];
}

/** Why no quote of a leg is recorded. */
function why(leg: LegName): string {
  if (leg.file !== null) return "a file of bars has none";
  return isRecorded(leg)
    ? `record it with "deno task ingest --with book"`
    : "quotes are recorded of Binance's symbols only";
}

/** Counts the fills, and those that no quote is recorded for. */
export function countFills(
  { trades, open }: Pick<BacktestResult, "trades" | "open">,
  spreads: Spreads,
): RecordedSlippage {
  const { slippageY, slippageX, endSlippageY, endSlippageX } = spreads;
  const at = (bar: number, isEnd: boolean) =>
    isEnd ? [endSlippageY[bar]!, endSlippageX[bar]!] : [slippageY[bar]!, slippageX[bar]!];
  const losses = [
    ...trades.flatMap(({ entryBar, exitBar, reason }) => [
      ...at(entryBar, false),
      ...at(exitBar, reason === "end"),
    ]),
    ...open === null ? [] : at(open.entryBar, false),
  ];
  return {
    ...{ fills: losses.length, assumed: losses.filter(Number.isNaN).length },
    ...{ assumedBps: ASSUMED_BPS, unrecorded: unrecorded(spreads) },
  };
}

/** What fills cost beside the fee, for a sentence. */
export function slippageText(slippageBps: unknown, recorded: RecordedSlippage | null): string {
  if (recorded === null) return `${slippageBps} bps slippage`;
  const { fills, assumed, assumedBps } = recorded;
  return "half the recorded spread as slippage" +
    (assumed === 0
      ? ""
      : ` (in ${assumed} of ${fills} fills no quote is recorded: ${assumedBps} bps)`);
}

/** Says of which leg no spread is recorded at all, a line each. */
export function spreadLines(
  recorded: RecordedSlippage | null,
  legs: { readonly y: LegName; readonly x: LegName },
): string[] {
  return (recorded?.unrecorded ?? []).map((leg) =>
    `Spread of ${titleOf(legs[leg])}: ${
      recorded!.assumedBps
    } bps is assumed in all of its fills, ` +
    `as no quote of it is recorded in the range (${why(legs[leg])}).`
  );
}
