import { abortable, sleep } from "../../streams/mod.ts";
import type { ExchangeClock } from "./exchange_clock.ts";
import type { Follow } from "./follow.ts";
import type { Inbox } from "./inbox.ts";
import type { Interpreter } from "./interpreter.ts";
import type { NewestTrades } from "./adapter.ts";
import { RestError } from "../rest_error.ts";
import { idOf, type Sequenced } from "../chain/sequenced.ts";
import type { Shards } from "../sockets/shards.ts";

/** What is watched for streams that died without a word. */
export interface StreamWatchdogOptions {
  /** Who tells what was traded. */
  readonly newest: NewestTrades;
  readonly interpreter: Interpreter;
  readonly inbox: Inbox;
  readonly shards: Shards;
  readonly clock: Pick<ExchangeClock, "skewMs">;
  /** A stream without a frame for so long is looked into, ms. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
}

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
    const newest = await this.#newest(follow).catch(noTrade);
    if (newest === null || newest === "unknown") return;
    const { chain } = follow;
    await abortable(inbox.perform((out) => interpreter.reveal(chain, newest, out)), signal);
  }

  async #look(): Promise<void> {
    const { signal, quietMs } = this.#options;
    const quiet = this.#quiet();
    for (const follow of this.#dead.keys()) if (!quiet.includes(follow)) this.#dead.delete(follow);
    if (quiet.length === 0) return;
    const lastIds = await this.#options.newest.lastIds(quiet.map((f) => f.symbol), signal);
    const untold = quiet.filter((f) => this.#isUntold(f, lastIds.get(f.symbol)))
      .map((follow) => ({ follow, lastFrameMs: follow.lastFrameMs }));
    if (untold.length === 0) return;
    await sleep(Math.min(TRANSIT_MS, quietMs), signal);
    const missed = untold.filter(({ follow, lastFrameMs }) => follow.lastFrameMs === lastFrameMs);
    for (const { follow } of missed.slice(0, MOST_PROBES)) {
      await this.#find(follow);
      this.#explained.set(follow, lastIds.get(follow.symbol)!);
    }
  }

  /** Whether the exchange tells of a later trade than the stream. */
  #isUntold(follow: Follow, lastId: number | undefined): boolean {
    if (lastId === undefined) return false;
    const known = Math.max(follow.lastFillId ?? -1, this.#explained.get(follow) ?? -1);
    if (known >= 0 || follow.chain.lastId !== null) return lastId > known;
    // A chain that has not begun misses nothing yet; what comes from now on it should tell.
    this.#explained.set(follow, lastId);
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

  /** Finds out what a stream did not tell, has it repaired, and revives the stream. */
  async #find(follow: Follow): Promise<void> {
    const { inbox, interpreter, shards } = this.#options;
    const { symbol, chain } = follow;
    const newest = await this.#newest(follow);
    if (newest === null) return;
    const isExcused = newest !== "unknown" && this.#isExcused(follow, newest);
    const attempt = isExcused ? 0 : (this.#dead.get(follow) ?? 0) + 1;
    const remedy = attempt === 1 ? "it is subscribed anew" : "its connection is replaced";
    inbox.post((out) => {
      if (interpreter.follows.get(symbol) !== follow) return;
      if (newest !== "unknown") interpreter.reveal(chain, newest, out);
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

  /** The newest trade, if it was missed: `null` if it was not. */
  async #newest({ symbol, chain: { lastId } }: Follow): Promise<Sequenced | "unknown" | null> {
    const { newest, signal } = this.#options;
    const item = await newest.newest(symbol, signal);
    return item === null || item !== "unknown" && idOf(item) <= (lastId ?? -1) ? null : item;
  }
}

/** A symbol that is not traded any more has none. */
function noTrade(error: unknown): null {
  if (error instanceof RestError && !error.isTemporary) return null;
  throw error;
}
