import type { StreamKind } from "../../market/mod.ts";
import { abortable, sleep } from "../../streams/mod.ts";
import type { ExchangeClock } from "./exchange_clock.ts";
import type { Follow } from "./follow.ts";
import type { Inbox } from "./inbox.ts";
import type { Interpreter } from "./interpreter.ts";
import type { BinanceRest } from "./rest.ts";
import { RestError } from "./rest_error.ts";
import type { DayTicker } from "./rest_shapes.ts";
import { idOf, type Sequenced, sequencedPage } from "./sequenced.ts";
import type { Shards } from "./shards.ts";

/** What is watched for streams that died without a word. */
export interface StreamWatchdogOptions {
  readonly rest: BinanceRest;
  readonly interpreter: Interpreter;
  readonly inbox: Inbox;
  readonly shards: Shards;
  readonly clock: Pick<ExchangeClock, "skewMs">;
  readonly streamKind: StreamKind;
  /** A stream without a frame for so long is looked into, ms. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
}

/** From so many quiet symbols on, one question for all is cheaper than one for each. */
const ALL_FROM = 40;

/** Of how many suspicious symbols the newest trade is asked for at a time: 20 weight each. */
const MOST_PROBES = 20;

/** What the exchange has just traded may still be on its way for so long, ms. */
const TRANSIT_MS = 3_000;

/**
 * Tells quiet streams from dead ones. Of a stream without frames the last single trade that it told
 * of is compared with the last one of the exchange's ticker. If that is a later one, the newest
 * aggregate is asked for, which makes a gap of what is missing. Where nothing explains that it did
 * not come, the stream is subscribed anew, and when that does not help its connections are replaced.
 */
export class StreamWatchdog {
  readonly #options: StreamWatchdogOptions;
  /** The last single trade of which it is known what became of it. */
  readonly #explained = new WeakMap<Follow, number>();
  /** How often in a row a stream was found dead. */
  readonly #dead = new Map<Follow, number>();

  constructor(options: StreamWatchdogOptions) {
    this.#options = options;
  }

  /** Watches. Never fails but with the signal's reason. */
  async run(): Promise<void> {
    const { quietMs, signal } = this.#options;
    while (true) {
      await sleep(quietMs / 2, signal);
      try {
        await this.#look();
      } catch (error) {
        if (!(error instanceof RestError)) throw error;
      }
    }
  }

  /**
   * Asks for the newest aggregate of a symbol, and has repaired what the stream did not tell.
   *
   * @throws {RestError} If the exchange does not answer; not if it does not know the symbol any more.
   */
  async catchUp(follow: Follow): Promise<void> {
    const { inbox, interpreter, signal } = this.#options;
    const newest = await this.#newest(follow).catch((error) => noRow(error)[0] ?? null);
    if (newest === null || newest === "unknown") return;
    const { sequencer } = follow;
    await abortable(inbox.perform((out) => interpreter.reveal(sequencer, newest, out)), signal);
  }

