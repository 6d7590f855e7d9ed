import { abortable, backoffDelaysMs, PrioritySlots, sleep } from "../../streams/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { BinanceRest } from "./rest.ts";
import type { Action } from "./follow.ts";
import { RestError } from "./rest_error.ts";
import type { AggTradesPage } from "./rest_queries.ts";
import { idOf, type MissingIds, type Sequenced } from "./sequenced.ts";
import type { Sequencer } from "./sequencer.ts";

/** How repairs work. */
export interface RepairerOptions {
  readonly rest: BinanceRest;
  /** How long a missing id may still arrive on the socket before REST is asked, ms. */
  readonly reorderMs: number;
  readonly random: () => number;
  /** Has an action done in its turn; fulfilled when it is done. */
  readonly perform: (action: Action) => Promise<void>;
  /** Offers what REST returned to the sequencer. */
  readonly fill: (sequencer: Sequencer, items: readonly Sequenced[], out: FeedEvent[]) => void;
  /** Gives ids up, from the oldest missing one to `lastId`. */
  readonly lose: (sequencer: Sequencer, lastId: number, out: FeedEvent[]) => void;
  readonly onNotice: (message: string, symbol: string) => void;
}

/** What one question brought. */
interface Answer {
  readonly items: readonly Sequenced[];
  /** The exchange keeps no trade before this id any more; `null` where it did not say so. */
  readonly oldestId: number | null;
}

const PAGE = 1_000;
const AT_ONCE = 4;
const BACKOFF = { baseMs: 500, capMs: 30_000 };

/** How often an id that the exchange skips in its answers is asked for before it is lost. */
const ATTEMPTS = 8;

/** Between questions that the exchange refuses for a reason that does not pass by itself. */
const REFUSED_MS = 60_000;

const TOO_OLD = -4166;
const HISTORY_MS = 48 * 3_600_000;
/** The edge of the history moves on while one asks for it. */
const HISTORY_MARGIN_MS = 120_000;

/**
 * Fetches missing aggregate trades by id over REST: a few symbols at a time, those with the fewest
 * missing pages first.
 */
export class Repairer {
  readonly #options: RepairerOptions;
  readonly #slots = new PrioritySlots(AT_ONCE);

  constructor(options: RepairerOptions) {
    this.#options = options;
  }

  /**
   * Repairs a symbol until none of its ids is missing. Retries whatever may pass; an id is lost
   * only when the exchange says that it is too old, or leaves it out of its answers again and again.
   *
   * @throws The signal's reason.
   */
  async repair(sequencer: Sequencer, signal: AbortSignal): Promise<void> {
    const { perform, fill, lose, random, reorderMs } = this.#options;
    let attempt = 0;
    let delays = backoffDelaysMs({ ...BACKOFF, random });
    let awaitedUntil = -1;
    for (let missing = sequencer.missing; missing !== null; missing = sequencer.missing) {
      if (missing.firstId > awaitedUntil) {
        awaitedUntil = missing.untilId;
        await sleep(reorderMs, signal);
        continue;
      }
      const answer = await this.#ask(sequencer.symbol, missing, attempt, signal);
      if (answer instanceof RestError) {
        this.#options.onNotice(
          `Cannot repair ${range(sequencer.symbol, missing)} yet: ${answer.message}`,
          sequencer.symbol,
        );
        await sleep(pauseMs(answer, delays.next().value), signal);
        continue;
      }
      const { firstId } = missing;
      const [next] = answer.items;
      const skippedUntil = next === undefined || attempt + 1 < ATTEMPTS ? null : idOf(next);
      const lostUntil = answer.oldestId ?? skippedUntil;
      await abortable(
        perform((out) => {
          if (lostUntil !== null && sequencer.missing?.firstId === firstId) {
            lose(sequencer, lostUntil - 1, out);
          }
          fill(sequencer, answer.items, out);
        }),
        signal,
      );
      if (sequencer.missing?.firstId !== firstId) {
        attempt = 0;
        delays = backoffDelaysMs({ ...BACKOFF, random });
      } else {
        if (++attempt === ATTEMPTS) {
          const what = range(sequencer.symbol, missing);
          this.#options.onNotice(`The exchange does not return ${what} yet`, sequencer.symbol);
        }
        await sleep(delays.next().value, signal);
      }
    }
  }

  /**
   * Asks for exactly the missing ids, or for all from the first to the last of several runs: a page
   * costs the same whatever it holds. When that was in vain, asks for a full page to see what follows.
   */
  async #ask(
    symbol: string,
    missing: MissingIds,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Answer | RestError> {
    const count = missing.untilId - missing.firstId + 1;
    const limit = attempt === 0 ? Math.min(PAGE, count) : PAGE;
    const query = { symbol, fromId: missing.firstId, limit };
    try {
      return await this.#slots.run(count, signal, async () => {
        const page = await this.#options.rest.aggTrades(query, signal);
        return { items: sequenced(symbol, page), oldestId: null };
      });
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return error.code === TOO_OLD ? await this.#oldest(symbol, missing, signal) : error;
    }
  }

  /** Finds out where the exchange's history begins. */
  async #oldest(
    symbol: string,
    missing: MissingIds,
    signal: AbortSignal,
  ): Promise<Answer | RestError> {
    const { rest } = this.#options;
    try {
      const startTimeMs = await rest.time(signal) - HISTORY_MS + HISTORY_MARGIN_MS;
      const page = await rest.aggTrades({ symbol, startTimeMs, limit: 1 }, signal);
      const [oldest] = sequenced(symbol, page);
      return { items: [], oldestId: oldest === undefined ? missing.lastId + 1 : idOf(oldest) };
    } catch (error) {
      if (error instanceof RestError) return error;
      throw error;
    }
  }
}

function sequenced(symbol: string, page: AggTradesPage): Sequenced[] {
  const { receivedMs } = page;
  const items: Sequenced[] = page.trades.map((trade) => ({
    kind: "trade",
    trade,
    eventTimeMs: null,
    receivedMs,
  }));
  for (const { tradeId, frame } of page.rejected) {
    items.push({ kind: "nonMarket", symbol, tradeId, eventTimeMs: null, receivedMs, frame });
  }
  return items.sort((a, b) => idOf(a) - idOf(b));
}

function pauseMs(error: RestError, delayMs: number): number {
  const leastMs = error.isTemporary ? error.retryAfterMs ?? 0 : REFUSED_MS;
  return Math.max(leastMs, delayMs);
}

function range(symbol: string, missing: MissingIds): string {
  return `${symbol} ${missing.firstId} to ${missing.lastId}`;
}
