import type { Bus } from "../../bus/mod.ts";
import type { FeedEvent } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import type { Committer } from "../ingest/committer.ts";
import type { Pipeline } from "../ingest/pipeline.ts";
import type { Report } from "../program.ts";
import { type LogContent, readContent } from "./log_state.ts";

/** How often it is looked whether a feed has said what the log holds, ms. */
export const LOOK_MS = 500;
/** A feed says it before it tells of a symbol: after ten seconds something is wrong. */
const LOOKS_BEFORE_WARNING = 20;

/** An exchange that makes up names must not fill the memory. */
const MOST_STRANGERS = 10_000;

/** What a store is made of that takes up symbols. */
export interface TakingParts {
  readonly bus: Bus;
  readonly writer: StoreWriter;
  readonly pipeline: Pipeline;
  readonly committer: Committer;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The symbols of a partition of a log, each taken up in the database when the first of it comes. */
export class LogSymbols {
  readonly #parts: TakingParts;
  readonly #taken = new Set<string>();
  /** Symbols of frames that no feed follows. */
  readonly #strangers = new Set<string>();
  #content: LogContent;

  constructor(parts: TakingParts, content: LogContent) {
    this.#parts = parts;
    this.#content = content;
  }

  /** Those that feeds have told of, of all partitions. */
  get known(): readonly string[] {
    return Object.keys(this.#content.symbols);
  }

  /** Those that were taken up. */
  get taken(): ReadonlySet<string> {
    return this.#taken;
  }

  /** Takes up the symbols of a batch that are new here. @throws The signal's reason. */
  async takeUp(events: readonly FeedEvent[]): Promise<void> {
    for (const symbol of symbolsOf(events)) {
      if (this.#taken.has(symbol)) continue;
      await this.#untilKnown(symbol);
      await this.#register(symbol);
    }
    for (const event of events) {
      if (event.kind === "quarantine") await this.#takeUpOf(event.frame.symbol);
    }
  }

  /** Takes up the symbol of a frame that was set aside, which may come before its first trade. */
  async #takeUpOf(symbol: string | null): Promise<void> {
    if (symbol === null || this.#taken.has(symbol) || this.#strangers.has(symbol)) return;
    const { bus, signal } = this.#parts;
    if (this.#content.symbols[symbol] === undefined) {
      this.#content = await readContent(bus, signal) ?? this.#content;
    }
    if (this.#content.symbols[symbol] !== undefined) await this.#register(symbol);
    else if (this.#strangers.size < MOST_STRANGERS) this.#strangers.add(symbol);
  }

  async #untilKnown(symbol: string): Promise<void> {
    const { bus, report, signal } = this.#parts;
    for (let looks = 0; this.#content.symbols[symbol] === undefined; looks++) {
      if (looks > 0) await sleep(LOOK_MS, signal);
      if (looks === LOOKS_BEFORE_WARNING) {
        report.warn(
          `${symbol} and others wait as no feed says what it is: start a feed of ${symbol} again`,
        );
      }
      this.#content = await readContent(bus, signal) ?? this.#content;
    }
  }

  async #register(symbol: string): Promise<void> {
    const { writer, pipeline, committer, signal } = this.#parts;
    const about = this.#content.symbols[symbol]!;
    await committer.written(() => {
      writer.register(about.venue, symbol, about.streamKind, about.decimals);
      pipeline.commit();
      pipeline.restore(symbol);
      this.#taken.add(symbol);
    }, signal);
  }
}

/** The symbols that events are about; those of frames that were set aside may be anybody's. */
function* symbolsOf(events: readonly FeedEvent[]): Generator<string> {
  let last = "";
  for (const event of events) {
    if (event.kind === "watermark" || event.kind === "status") {
      yield* event.symbols;
      continue;
    }
    const symbol = symbolOf(event) ?? last;
    if (symbol !== last) yield last = symbol;
  }
}

function symbolOf(
  event: Exclude<FeedEvent, { readonly kind: "watermark" | "status" }>,
): string | null {
  switch (event.kind) {
    case "trade":
      return event.trade.symbol;
    case "gap":
      return event.gap.symbol;
    case "skipped":
    case "duplicate":
      return event.symbol;
    case "quarantine":
    case "clock":
      return null;
  }
}
