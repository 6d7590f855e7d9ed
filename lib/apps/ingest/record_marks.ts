import { type BinanceRest, markFeed, type SideEvent, type SideFeed } from "../../feed/mod.ts";
import type { Mark } from "../../market/mod.ts";
import { counted } from "../counted.ts";
import type { IngestOptions } from "../ingest.ts";
import type { Report } from "../program.ts";
import { isRecorded } from "../with_option.ts";
import type { Committer } from "./committer.ts";
import type { Pipeline } from "./pipeline.ts";

/** A symbol without a mark for so long is said to be silent, ms. */
const SILENT_MS = 30_000;

/** What an ingest says of the marks it records. */
export interface MarkStatus {
  /** Symbols that are followed. */
  readonly symbols: number;
  /** Marks stored since the start. */
  readonly stored: number;
  /** Marks lost as nothing could be stored for too long. */
  readonly dropped: number;
  /** The newest second of any symbol, ms since the epoch; `null` before the first. */
  readonly newestMs: number | null;
  /** Symbols without a mark in the last 30 s. */
  readonly silent: readonly string[];
}

/** What marks are recorded with. */
export interface MarkRecorderParts {
  readonly feed: SideFeed<Mark>;
  readonly pipeline: Pipeline;
  readonly committer: Committer;
  readonly report: Report;
}

/** Makes what records marks, where that is asked for; `null` where not. */
export function markRecorder(
  { recorded, symbols, wsUrl, symbolsPerSocket, rotateMs }: IngestOptions,
  { rest, onFrame, signal, ...parts }: Omit<MarkRecorderParts, "feed"> & {
    readonly rest: BinanceRest;
    readonly onFrame: ((text: string, receivedNs: bigint) => void) | undefined;
    readonly signal: AbortSignal;
  },
): MarkRecorder | null {
  if (!recorded.includes("mark")) return null;
  const without = symbols.filter((symbol) => !isRecorded(symbol));
  if (without.length > 0) {
    parts.report.warn(
      `Marks are recorded of symbols of Binance only: not of ${without.join(", ")}`,
    );
  }
  const feed = markFeed({
    ...{ wsUrl, rest, signal, symbolsPerSocket, rotateMs },
    ...(onFrame === undefined ? {} : { onFrame }),
  });
  return new MarkRecorder({ ...parts, feed });
}

/** Takes what a feed of marks tells to the store, together with the trades. */
export class MarkRecorder {
  readonly #parts: MarkRecorderParts;
  /** When each symbol last had a mark, or was first asked for, local ms. */
  readonly #lastSeenMs = new Map<string, number>();
  #silent: ReadonlySet<string> = new Set();
  #newestMs: number | null = null;
  #toldDropped = 0;

  constructor(parts: MarkRecorderParts) {
    this.#parts = parts;
  }

  /** How it is. */
  get status(): MarkStatus {
    const { feed, pipeline } = this.#parts;
    return {
      symbols: feed.symbols.size,
      stored: pipeline.totals.marks,
      dropped: feed.dropped,
      newestMs: this.#newestMs,
      silent: [...this.#silent],
    };
  }

  /** Follows the symbols that marks are told of, and says which are silent: to be called often. */
  look(symbols: Iterable<string>, nowMs: number): void {
    const { feed, report } = this.#parts;
    const followed = new Set([...symbols].filter(isRecorded));
    feed.follow(followed);
    for (const symbol of this.#lastSeenMs.keys()) {
      if (!followed.has(symbol)) this.#lastSeenMs.delete(symbol);
    }
    const silent = new Set<string>();
    for (const symbol of followed) {
      const lastMs = this.#lastSeenMs.getOrInsert(symbol, nowMs);
      if (nowMs - lastMs > SILENT_MS) silent.add(symbol);
    }
    const news = [...silent.difference(this.#silent)];
    this.#silent = silent;
    if (news.length > 0) report.warn(silence(news));
    if (feed.dropped > this.#toldDropped) {
      report.warn(`${counted(feed.dropped, "mark")} so far had no room to wait and are not stored`);
      this.#toldDropped = feed.dropped;
    }
  }

  /** Records until the feed ends. */
  async run(signal: AbortSignal): Promise<void> {
    const { feed, committer } = this.#parts;
    for await (const events of feed) {
      for (const event of events) this.#take(event);
      await committer.applied(signal);
    }
  }

  #take(event: SideEvent<Mark>): void {
    const { pipeline, report } = this.#parts;
    switch (event.kind) {
      case "row":
        pipeline.mark(event.row);
        this.#lastSeenMs.set(event.row.symbol, Date.now());
        this.#newestMs = Math.max(this.#newestMs ?? -Infinity, event.row.timeMs);
        break;
      case "quarantine":
        pipeline.apply([event]);
        break;
      case "status":
        if (event.status === "open" || event.status === "connecting") break;
        report[event.status === "replaced" ? "info" : "warn"](`Marks: ${event.message}`);
    }
  }
}

function silence(symbols: readonly string[]): string {
  const [first] = symbols;
  const others = symbols.length === 1 ? "" : ` and ${symbols.length - 1} more`;
  return `No mark price of ${first}${others} has come for ${
    SILENT_MS / 1_000
  } s: it is asked for ` +
    "on, and what is not told is not recorded";
}
