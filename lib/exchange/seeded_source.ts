import { sleep } from "../streams/mod.ts";
import type { Channels } from "./channels.ts";
import { DerivedStreams } from "./derived_streams.ts";
import {
  type CointegratedPair,
  MarketModel,
  type MarketModelOptions,
  type ModelTrade,
  STEP_MS,
} from "./market_model.ts";
import { QuoteStreams } from "./quote_streams.ts";
import { type SeededContract, seededContracts } from "./seeded_contracts.ts";
import type { AwaitedSymbol, Source } from "./source.ts";
import { Tape, type TapeBudgets } from "./tape.ts";
import { BASIS_LAWS } from "./venue_basis.ts";
import { type Market, VenueMarket } from "./venue_market.ts";
import { tradePayload } from "./wire.ts";

/** How often due trades are sent, ms. */
const TICK_MS = 10;

/** Longest time spent on sending before others get their turn, ms. */
const TURN_MS = 20;

interface SeededSymbol {
  readonly contract: SeededContract;
  readonly tape: Tape;
  readonly tradeStream: string;
}

/** Plays the market model as time goes by. */
export class SeededSource implements Source {
  readonly tapes = new Map<string, Tape>();
  readonly pairs: readonly CointegratedPair[];
  readonly streams = null;
  readonly skippedLines = 0;
  readonly #symbols: SeededSymbol[] = [];
  readonly #seed: string | number;
  /** Exchange time at which the market began, ms since the epoch. */
  readonly #beganMs: number;
  readonly #budgets: TapeBudgets;
  readonly #channels: Channels;
  readonly #model: MarketModel;
  readonly #derived: DerivedStreams;
  readonly #quotes: QuoteStreams;
  /** Exchange time minus the monotonic clock, ms. */
  readonly #offsetMs: number;
  readonly #finished = Promise.withResolvers<void>();
  #due: readonly ModelTrade[] = [];
  #next = 0;
  #clockMs: number;

  /** Makes a source and plays its history, up to `startMs`. */
  constructor(
    model: Omit<MarketModelOptions, "startMs">,
    { startMs, historyMs }: { readonly startMs: number; readonly historyMs: number },
    budgets: TapeBudgets,
    channels: Channels,
  ) {
    this.#channels = channels;
    this.#offsetMs = startMs - performance.now();
    this.#seed = model.seed;
    this.#beganMs = this.#clockMs = Math.floor((startMs - historyMs) / STEP_MS) * STEP_MS;
    this.#model = new MarketModel({ ...model, startMs: this.#beganMs });
    this.pairs = this.#model.pairs;
    this.#budgets = budgets;
    this.#derived = new DerivedStreams([], channels, 0, new Set());
    this.#quotes = new QuoteStreams(this.#model, channels);
    for (const contract of model.contracts) this.#add(contract);
    this.#playTo(startMs, Infinity);
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  toldBy(venue: string): Market {
    const law = BASIS_LAWS.get(venue)!;
    const seed = `${this.#seed}/${venue}/basis`;
    return new VenueMarket(this, { ...law, seed, startMs: this.#beganMs });
  }

  clockMs(): number {
    return this.#clockMs;
  }

  limitsMs(): number {
    return Math.floor(this.#offsetMs + performance.now());
  }

  awaiting(): AwaitedSymbol[] {
    return [];
  }

  list(symbol: string): void {
    if (this.tapes.has(symbol)) {
      throw new RangeError(`Cannot list ${symbol} as the exchange has listed it before`);
    }
    const [contract] = seededContracts([symbol]);
    this.#model.add(contract!);
    this.#add(contract!);
  }

  delist(symbol: string, status: string): void {
    const tape = this.tapes.get(symbol);
    if (tape?.status !== "TRADING" || status === "TRADING") {
      throw new RangeError(
        `Cannot delist ${symbol} as it must trade: its status is ${tape?.status}`,
      );
    }
    tape.status = status;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isBehind = !this.#playTo(this.#offsetMs + performance.now(), TURN_MS);
      for (const connection of this.#channels.connections) connection.cutIfSlow();
      await sleep(isBehind ? 0 : TICK_MS, signal).catch(() => {});
    }
    this.#finished.resolve();
  }

  /** Plays up to a time, or until its turn is over; returns whether it got there. */
  #playTo(timeMs: number, turnMs: number): boolean {
    const turnEnds = performance.now() + turnMs;
    const target = Math.floor(timeMs);
    while (true) {
      const stepEnd = this.#model.timeMs;
      const until = Math.min(target, stepEnd);
      while (this.#next < this.#due.length && this.#due[this.#next]!.row.timeMs < until) {
        this.#trade(this.#due[this.#next++]!);
      }
      this.#clockMs = until;
      this.#derived.advance(until);
      if (target <= stepEnd) return true;
      if (performance.now() > turnEnds) return false;
      this.#due = this.#model.step();
      this.#next = 0;
      this.#quotes.step(until);
    }
  }

  #add(contract: SeededContract): void {
    const tape = new Tape(contract, this.#budgets);
    const tradeStream = `${contract.symbol.toLowerCase()}@trade`;
    this.#symbols.push({ contract, tape, tradeStream });
    this.tapes.set(contract.symbol, tape);
    this.#derived.add(tape);
    this.#quotes.add(tape);
  }

  #trade({ index, row }: ModelTrade): void {
    const { contract, tape, tradeStream } = this.#symbols[index]!;
    if (tape.status !== "TRADING") return;
    tape.fill(row);
    if (this.#channels.hasSubscribers("public", tradeStream)) {
      const payload = tradePayload(contract, row, row.timeMs);
      this.#channels.publish("public", tradeStream, payload);
    }
    this.#quotes.traded(index, row.timeMs);
  }
}
