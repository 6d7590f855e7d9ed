import { settleOthers } from "../../../lib/apps/ingest/settle_others.ts";
import { Pipeline } from "../../../lib/apps/ingest/pipeline.ts";
import type { Exchange } from "../../../lib/exchange/mod.ts";
import {
  binanceFeed,
  BinanceRest,
  type Feed,
  RestError,
  WeightLimiter,
} from "../../../lib/feed/mod.ts";
import { BINANCE_USDM, type StreamKind } from "../../../lib/market/mod.ts";
import type { Random } from "../../../lib/stats/mod.ts";
import { openWriterThread, type StoreWriter } from "../../../lib/store/mod.ts";
import { until } from "../../support/programs.ts";
import { AMPLE_WEIGHT, type FaultRun } from "./fault_run.ts";

/** The machine may have other things to do. */
export const PATIENCE_MS = 180_000;

/** What an `Ingest` is started with. */
export interface IngestStart {
  readonly run: FaultRun;
  readonly symbols: readonly string[];
  readonly exchange: Exchange;
  readonly database: string;
  readonly random: Random;
  /** Gets every frame. */
  readonly received: string[];
}

/** Feed, pipeline and writer from a start to an end, which disposing it is. */
export class Ingest implements AsyncDisposable {
  readonly feed: Feed;
  readonly #writer: StoreWriter;
  readonly #pipeline: Pipeline;
  readonly #controller = new AbortController();
  readonly #streamKind: StreamKind;
  readonly #random: Random;
  readonly #lastIds: Map<string, number>;
  readonly #ended: Promise<void>;
  #isCrashed = false;

  /** Opens the database and begins. */
  static async start(given: IngestStart): Promise<Ingest> {
    const writer = await openWriterThread(given.database, {
      identity: { pid: Deno.pid, host: "here", startedAtMs: Date.now(), simulated: true },
    });
    return new Ingest(given, writer);
  }

  private constructor(
    { run, symbols, exchange, random, received }: IngestStart,
    writer: StoreWriter,
  ) {
    const { streamKind, symbolsPerSocket } = run;
    this.#random = random;
    this.#writer = writer;
    this.#pipeline = new Pipeline(BINANCE_USDM, writer);
    this.#streamKind = streamKind;
    for (const symbol of symbols) this.#take(symbol);
    settleOthers(this.#pipeline, writer, symbols);
    this.#lastIds = writer.lastTradeIds();
    this.feed = binanceFeed({
      symbols,
      streamKind,
      symbolsPerSocket,
      wsUrl: exchange.wsUrl,
      rest: new BinanceRest({
        baseUrl: exchange.restUrl,
        timeoutMs: 700,
        ...(run.isShortOfWeight ? {} : { limiter: new WeightLimiter(AMPLE_WEIGHT) }),
      }),
      lastIds: this.#lastIds,
      openGaps: (symbol) => writer.openGaps(symbol),
      signal: this.#controller.signal,
      onFrame: (text) => received.push(text),
      staleMs: 800,
      // Each look costs request weight, which repairs need more.
      quietMs: 15_000,
      connectSpacingMs: 20,
      refusedMs: 500,
      // A class of trade that only one of two sockets makes up would be a conflict, rightly.
      redundant: run.isRedundant && streamKind === "aggTrade",
      ...(run.isRotating && streamKind === "aggTrade" ? { rotateMs: 500, overlapMs: 50 } : {}),
      graceMs: 300,
      random: () => 0.1 * random.uniform(),
      ...(run.isCramped ? { queueCapacity: 8 } : {}),
      holdCapacity: run.holdCapacity,
      holdMs: run.holdMs,
    });
    this.#ended = this.#run();
  }

  /** Lets it run for a while; fails when it does. */
  async during(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const passing = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
    await Promise.race([passing, this.#ended]);
    clearTimeout(timer);
  }

  /** Takes up symbols that are not followed: new ones, and such as were removed from the feed. */
  follow(symbols: readonly string[]): void {
    const followed = this.feed.streams();
    const added = symbols.filter((symbol) => !followed.has(symbol));
    this.#pipeline.commit();
    for (const symbol of added) this.#take(symbol);
    this.feed.add(added);
  }

  /** Looks for the last trades of symbols that have ended; again and again, as the program does. */
  async catchUp(symbols: readonly string[]): Promise<void> {
    const isAnswered = () =>
      this.feed.catchUp(symbols).then(() => true, (error) => {
        if (error instanceof RestError) return false;
        throw error;
      });
    await until(isAnswered, PATIENCE_MS);
  }

  /** Waits until every symbol has come to an id, and no gap up to it is open. */
  async untilStored(lastIds: ReadonlyMap<string, number>): Promise<void> {
    const isThere = () => {
      this.#pipeline.commit();
      return lastIds.entries().every(([symbol, id]) =>
        (this.#lastIds.get(symbol) ?? -1) >= id &&
        this.#writer.openGaps(symbol).every((gap) => gap.firstMissingId > id)
      );
    };
    await Promise.race([
      until(isThere, PATIENCE_MS).catch((error) => {
        throw new Error(this.#missing(lastIds), { cause: error });
      }),
      this.#ended,
    ]);
  }

  /** Says what is not there, and how the feed is. */
  #missing(lastIds: ReadonlyMap<string, number>): string {
    const symbols = [...lastIds].map(([symbol, id]) =>
      `${symbol}: stored up to ${this.#lastIds.get(symbol)}, wanted ${id}, open gaps ` +
      JSON.stringify(this.#writer.openGaps(symbol))
    );
    const { streams, connections } = this.feed.health();
    return [...symbols, JSON.stringify({ streams: [...streams], connections })].join("\n");
  }

  /** Stores nothing more, as if the process were gone. */
  crash(): void {
    this.#isCrashed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    try {
      await this.#ended;
      if (!this.#isCrashed) this.#pipeline.drain();
    } finally {
      this.#writer[Symbol.dispose]();
    }
  }

  #take(symbol: string): void {
    this.#writer.register(BINANCE_USDM, symbol, this.#streamKind);
    this.#pipeline.restore(symbol);
  }

  async #run(): Promise<void> {
    for await (const events of this.feed) {
      if (this.#isCrashed) continue;
      this.#pipeline.apply(events);
      for (const event of events) {
        if (event.kind !== "trade") continue;
        const { symbol, tradeId } = event.trade;
        this.#lastIds.set(symbol, Math.max(tradeId, this.#lastIds.get(symbol) ?? -1));
      }
      const dice = this.#random.uniform();
      if (dice < 0.2) this.#pipeline.commit();
      else if (dice < 0.4) this.#pipeline.beginCommit();
    }
  }
}
