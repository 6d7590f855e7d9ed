import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Exchange, type ExchangeFaults, startExchange } from "../../../lib/exchange/mod.ts";
import type { Feed, FeedOptions } from "../../../lib/feed/mod.ts";
import type { Trade } from "../../../lib/market/mod.ts";
import { Recorder } from "./recorder.ts";
import type { Subject } from "./subjects.ts";

/** Runs a body with a market of two symbols. */
export async function withExchange(
  faults: ExchangeFaults,
  body: (exchange: Exchange) => Promise<void>,
  ratePerSecond = 300,
): Promise<void> {
  await using exchange = await startExchange({
    source: { seed: 7, symbols: 2, ratePerSecond, historyMs: 2_000 },
    faults,
  });
  await body(exchange);
}

/** A feed that runs, and what it delivered. */
export class Run implements AsyncDisposable {
  readonly #subject: Subject;
  readonly #exchange: Exchange;
  readonly #stop: AbortController;
  readonly feed: Feed;
  readonly recorder: Recorder;

  private constructor(subject: Subject, exchange: Exchange, stop: AbortController, feed: Feed) {
    this.#subject = subject;
    this.#exchange = exchange;
    this.#stop = stop;
    this.feed = feed;
    this.recorder = new Recorder(feed);
  }

  static async start(
    subject: Subject,
    exchange: Exchange,
    options: Omit<FeedOptions, "signal">,
  ): Promise<Run> {
    const stop = new AbortController();
    const feed = await subject.feed(exchange, {
      ...{ connectSpacingMs: 20, reorderMs: 50, signal: stop.signal },
      ...options,
    });
    return new Run(subject, exchange, stop, feed);
  }

  isWhole(symbol: string): boolean {
    return this.feed.health().streams.get(symbol)?.isWhole === true;
  }

  /** What was traded from the first to the last of some trades. */
  truth(native: string, symbol: string, trades: readonly Trade[]) {
    const ids = trades.map((t) => t.tradeId);
    const [first, last] = [Math.min(...ids), Math.max(...ids)];
    return this.#subject.truth(this.#exchange, native, symbol)
      .filter(({ tradeId }) => tradeId >= first && tradeId <= last).map(plain);
  }

  /** Checks that what it delivered, after what was known, is all that was traded, each once. */
  holdsAll(native: string, symbol: string, known: readonly Trade[] = []): void {
    const own = [...known, ...this.recorder.trades.filter((t) => t.symbol === symbol)];
    strictEqual(new Set(own.map((t) => t.tradeId)).size, own.length, "none twice");
    const sorted = own.toSorted((a, b) => a.tradeId - b.tradeId).map(plain);
    deepStrictEqual(sorted, this.truth(native, symbol, own));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.recorder.ended;
  }
}

/** What a trade says, wherever it came from. */
export function plain({ venue, symbol, tradeId, timeMs, price, quantity, takerSide }: Trade) {
  return { venue, symbol, tradeId, timeMs, price, quantity, takerSide };
}
