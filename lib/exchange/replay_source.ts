import { sleep } from "../streams/mod.ts";
import {
  type CapturedFrame,
  capturedFrame,
  type CapturedTrade,
  capturedTrade,
} from "./capture_frame.ts";
import { type CapturedLine, mergeCaptures } from "./capture_reader.ts";
import type { CaptureSummary } from "./capture_summary.ts";
import type { Channels } from "./channels.ts";
import { parseDecimal } from "./decimal.ts";
import { DerivedStreams } from "./derived_streams.ts";
import type { CointegratedPair } from "./market_model.ts";
import { ReplayClock } from "./replay_clock.ts";
import type { RowHistory } from "./row_history.ts";
import type { AwaitedSymbol, Source } from "./source.ts";
import { Tape, type TapeBudgets } from "./tape.ts";
import type { TradeRow } from "./trade_row.ts";
import type { Market } from "./venue_market.ts";

/** How often due frames are sent, ms. */
const TICK_MS = 10;

/** At full speed the sockets are looked at after so many frames. */
const FRAMES_PER_TURN = 256;

/** At full speed nothing is sent while more than this waits in a socket. */
const MAX_WAITING_BYTES = 2 ** 20;

/** Frames of one capture are out of exchange-time order by less than this, ms. */
const DISORDER_MS = 250;

/** Plays captured frames as they were received, then stays up. */
export class ReplaySource implements Source {
  readonly tapes: ReadonlyMap<string, Tape>;
  readonly pairs: readonly CointegratedPair[] = [];
  readonly streams: readonly string[];
  readonly skippedLines: number;
  readonly #summary: CaptureSummary;
  readonly #channels: Channels;
  readonly #derived: DerivedStreams;
  readonly #clock: ReplayClock;
  /** Aggregates that were fetched over REST, by symbol, the newest first. */
  readonly #restRows: ReadonlyMap<string, CapturedTrade[]>;
  #isWaiting: boolean;
  readonly #subscribed = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<void>();

  /** Makes a source of what `summary` found, played at `speed` times its own pace. */
  constructor(
    summary: CaptureSummary,
    { speed, startsNow }: { readonly speed: number; readonly startsNow: boolean },
    budgets: TapeBudgets,
    channels: Channels,
  ) {
    const tapes = summary.contracts.map((contract) => new Tape(contract, budgets));
    this.tapes = new Map(tapes.map((tape) => [tape.contract.symbol, tape]));
    this.skippedLines = summary.skippedLines;
    this.#summary = summary;
    this.streams = [...this.tapes.keys()].flatMap((symbol) => this.#streamsOf(symbol)).sort();
    this.#restRows = new Map(
      [...summary.restRows].map(([symbol, rows]) => [symbol, rows.toSorted((a, b) => b.id - a.id)]),
    );
    this.#channels = channels;
    this.#derived = new DerivedStreams(
      tapes,
      channels,
      DISORDER_MS,
      new Set(summary.streams.keys()),
    );
    this.#clock = new ReplayClock(summary.firstEventMs, speed);
    this.#isWaiting = !startsNow;
    // Who waits for the end hears of a failure; nobody needs to.
    this.#finished.promise.catch(() => {});
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** What was captured stays as it was, whoever tells it. */
  toldBy(_venue: string): Market {
    return this;
  }

  clockMs(): number {
    return this.#clock.nowMs(performance.now());
  }

  limitsMs(): number {
    return this.clockMs();
  }

