import type { SideEvent, SideFeed } from "../../feed/mod.ts";
import { counted } from "../counted.ts";
import type { Report } from "../program.ts";
import { isRecorded } from "../with_option.ts";
import type { Committer } from "./committer.ts";
import type { Pipeline } from "./pipeline.ts";

/** What an ingest says of what it records beside the trades. */
export interface SideStatus {
  /** Symbols that are followed. */
  readonly symbols: number;
  /** Rows stored since the start. */
  readonly stored: number;
  /** Rows lost as nothing could be stored for too long. */
  readonly dropped: number;
  /** The newest second of any symbol, ms since the epoch; `null` before the first. */
  readonly newestMs: number | null;
  /** Symbols of which there was no row for 30 s; of quotes for 60 s, as a book that stands is told again. */
  readonly silent: readonly string[];
}

/** What rows are recorded with. */
export interface SideRecorderParts<Row> {
  /** What a row is, in a word: "mark". */
  readonly name: string;
  /** A symbol of which there was no row for so long is said to be silent, ms. */
  readonly silentMs: number;
  readonly feed: SideFeed<Row>;
  /** Takes a row to the store. */
  readonly take: (row: Row) => void;
  /** How many were stored. */
  readonly stored: () => number;
  readonly pipeline: Pipeline;
  readonly committer: Committer;
  readonly report: Report;
}

/** Takes what a feed beside the trades tells to the store, together with the trades. */
export class SideRecorder<Row extends { readonly symbol: string; readonly timeMs: number }> {
  readonly #parts: SideRecorderParts<Row>;
  /** When something was last told of each symbol, or it was first asked for, local ms. */
  readonly #lastSeenMs = new Map<string, number>();
  #silent: ReadonlySet<string> = new Set();
  #newestMs: number | null = null;
  #toldDropped = 0;
  #toldLeftOut = 0;

  constructor(parts: SideRecorderParts<Row>) {
    this.#parts = parts;
  }

  /** How it is. */
  get status(): SideStatus {
    const { feed, stored } = this.#parts;
    return {
      symbols: feed.symbols.size,
      stored: stored(),
      dropped: feed.dropped,
      newestMs: this.#newestMs,
      silent: [...this.#silent],
    };
  }

  /** Follows the symbols that it can of these, and says which are silent: to be called often. */
  look(symbols: Iterable<string>, nowMs: number): void {
    const { name, silentMs, feed, report } = this.#parts;
    const followed = new Set([...symbols].filter(isRecorded));
    feed.follow(followed);
    for (const symbol of this.#lastSeenMs.keys()) {
      if (!followed.has(symbol)) this.#lastSeenMs.delete(symbol);
    }
    const silent = new Set<string>();
    for (const symbol of followed) {
      const lastMs = this.#lastSeenMs.getOrInsert(symbol, nowMs);
      if (nowMs - lastMs > silentMs) silent.add(symbol);
    }
    const news = [...silent.difference(this.#silent)];
    this.#silent = silent;
    if (news.length > 0) report.warn(silence(name, news, silentMs));
    if (feed.dropped > this.#toldDropped) {
      report.warn(`${counted(feed.dropped, name)} so far had no room to wait and are not stored`);
      this.#toldDropped = feed.dropped;
    }
    // In an hour of them a dozen lines, not thousands.
    if (feed.leftOut > 2 * this.#toldLeftOut) {
      report.warn(
        `${counted(feed.leftOut, "frame")} so far that cannot be read as a ${name} are not kept: ` +
          "one per symbol and second is, in quarantine",
      );
      this.#toldLeftOut = feed.leftOut;
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

  #take(event: SideEvent<Row>): void {
    const { name, take, pipeline, report } = this.#parts;
    switch (event.kind) {
      case "row":
        take(event.row);
        this.#lastSeenMs.set(event.row.symbol, Date.now());
        this.#newestMs = Math.max(this.#newestMs ?? -Infinity, event.row.timeMs);
        break;
      case "quarantine":
        pipeline.apply([event]);
        break;
      case "status":
        if (event.status === "open" || event.status === "connecting") break;
        report[event.status === "replaced" ? "info" : "warn"](`Of ${name}s: ${event.message}`);
    }
  }
}

function silence(name: string, symbols: readonly string[], silentMs: number): string {
  const [first] = symbols;
  const others = symbols.length === 1 ? "" : ` and ${symbols.length - 1} more`;
  return `No ${name} of ${first}${others} is known for ${
    silentMs / 1_000
  } s: it is asked for again ` +
    "and again, and what is not told is not recorded";
}
