import { BinanceArchive, BinanceRest, RestError, WeightLimiter } from "../../feed/mod.ts";
import type { StoreReader } from "../../store/mod.ts";
import { isLeased, openReader } from "../../store/mod.ts";
import type { BackfillOptions } from "../backfill.ts";
import { firstOf } from "../counted.ts";
import { addReceipt, NO_TRADES } from "../history/history.ts";
import { openHistory } from "../history/open_history.ts";
import { isSimulated } from "../ingest/is_simulated.ts";
import { refuseMixing } from "../ingest/refuse_mixing.ts";
import { type Context, ProgramError } from "../program.ts";
import type { FillProgress, Range, Sources } from "./filler.ts";
import { fillFromArchive } from "./from_archive.ts";
import { fillFromRest } from "./from_rest.ts";
import { gapRanges } from "./gap_ranges.ts";
import { progressLine } from "./progress_line.ts";
import { storeFolder } from "../store_access.ts";

/** REST tells of the last 48 hours; the edge moves on while one asks. */
const REST_MS = 48 * 3_600_000 - 600_000;
/** The exchange's code for a symbol that it does not list. */
const UNKNOWN_SYMBOL = -1121;
/** Weight per minute beside a running ingest, whose repairs come first. */
const SHARED_WEIGHT = 1_200;

/** Fetches and stores; ends with an error where something could not be had. */
export async function runBackfill(options: BackfillOptions, context: Context): Promise<void> {
  const { database, restUrl } = options;
  const { report, signal } = context;
  const simulated = await isSimulated(restUrl, signal);
  refuseMixing(database, simulated);
  const isShared = isLeased(database);
  await using history = await openHistory({ database, simulated });
  using reader = openReader(database);
  const folder = await Deno.makeTempDir({ dir: storeFolder(database), prefix: ".backfill-" });
  const rest = new BinanceRest({
    baseUrl: restUrl,
    limiter: isShared ? new WeightLimiter(SHARED_WEIGHT) : new WeightLimiter(),
  });
  const archive = new BinanceArchive({ baseUrl: options.archiveUrl });
  const sources: Sources = { rest, archive, folder, history, reader, signal };
  const problems: string[] = [];
  try {
    const ranges = rangesOf(options, reader, isShared);
    if (history.isRemote) report.info(`The ingest that writes ${database} stores what is fetched`);
    if (ranges.length === 0) report.info("No gap lacks anything that can be fetched");
    for (const [k, range] of ranges.entries()) {
      await fillRange(range, { at: k, of: ranges.length }, sources, context, problems);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (problems.length > 0) {
    throw new ProgramError(`Could not fetch everything: ${firstOf(problems)}`);
  }
}

function rangesOf(options: BackfillOptions, reader: StoreReader, isShared: boolean): Range[] {
  const kinds = new Map(reader.symbols().map((s) => [s.symbol, s.streamKind]));
  if (options.range === null) return gapRanges(reader, options.symbols, isShared);
  const { streamKind, range } = options;
  return options.symbols.map((symbol) => ({
    ...range,
    symbol,
    streamKind: kinds.get(symbol) ?? streamKind,
  }));
}

async function fillRange(
  range: Range,
  place: { readonly at: number; readonly of: number },
  sources: Sources,
  { report, signal }: Context,
  problems: string[],
): Promise<void> {
  const { symbol, streamKind, fromMs, toMs } = range;
  const startedMs = performance.now();
  let sum = NO_TRADES;
  const progress: FillProgress = {
    reached: (timeMs) =>
      report.progress(
        progressLine(range, place, timeMs, sum.stored, performance.now() - startedMs),
      ),
    put(receipt) {
      sum = addReceipt(sum, receipt);
    },
    problem(message) {
      problems.push(message);
      report.warn(message);
    },
  };
  progress.reached(fromMs);
  const edgeMs = await sources.rest.time(signal).catch(() => Date.now()) - REST_MS;
  try {
    if (streamKind === "trade") {
      await fillFromArchive(range, sources, progress);
    } else {
      if (fromMs < edgeMs) {
        await fillFromArchive({ ...range, toMs: Math.min(toMs, edgeMs) }, sources, progress);
      }
      if (toMs > edgeMs) {
        await fillFromRest({ ...range, fromMs: Math.max(fromMs, edgeMs) }, sources, progress);
      }
    }
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== UNKNOWN_SYMBOL) throw error;
    progress.problem(`${symbol} is not known to ${sources.rest.baseUrl}`);
  }
  report.info(
    `${symbol} ${time(fromMs)} to ${time(toMs)}: ${sum.stored} trades stored` +
      `, ${sum.duplicates} were there` +
      (sum.conflicts > 0 ? `, ${sum.conflicts} set aside as they contradict stored ones` : "") +
      (sum.left > 0 ? `, ${sum.left} left to the running feed` : ""),
  );
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