  awaiting(): AwaitedSymbol[] {
    if (!this.#isWaiting) return [];
    return [...this.tapes.keys()].flatMap((symbol) => {
      const streams = this.#streamsOf(symbol);
      return streams.some((stream) => this.#isHeard(stream)) ? [] : { symbol, streams };
    });
  }

  /** Looks again whether every symbol is listened to. */
  subscribed(): void {
    if (this.awaiting().length === 0) this.#subscribed.resolve();
  }

  list(symbol: string): void {
    throw new RangeError(`Cannot list ${symbol} as a replay plays what was captured`);
  }

  delist(symbol: string): void {
    throw new RangeError(`Cannot delist ${symbol} as a replay plays what was captured`);
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      signal.addEventListener("abort", () => this.#subscribed.resolve(), { once: true });
      if (this.#isWaiting) await this.#subscribed.promise;
      this.#isWaiting = false;
      await this.#play(signal);
      this.#finished.resolve();
    } catch (error) {
      if (!signal.aborted) this.#finished.reject(error);
      this.#finished.resolve();
    }
    while (!signal.aborted) {
      await sleep(TICK_MS, signal).catch(() => {});
      this.#derived.advance(this.clockMs());
    }
  }

  #streamsOf(symbol: string): string[] {
    const captured = [...this.#summary.streams.values()]
      .filter((stream) => stream.symbol === symbol).map(({ name }) => name);
    const name = symbol.toLowerCase();
    const derived = captured.includes(`${name}@trade`) || captured.includes(`${name}@aggTrade`)
      ? [`${name}@aggTrade`, `${name}@kline_1m`]
      : [];
    return [...new Set([...captured, ...derived])];
  }

  #isHeard(stream: string): boolean {
    const streamClass = this.#summary.streams.get(stream)?.streamClass ?? "market";
    return this.#channels.hasSubscribers(streamClass, stream);
  }

  async #play(signal: AbortSignal): Promise<void> {
    let frames = 0;
    for await (const line of mergeCaptures(this.#summary.files)) {
      signal.throwIfAborted();
      const frame = capturedFrame(line.json);
      if (frame === null) continue;
      if (this.#clock.isPaced) await this.#untilDue(line, frame, signal);
      else if (++frames % FRAMES_PER_TURN === 0) await this.#untilDrained(signal);
      this.#send(frame);
      this.#clock.sent(line.localNs, frame.eventTimeMs);
      this.#derived.advance(this.clockMs());
    }
    for (const tape of this.tapes.values()) this.#keepRows(tape, Infinity);
    this.#derived.flush();
    this.#clock.end(performance.now());
  }

  async #untilDue(line: CapturedLine, frame: CapturedFrame, signal: AbortSignal): Promise<void> {
    while (true) {
      const waitMs = this.#clock.waitMs(line.localNs, frame.eventTimeMs, performance.now());
      if (waitMs <= 0) return;
      this.#derived.advance(this.clockMs());
      for (const connection of this.#channels.connections) connection.cutIfSlow();
      await sleep(Math.min(waitMs, TICK_MS), signal);
    }
  }

  async #untilDrained(signal: AbortSignal): Promise<void> {
    do await sleep(0, signal); while (this.#channels.maxBufferedBytes() > MAX_WAITING_BYTES);
  }

  #send(frame: CapturedFrame): void {
    const stream = this.#summary.streams.get(frame.stream);
    if (stream === undefined) return;
    if (this.#channels.hasSubscribers(stream.streamClass, stream.name)) {
      this.#channels.publish(stream.streamClass, stream.name, frame.payload);
    }
    const tape = stream.symbol === null ? undefined : this.tapes.get(stream.symbol);
    if (tape === undefined) return;
    if (frame.type === "aggTrade") this.#keep(frame.payload, tape, tape.aggTrades);
    if (frame.type === "trade") this.#keep(frame.payload, tape, tape.trades);
  }

  /** Records a trade or aggregate, and before it what was fetched over REST in its place. */
  #keep(payload: string, tape: Tape, history: RowHistory): void {
    const trade = capturedTrade(payload);
    if (trade === null) return;
    if (history === tape.aggTrades) this.#keepRows(tape, trade.id);
    this.#add(trade, tape, history);
  }

  /** Records the aggregates with ids below one that were fetched over REST. */
  #keepRows(tape: Tape, belowId: number): void {
    const rows = this.#restRows.get(tape.contract.symbol);
    while (rows !== undefined && rows.length > 0 && rows.at(-1)!.id < belowId) {
      this.#add(rows.pop()!, tape, tape.aggTrades);
    }
  }

  /** Of two copies the first counts. */
  #add(trade: CapturedTrade, tape: Tape, history: RowHistory): void {
    if (!trade.isMarket || trade.id <= (history.at(-1)?.id ?? -1)) return;
    const { symbol, pricePrecision, quantityPrecision } = tape.contract;
    const row: TradeRow = {
      ...trade,
      price: parseDecimal(trade.price, pricePrecision),
      quantity: parseDecimal(trade.quantity, quantityPrecision),
    };
    if (history === tape.aggTrades) tape.aggregate(row);
    else if (this.#summary.streams.has(`${symbol.toLowerCase()}@aggTrade`)) history.push(row);
    else tape.fill(row);
  }
}
