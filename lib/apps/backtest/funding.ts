import { dueFunding, fundingColumn, type FundingRate, type Stretch } from "../../backtest/mod.ts";
import type { AlignedRow } from "../../pairs/mod.ts";
import { openReader } from "../../store/mod.ts";
import { counted } from "../counted.ts";
import type { Context } from "../program.ts";
import { type LegName, readFunding, titleOf } from "./legs.ts";

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

/** Reads what each leg pays: a column of rates where it is known, and where it is from. */
export async function readLegFunding(
  leg: "y" | "x",
  rows: readonly AlignedRow[],
  query: FundingQuery,
  context: Context,
): Promise<{ readonly column: Float64Array | null; readonly told: LegFunding }> {
  const { intervalMs } = query;
  const file = query.funding[leg];
  const range = { fromMs: rows[0]!.openTimeMs, toMs: rows.at(-1)!.openTimeMs + intervalMs };
  if (file !== null) {
    const rates = await readFunding(file, context);
    const isWithin = ({ timeMs }: FundingRate) => range.fromMs < timeMs && timeMs < range.toMs;
    const payments = rates.filter(isWithin).length;
    const told: LegFunding = { source: "file", payments, unknown: [] };
    return { column: fundingColumn(rows, rates, intervalMs), told };
  }
  if (query[leg].file !== null) return { column: null, told: NONE };
  using reader = openReader(query.database);
  const symbol = titleOf(query[leg]);
  if (reader.marks({ symbol, limit: 1 }).length === 0) return { column: null, told: NONE };
  const { rates, unknown } = dueFunding(reader.toldFunding({ symbol, ...range }), range);
  return {
    column: fundingColumn(rows, rates, intervalMs),
    told: { source: "recorded", payments: rates.length, unknown },
  };
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
      return start +
        (legs[leg].file === null
          ? `none is charged, as no marks of it are recorded (ingest --with mark) and --funding-${leg} was not given.`
          : `none is charged, as a file of bars tells none: give --funding-${leg}.`);
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
