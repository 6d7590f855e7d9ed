import { z } from "zod";
import { DEFAULT_THRESHOLDS, type Thresholds } from "../charts/mod.ts";
import type { StoreReader } from "../store/mod.ts";
import { HubError } from "./hub_error.ts";
import { exportSchemas } from "./export_query.ts";
import { fileSchema } from "./file_query.ts";
import {
  MOST_ROWS,
  pairFields,
  storedInterval as interval,
  symbolName as symbol,
  time,
} from "./query_fields.ts";
import { screenSchema } from "./screen_query.ts";

const limit = (rows: number) => z.coerce.number().int().min(1).max(MOST_ROWS).default(rows);

const threshold = (name: keyof Thresholds) =>
  z.coerce.number().min(0).max(100).default(DEFAULT_THRESHOLDS[name]);

const thresholdFields = {
  exit: threshold("exit"),
  entry: threshold("entry"),
  stop: threshold("stop"),
};

/** Thresholds that follow each other. */
function inOrder(
  { exit, entry, stop }: Readonly<Record<keyof typeof thresholdFields, number>>,
  context: z.RefinementCtx,
): void {
  if (exit < entry && entry < stop) return;
  context.addIssue({ code: "custom", path: ["entry"], message: "must be above exit, below stop" });
}

const pair = z.object({ ...pairFields, ...thresholdFields, limit: limit(3_600) })
  .superRefine(inOrder);
const bps = (by: number) => z.coerce.number().min(0).max(1_000).default(by);

/** A sweep runs a hundred backtests between other requests: of more bars they would have to wait. */
const MOST_SWEPT_BARS = 20_000;

const backtest = z.object({
  ...{ ...pairFields, ...thresholdFields, limit: limit(20_000), fee: bps(5), slippage: bps(0) },
  sweep: z.enum(["0", "1"]).default("0").transform((text) => text === "1"),
}).superRefine(inOrder).superRefine(({ sweep, limit }, context) => {
  if (!sweep || limit <= MOST_SWEPT_BARS) return;
  const message = `must be at most ${MOST_SWEPT_BARS} with a sweep`;
  context.addIssue({ code: "custom", path: ["limit"], message });
});
const bars = z.object({ symbol, interval, limit: limit(3_600) });

const schemas = {
  alerts: z.object({ limit: limit(100) }),
  backtest,
  pair,
  bars,
  screen: screenSchema,
  part: z.object({ part: z.string().min(1).max(100) }),
  barRange: bars.extend({ limit: limit(1_000), from: time.optional(), to: time.optional() }),
  ...exportSchemas,
  file: fileSchema,
};

/** The kinds of questions. */
export type QueryKind = keyof typeof schemas;

/** A checked question, by its kind. */
export type Query<K extends QueryKind> = z.output<(typeof schemas)[K]>;

/** A pair somebody looks at. */
export type PairQuery = Query<"pair">;

/** Bars somebody looks at. */
export type BarsQuery = Query<"bars">;

/**
 * Reads a question from outside.
 *
 * @throws {HubError} 400 if something is missing or cannot be.
 */
export function readQuery<K extends QueryKind>(kind: K, input: unknown): Query<K> {
  const { data, error } = schemas[kind].safeParse(input);
  if (error === undefined) return data as Query<K>;
  const [issue] = error.issues;
  const name = issue?.path.join(".") ?? "";
  const value = isRecord(input) ? input[name] : undefined;
  throw new HubError(
    400,
    "bad_request",
    value === undefined
      ? `Cannot answer as "${name}" is missing`
      : `Cannot answer as "${name}" ${problem(issue!)}: current value is ${JSON.stringify(value)}`,
  );
}

/**
 * Refuses symbols that the database does not hold, and a pair of one symbol with itself.
 *
 * @throws {HubError} 404 or 400.
 */
export function requireSymbols(reader: StoreReader, ...wanted: readonly string[]): void {
  const known = reader.symbols().map((stored) => stored.symbol);
  for (const symbol of wanted) {
    if (known.includes(symbol)) continue;
    const some = known.length === 0
      ? "it holds none yet"
      : `it holds ${known.slice(0, 5).join(", ")}${
        known.length > 5 ? ` and ${known.length - 5} more` : ""
      }`;
    throw new HubError(404, "unknown_symbol", `Cannot find "${symbol}" in the database: ${some}`);
  }
  if (new Set(wanted).size < wanted.length) {
    throw new HubError(400, "bad_request", `Cannot pair "${wanted[0]}" with itself`);
  }
}

function problem(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "custom":
      return issue.message;
    case "too_small":
      return `must be ${issue.inclusive === false ? ">" : ">="} ${issue.minimum}`;
    case "too_big":
      return `must be ${issue.inclusive === false ? "<" : "<="} ${issue.maximum}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return "must be one of the words and numbers that are known";
    default:
      return issue.code === "invalid_type" && issue.expected === "number"
        ? "must be a number"
        : "must be a whole number";
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
