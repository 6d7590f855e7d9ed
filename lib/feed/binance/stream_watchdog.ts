import type { StreamKind } from "../../market/mod.ts";
import { abortable, sleep } from "../../streams/mod.ts";
import type { Follow } from "./follow.ts";
import type { Inbox } from "./inbox.ts";
import type { Interpreter } from "./interpreter.ts";
import { sequencedPage } from "./repair.ts";
import type { BinanceRest } from "./rest.ts";
import { RestError } from "./rest_error.ts";
import type { DayTicker } from "./rest_shapes.ts";
import { idOf, type Sequenced } from "./sequenced.ts";
import type { Shards } from "./shards.ts";

/** What is watched for streams that died without a word. */
export interface StreamWatchdogOptions {
  readonly rest: BinanceRest;
  readonly interpreter: Interpreter;
  readonly inbox: Inbox;
  readonly shards: Shards;
  readonly streamKind: StreamKind;
  /** A stream without a frame for so long is looked into, ms. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
}

/** What the exchange said of a quiet symbol. */
interface Sample {
  /** The last frame of the stream at that time. */
  readonly lastFrameMs: number | null;
  readonly lastTradeId: number;
}

/** From so many quiet symbols on, one question for all is cheaper than one for each. */
const ALL_FROM = 40;

/** Of how many suspicious symbols the newest trade is asked for at a time: 20 weight each. */
const MOST_PROBES = 20;

/** What the exchange has just traded may still be on its way for so long, ms. */
const TRANSIT_MS = 3_000;

/**
 * Tells quiet streams from dead ones: of a stream without frames the exchange's own count of trades
 * is compared twice. If it grew, the newest aggregate is asked for, which makes a gap of what is
 * missing; the stream is subscribed anew, and when that does not help its connections are replaced.
 */
export class StreamWatchdog {
  readonly #options: StreamWatchdogOptions;
  #samples = new Map<Follow, Sample>();
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
    const before = this.#samples;
    this.#samples = new Map();
    for (const follow of this.#dead.keys()) if (!quiet.includes(follow)) this.#dead.delete(follow);
    if (quiet.length === 0) return;
    const tickers = await this.#tickers(quiet);
    const grown: Follow[] = [];
    for (const follow of quiet) {
      const lastTradeId = tickers.get(follow.symbol)?.lastTradeId;
      if (lastTradeId === undefined) continue;
      const { lastFrameMs } = follow;
      this.#samples.set(follow, { lastFrameMs, lastTradeId });
      const sample = before.get(follow);
      if (sample?.lastFrameMs === lastFrameMs && lastTradeId > sample.lastTradeId) {
        grown.push(follow);
      }
    }
    if (grown.length === 0) return;
    await sleep(Math.min(TRANSIT_MS, quietMs), signal);
    const dead = grown.filter((f) => f.lastFrameMs === this.#samples.get(f)!.lastFrameMs);
    for (const follow of dead.slice(0, MOST_PROBES)) await this.#revive(follow);
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

  async #revive(follow: Follow): Promise<void> {
    const { inbox, interpreter, shards } = this.#options;
    const { symbol, sequencer } = follow;
    const newest = await this.#newest(follow);
    if (newest === null) return;
    const attempt = (this.#dead.get(follow) ?? 0) + 1;
    this.#dead.set(follow, attempt);
    const remedy = attempt === 1 ? "it is subscribed anew" : "its connection is replaced";
    inbox.post((out) => {
      if (interpreter.follows.get(symbol) !== follow) return;
      if (newest !== "unknown") interpreter.reveal(sequencer, newest, out);
      follow.state = "silent";
      const message = `${symbol}: the exchange traded and the stream did not tell; ${remedy}`;
      out.push({ kind: "status", status: "silent", message, symbols: [symbol] });
    });
    const shard = shards.of(symbol);
    if (attempt === 1) shard?.subscribeAnew(symbol);
    else for (const connection of shard?.connections ?? []) shards.replaceSoon(connection);
  }

  /** The newest trade, if it was missed: `null` if it was not; REST does not give single trades. */
  async #newest(
    { symbol, sequencer: { lastId } }: Follow,
  ): Promise<Sequenced | "unknown" | null> {
    const { rest, streamKind, signal } = this.#options;
    // The count of the exchange is of single trades: ids burned by it prove nothing of aggregates.
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
