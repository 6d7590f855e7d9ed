import {
  capturedFrame,
  capturedRows,
  type CapturedStream,
  capturedStream,
  type CapturedTrade,
  capturedTrade,
  REST_ROWS,
} from "./capture_frame.ts";
import { type CaptureFile, readCapture } from "./capture_reader.ts";
import { assetsOf, type Contract } from "./contract.ts";
import { decimalsOf } from "./decimal.ts";
import { knownTickUnits } from "./seeded_contracts.ts";

/** What a set of captured files holds. */
export interface CaptureSummary {
  /** The files, each once. */
  readonly files: readonly CaptureFile[];
  /** Every captured stream. */
  readonly streams: ReadonlyMap<string, CapturedStream>;
  /** The contracts they are of, in alphabetical order. */
  readonly contracts: readonly Contract[];
  /** Exchange time of the first frame, ms since the epoch. */
  readonly firstEventMs: number;
  /** Aggregates that were fetched over REST, by symbol. */
  readonly restRows: ReadonlyMap<string, readonly CapturedTrade[]>;
  /** Lines that are no frames of a combined stream. */
  readonly skippedLines: number;
}

interface Precision {
  price: number;
  quantity: number;
}

/** Takes in one file after another. */
class Summary {
  readonly files: CaptureFile[] = [];
  readonly streams = new Map<string, CapturedStream>();
  readonly precisions = new Map<string, Precision>();
  readonly restRows = new Map<string, CapturedTrade[]>();
  first: { readonly localNs: string; readonly eventTimeMs: number } | null = null;
  skippedLines = 0;

  async add(path: string): Promise<void> {
    let firstNs: string | null = null;
    for await (const entries of readCapture(path)) {
      for (const entry of entries) {
        const frame = entry === null ? null : capturedFrame(entry.json);
        if (entry === null || frame === null) {
          this.skippedLines++;
          continue;
        }
        firstNs ??= entry.localNs;
        this.#addFrame(entry.localNs, frame);
      }
    }
    if (firstNs === null) {
      throw new Error(
        `Cannot replay "${path}" as it holds no line "<local time ns> {"stream":…,"data":…}"`,
      );
    }
    this.files.push({ path, firstNs });
  }

  #addFrame(localNs: string, frame: NonNullable<ReturnType<typeof capturedFrame>>): void {
    if (frame.eventTimeMs !== null && !(this.first !== null && this.first.localNs <= localNs)) {
      this.first = { localNs, eventTimeMs: frame.eventTimeMs };
    }
    const stream = this.streams.get(frame.stream) ?? capturedStream(frame.stream);
    const { symbol } = stream;
    if (frame.type === REST_ROWS) {
      if (symbol !== null) this.#addRows(symbol, capturedRows(frame.payload));
      return;
    }
    this.streams.set(frame.stream, stream);
    const precision = symbol === null ? null : this.#precisionOf(symbol);
    if (precision === null || (frame.type !== "trade" && frame.type !== "aggTrade")) return;
    const trade = capturedTrade(frame.payload);
    if (trade !== null) refine(precision, trade);
  }

  #addRows(symbol: string, rows: readonly CapturedTrade[]): void {
    const precision = this.#precisionOf(symbol);
    for (const row of rows) refine(precision, row);
    this.restRows.getOrInsertComputed(symbol, () => []).push(...rows);
  }

  #precisionOf(symbol: string): Precision {
    return this.precisions.getOrInsertComputed(symbol, () => ({ price: 0, quantity: 0 }));
  }
}

function refine(precision: Precision, { price, quantity }: CapturedTrade): void {
  precision.price = Math.max(precision.price, decimalsOf(price));
  precision.quantity = Math.max(precision.quantity, decimalsOf(quantity));
}

/**
 * Reads captured files once to learn what they hold.
 *
 * @throws {Error} If a file cannot be read or holds no frame.
 */
export async function summariseCapture(paths: readonly string[]): Promise<CaptureSummary> {
  const summary = new Summary();
  const seen = new Set<string>();
  for (const path of paths) {
    const real = await Deno.realPath(path).catch((error) => {
      const why = error instanceof Deno.errors.NotFound
        ? "there is no such file"
        : "it cannot be opened";
      throw new Error(`Cannot replay "${path}" as ${why}`, { cause: error });
    });
    if (!seen.has(real)) await summary.add(path);
    seen.add(real);
  }
  if (summary.first === null) {
    throw new Error("Cannot replay as no captured frame tells its exchange time");
  }
  const contracts = [...summary.precisions].sort().map(([symbol, { price, quantity }]) => ({
    symbol,
    ...assetsOf(symbol),
    pricePrecision: price,
    quantityPrecision: quantity,
    tickUnits: knownTickUnits(symbol, price),
  }));
  return {
    files: summary.files,
    streams: summary.streams,
    contracts,
    firstEventMs: summary.first.eventTimeMs,
    restRows: summary.restRows,
    skippedLines: summary.skippedLines,
  };
}
