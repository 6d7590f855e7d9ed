import { dueFunding, type FundingRate, type Stretch } from "../../backtest/mod.ts";
import type { AlignedRow } from "../../pairs/mod.ts";
import { openReader } from "../../store/mod.ts";
import { counted } from "../counted.ts";
import type { Context } from "../program.ts";
import { isRecorded, type LegName, readFunding, titleOf } from "./legs.ts";

/** Which funding a leg pays, and what is not known of it. */
export interface LegFunding {
  /** Where it is from: a file that was named, the marks of the database, or nowhere. */
  readonly source: "file" | "recorded" | "none";
  /** Payments that fell due within the bars: after the first one opens, before the last one ends. */
  readonly payments: number;
  /** Where a payment may have been due of which nothing is recorded; none is charged there. */
  readonly unknown: readonly Stretch[];
}

/** The funding of both legs. */
export interface PairFunding {
  readonly y: LegFunding;
  readonly x: LegFunding;
}

/** What the funding of a backtest is read from. */
export interface FundingQuery {
  readonly database: string;
  readonly y: LegName;
  readonly x: LegName;
  readonly intervalMs: number;
  /** Files of rates; `null` to take what is recorded. */
  readonly funding: { readonly y: string | null; readonly x: string | null };
}

const NONE: LegFunding = { source: "none", payments: 0, unknown: [] };

/** Reads what a leg pays: the rates within the bars where they are known, and where they are from. */
export async function readLegFunding(
  leg: "y" | "x",
  rows: readonly AlignedRow[],
  query: FundingQuery,
  context: Context,
): Promise<{ readonly rates: readonly FundingRate[]; readonly told: LegFunding }> {
  const { intervalMs } = query;
  const file = query.funding[leg];
  const range = { fromMs: rows[0]!.openTimeMs, toMs: rows.at(-1)!.openTimeMs + intervalMs };
  if (file !== null) {
    const isWithin = ({ timeMs }: FundingRate) => range.fromMs < timeMs && timeMs < range.toMs;
    const rates = (await readFunding(file, context)).filter(isWithin);
    return { rates, told: { source: "file", payments: rates.length, unknown: [] } };
  }
  if (query[leg].file !== null) return { rates: [], told: NONE };
  using reader = openReader(query.database);
  const symbol = titleOf(query[leg]);
  if (reader.marks({ symbol, limit: 1 }).length === 0) return { rates: [], told: NONE };
  const { rates, unknown } = dueFunding(reader.toldFunding({ symbol, ...range }), range);
  return { rates, told: { source: "recorded", payments: rates.length, unknown } };
}

/** Says which funding was charged, a line per leg. */
export function fundingLines(
  funding: PairFunding,
  legs: { readonly y: LegName; readonly x: LegName },
): string[] {
  return (["y", "x"] as const).map((leg) => {
    const { source, payments, unknown } = funding[leg];
    const start = `Funding of ${titleOf(legs[leg])}: `;
    if (source === "none") {
      const why = legs[leg].file !== null
        ? `a file of bars tells none: give --funding-${leg}`
        : isRecorded(legs[leg])
        ? `no marks of it are recorded (ingest --with mark) and --funding-${leg} was not given`
        : `marks are recorded of Binance's symbols only: give --funding-${leg}`;
      return `${start}none is charged, as ${why}.`;
    }
    if (source === "recorded" && payments === 0 && unknown.length === 0) {
      return `${start}none was due, as recorded.`;
    }
    const from = source === "file" ? "of the file" : "as recorded";
    return `${start}${counted(payments, "payment")} ${from}${unknownText(unknown)}.`;
  });
}

function unknownText(unknown: readonly Stretch[]): string {
  const [first] = unknown;
  if (first === undefined) return "";
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
  const others = unknown.length === 1 ? "" : ` and in ${unknown.length - 1} more stretches`;
  return `; none is known, and none charged, from ${time(first.fromMs)} to ${
    time(first.toMs)
  } UTC${others}`;
}
