import { type Bus, type Delivery, partitionOf, readEvents } from "../../bus/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import type { Committer } from "../ingest/committer.ts";
import type { Pipeline } from "../ingest/pipeline.ts";
import { recentTrades } from "../ingest/recent_trades.ts";
import { settleOthers } from "../ingest/settle_others.ts";
import type { Report } from "../program.ts";
import { LogSequencer, type StoredChain } from "./log_sequencer.ts";
import type { LogChains, LogContent } from "./log_state.ts";
import { LogSymbols } from "./log_symbols.ts";

/** Under this name all stores of a log go on where the last one ended. */
export const READER = "store";

/** What the shares of a store have in common. */
export interface ShareParts {
  readonly bus: Bus;
  /** The name of the log. */
  readonly log: string;
  readonly content: LogContent;
  readonly writer: StoreWriter;
  readonly pipeline: Pipeline;
  readonly committer: Committer;
  /** What was taken, to be acknowledged when it is stored. */
  readonly taken: Delivery[];
  readonly report: Report;
  /** Ends all of them. */
  readonly signal: AbortSignal;
}

/** The name of a share of a log, and of the bookmark that says up to where it is stored. */
export function shareName(bus: Bus, log: string, partition: number): string {
  return `log.${log}.${bus.identity}.${partition}`;
}

/**
 * One partition of a log on its way into the database, from where its bookmark is. All that is
 * remembered of its symbols begins and ends with it: then another store may go on.
 */
export class Share {
  readonly partition: number;
  /** Resolves when it takes no more; rejects with why it cannot go on. */
  readonly ended: Promise<void>;
  readonly #parts: ShareParts;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #symbols: LogSymbols;
  readonly #sequencer: LogSequencer;

  /** Begins to take what the log tells. */
  constructor(partition: number, parts: ShareParts) {
    const { writer } = parts;
    this.partition = partition;
    this.#parts = parts;
    this.#signal = AbortSignal.any([parts.signal, this.#stop.signal]);
    this.#symbols = new LogSymbols({ ...parts, signal: this.#signal }, parts.content);
    this.#sequencer = new LogSequencer((symbol) => storedChain(symbol, writer));
    this.ended = this.#take();
  }

  /** The symbols of the partition that feeds have told of. */
  get symbols(): readonly string[] {
    return this.#symbols.known.filter((symbol) => this.#isOwn(symbol));
  }

  /** Up to where they are stored: also those of which nothing has come since it began. */
  chains(lastIds: ReadonlyMap<string, number>): LogChains {
    return Object.fromEntries(
      this.symbols.flatMap((symbol) => {
        const lastId = lastIds.get(symbol);
        if (lastId === undefined) return [];
        const openGaps = this.#parts.writer.openGaps(symbol);
        const sureId = this.#sequencer.sureId(symbol);
        return [[symbol, { lastId, openGaps, ...sureId === null ? {} : { sureId } }]];
      }),
    );
  }

  /** Takes no more, and stores all that was taken. @throws The reason of the signal of all. */
  async close(): Promise<void> {
    const { pipeline, committer, signal } = this.#parts;
    this.#stop.abort();
    await this.ended;
    await committer.written(() => pipeline.leave(this.#symbols.taken), signal);
  }

  async #take(): Promise<void> {
    try {
      await this.#settle();
      await this.#read();
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  /** Stores the bars that its last holder, if it was killed, left open. */
  async #settle(): Promise<void> {
    const { writer, pipeline, committer } = this.#parts;
    const others = () => [...writer.lastTradeIds().keys()].filter((symbol) => !this.#isOwn(symbol));
    await committer.written(() => settleOthers(pipeline, writer, others()), this.#signal);
  }

  async #read(): Promise<void> {
    const { bus, writer, pipeline, committer, taken, report, log } = this.#parts;
    const { partition } = this;
    const bookmark = shareName(bus, log, partition);
    // What is stored knows best up to where; what was acknowledged may be told again after a kill.
    const place = writer.bookmark(bookmark);
    const from = place === null ? {} : { fromSequence: place + 1 };
    const wanted = { name: READER, partition, signal: this.#signal, onProblem: report.warn };
    for await (const { batch, delivery } of readEvents(bus, { ...wanted, ...from })) {
      await this.#symbols.takeUp(batch.events);
      pipeline.apply(this.#sequencer.take(batch.events));
      pipeline.beside.bookmarks.set(bookmark, delivery.sequence);
      taken.push(delivery);
      await committer.applied(this.#signal);
    }
  }

  #isOwn(symbol: string): boolean {
    return partitionOf(symbol, this.#parts.bus.partitions) === this.partition;
  }
}

/** Where the chain of a symbol goes on: after a loss also where the trade that follows it did not come. */
function storedChain(symbol: string, writer: StoreWriter): StoredChain {
  const storedId = writer.lastTradeId(symbol);
  return {
    lastId: storedId === null ? null : writer.lastLostId(symbol, storedId) ?? storedId,
    openGaps: writer.openGaps(symbol),
    recent: recentTrades(symbol, writer),
  };
}