  async #look(): Promise<void> {
    const { signal, quietMs } = this.#options;
    const quiet = this.#quiet();
    for (const follow of this.#dead.keys()) if (!quiet.includes(follow)) this.#dead.delete(follow);
    if (quiet.length === 0) return;
    const tickers = await this.#tickers(quiet);
    const untold = quiet.filter((f) => this.#isUntold(f, tickers.get(f.symbol)))
      .map((follow) => ({ follow, lastFrameMs: follow.lastFrameMs }));
    if (untold.length === 0) return;
    await sleep(Math.min(TRANSIT_MS, quietMs), signal);
    const missed = untold.filter(({ follow, lastFrameMs }) => follow.lastFrameMs === lastFrameMs);
    for (const { follow } of missed.slice(0, MOST_PROBES)) {
      await this.#find(follow);
      this.#explained.set(follow, tickers.get(follow.symbol)!.lastTradeId);
    }
  }

  /** Whether the exchange tells of a later trade than the stream. */
  #isUntold(follow: Follow, ticker: DayTicker | undefined): boolean {
    if (ticker === undefined) return false;
    const known = Math.max(follow.lastFillId ?? -1, this.#explained.get(follow) ?? -1);
    if (known >= 0 || follow.sequencer.lastId !== null) return ticker.lastTradeId > known;
    // A chain that has not begun misses nothing yet; what comes from now on it should tell.
    this.#explained.set(follow, ticker.lastTradeId);
    return false;
  }

  /** The streams that should deliver and have not for a while. */
  #quiet(): Follow[] {
    const { interpreter, shards, quietMs } = this.#options;
    const untilMs = Date.now() - quietMs;
    return [...shards].filter((shard) => shard.connections.length > 0)
      .flatMap(({ symbols }) => interpreter.follows.of(symbols))
      .filter(({ subscribedMs, lastFrameMs }) =>
        subscribedMs !== null && Math.max(subscribedMs, lastFrameMs ?? 0) <= untilMs
      );
  }

  async #tickers(quiet: readonly Follow[]): Promise<Map<string, DayTicker>> {
    const { rest, signal } = this.#options;
    const tickers = quiet.length >= ALL_FROM
      ? await rest.ticker24hr(undefined, signal)
      : (await Promise.all(quiet.map(({ symbol }) => rest.ticker24hr(symbol, signal).catch(noRow))))
        .flat();
    return new Map(tickers.map((ticker) => [ticker.symbol, ticker]));
  }

  /** Finds out what a stream did not tell, has it repaired, and revives the stream. */
  async #find(follow: Follow): Promise<void> {
    const { inbox, interpreter, shards } = this.#options;
    const { symbol, sequencer } = follow;
    const newest = await this.#newest(follow);
    if (newest === null) return;
    const isExcused = newest !== "unknown" && this.#isExcused(follow, newest);
    const attempt = isExcused ? 0 : (this.#dead.get(follow) ?? 0) + 1;
    const remedy = attempt === 1 ? "it is subscribed anew" : "its connection is replaced";
    inbox.post((out) => {
      if (interpreter.follows.get(symbol) !== follow) return;
      if (newest !== "unknown") interpreter.reveal(sequencer, newest, out);
      if (isExcused) return;
      follow.state = "silent";
      const message = `${symbol}: the exchange traded and the stream did not tell; ${remedy}`;
      out.push({ kind: "status", status: "silent", message, symbols: [symbol] });
    });
    if (isExcused) return;
    this.#dead.set(follow, attempt);
    const shard = shards.of(symbol);
    if (attempt === 1) shard?.subscribeAnew(symbol);
    else for (const connection of shard?.connections ?? []) shards.replaceSoon(connection);
  }

  /** Whether a trade is from before the subscription, or from when frames were dropped. */
  #isExcused({ subscribedMs }: Follow, newest: Sequenced): boolean {
    const { inbox, clock } = this.#options;
    if (newest.kind !== "trade" || clock.skewMs === null) return false;
    const tradedMs = newest.trade.timeMs + clock.skewMs;
    return tradedMs <= Math.max(subscribedMs ?? -Infinity, inbox.lastDropMs);
  }

  /** The newest trade, if it was missed: `null` if it was not; REST does not give single trades. */
  async #newest(
    { symbol, sequencer: { lastId } }: Follow,
  ): Promise<Sequenced | "unknown" | null> {
    const { rest, streamKind, signal } = this.#options;
    if (streamKind === "trade") return "unknown";
    const page = await rest.aggTrades({ symbol, limit: 1 }, signal);
    const newest = sequencedPage(symbol, page).at(-1);
    return newest === undefined || idOf(newest) <= (lastId ?? -1) ? null : newest;
  }
}

/** A symbol that is not traded any more has no row. */
function noRow(error: unknown): never[] {
  if (error instanceof RestError && !error.isTemporary) return [];
  throw error;
}
