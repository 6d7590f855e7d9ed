import { abortable, backoffDelaysMs, PrioritySlots, sleep } from "../../streams/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { BinanceRest } from "./rest.ts";
import type { Inbox } from "./inbox.ts";
import type { Interpreter } from "./interpreter.ts";
import { RestError } from "./rest_error.ts";
import { idOf, type MissingIds, type Sequenced, sequencedPage } from "./sequenced.ts";
import type { Sequencer } from "./sequencer.ts";

/** How repairs work. */
export interface RepairerOptions {
  readonly rest: BinanceRest;
  /** How long a missing id may still arrive on the socket before REST is asked, ms. */
  readonly reorderMs: number;
  readonly random: () => number;
  /** Between questions that the exchange refuses for a reason that does not pass by itself, ms. */
  readonly refusedMs: number;
  /** Ends all repairs. */
  readonly signal: AbortSignal;
  /** Brings what REST returned to the reader, in order with the frames. */
  readonly inbox: Inbox;
  readonly interpreter: Pick<Interpreter, "fill" | "lose">;
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

/** In how many answers the exchange must have left an id out before it is lost. */
const ATTEMPTS = 8;

/** Between two notices, ms. */
const NOTICE_MS = 5_000;

const TOO_OLD = -4166;
const HISTORY_MS = 48 * 3_600_000;
/** The edge of the history moves on while one asks for it. */
const HISTORY_MARGIN_MS = 120_000;

/**
 * Fetches missing aggregate trades by id over REST: a few symbols at a time, those first of which
 * the fewest pages free the most trades that wait.
 */
export class Repairer {
  readonly #options: RepairerOptions;
  readonly #slots = new PrioritySlots(AT_ONCE);
  readonly #running = new Map<string, AbortController>();
  #noticeFromMs = 0;

  constructor(options: RepairerOptions) {
    this.#options = options;
  }

  /**
   * Repairs a symbol until none of its ids is missing; does nothing if that is under way. Retries
   * whatever may pass; an id is lost only when the exchange says that it is too old, or leaves it
   * out of its answers again and again.
   *
   * @throws What ends the feed; not if it is cancelled.
   */
  async repair(sequencer: Sequencer): Promise<void> {
    const { symbol } = sequencer;
    if (this.#running.has(symbol)) return;
    const cancelled = new AbortController();
    this.#running.set(symbol, cancelled);
    const signal = AbortSignal.any([this.#options.signal, cancelled.signal]);
    try {
      await this.#untilWhole(sequencer, signal);
    } catch (error) {
      if (!cancelled.signal.aborted) throw error;
    }
  }

  /** Ends the repair of a symbol. */
  cancel(symbol: string): void {
    this.#running.get(symbol)?.abort();
    this.#running.delete(symbol);
  }

  async #untilWhole(sequencer: Sequencer, signal: AbortSignal): Promise<void> {
    const { random, reorderMs } = this.#options;
    const { symbol } = sequencer;
    let attempt = 0;
    const leftOut = new Map<number, number>();
    let delays = backoffDelaysMs({ ...BACKOFF, random });
    let awaitedUntil = -1;
    for (let missing = sequencer.missing; missing !== null; missing = sequencer.missing) {
      const { firstId, untilId } = missing;
      // Where room is short there is none for what comes while one waits.
      if (firstId > awaitedUntil && !sequencer.isCrowded) {
        awaitedUntil = untilId;
        await sleep(reorderMs, signal);
        continue;
      }
      const failure = await this.#slots.run(
        () => urgency(sequencer),
        signal,
        () => this.#step(sequencer, missing, { attempt, leftOut }, signal),
      );
      if (failure !== null) {
        this.#notice(`Cannot repair ${range(symbol, missing)} yet: ${failure.message}`, symbol);
        await sleep(this.#pauseMs(failure, delays.next().value), signal);
      } else if (sequencer.missing?.firstId !== firstId) {
        attempt = 0;
        delays = backoffDelaysMs({ ...BACKOFF, random });
      } else {
        if (++attempt === ATTEMPTS) {
          this.#notice(`The exchange does not return ${range(symbol, missing)} yet`, symbol);
        }
        await sleep(delays.next().value, signal);
      }
    }
    // In the same breath as the last look: what goes missing from now on starts another repair.
    this.#running.delete(symbol);
  }

  /** Asks once and has the reader apply the answer. Waits for it, so that answers do not pile up. */
  async #step(
    sequencer: Sequencer,
    missing: MissingIds,
    { attempt, leftOut }: { readonly attempt: number; readonly leftOut: Map<number, number> },
    signal: AbortSignal,
  ): Promise<RestError | null> {
    const answer = await this.#ask(sequencer, missing, attempt, signal);
    if (answer instanceof RestError) return answer;
    const { inbox, interpreter } = this.#options;
    const { items, oldestId } = answer;
    countLeftOut(leftOut, missing.firstId, items);
    const applied = inbox.perform((out) => {
      if (oldestId !== null && sequencer.missing?.firstId === missing.firstId) {
        interpreter.lose(sequencer, oldestId - 1, out);
      }
      // Before the answer, so that it need not be held, and after it: a page shows all that it lacks.
      this.#giveUp(sequencer, leftOut, out);
      interpreter.fill(sequencer, items, out);
      this.#giveUp(sequencer, leftOut, out);
    });
    await abortable(applied, signal);
    return null;
  }

  /** Loses the ids that come next and were left out too often. */
  #giveUp(sequencer: Sequencer, leftOut: ReadonlyMap<number, number>, out: FeedEvent[]): void {
    const isGone = (id: number) => (leftOut.get(id) ?? 0) >= ATTEMPTS;
    let lostUntil = -1;
    for (let next = sequencer.missing; next !== null; next = sequencer.missing) {
      if (next.firstId <= lostUntil || !isGone(next.firstId)) return;
      lostUntil = next.firstId;
      while (isGone(lostUntil + 1)) lostUntil++;
      this.#options.interpreter.lose(sequencer, lostUntil, out);
    }
  }

  /**
   * Asks for exactly the missing ids, or for all from the first to the last of several runs: a page
   * costs the same whatever it holds. When that was in vain, asks for a full page to see what follows;
   * also when room is short, as by the time of the answer more is missing.
   */
  async #ask(
    { symbol, isCrowded }: Sequencer,
    missing: MissingIds,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Answer | RestError> {
    const count = missing.untilId - missing.firstId + 1;
    const limit = attempt === 0 && !isCrowded ? Math.min(PAGE, count) : PAGE;
    const query = { symbol, fromId: missing.firstId, limit };
    try {
      const page = await this.#options.rest.aggTrades(query, signal);
      return { items: sequencedPage(symbol, page), oldestId: null };
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return error.code === TOO_OLD ? await this.#oldest(symbol, missing, signal) : error;
    }
  }

  #pauseMs(error: RestError, delayMs: number): number {
    const leastMs = error.isTemporary ? error.retryAfterMs ?? 0 : this.#options.refusedMs;
    return Math.max(leastMs, delayMs);
  }

  /** Tells the reader, but not too often: what ails one symbol mostly ails all. */
  #notice(message: string, symbol: string): void {
    const nowMs = Date.now();
    if (nowMs < this.#noticeFromMs) return;
    this.#noticeFromMs = nowMs + NOTICE_MS;
    this.#options.inbox.post((out) =>
      out.push({ kind: "status", status: "notice", message, symbols: [symbol] })
    );
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
      const [oldest] = sequencedPage(symbol, page);
      const oldestId = oldest === undefined ? missing.lastId + 1 : idOf(oldest);
      this.#notice(
        `${symbol} ${missing.firstId} to ${
          Math.min(oldestId - 1, missing.lastId)
        }: older than the ` +
          "48 hours that REST gives; the daily archive may have them, see backfill --gaps",
        symbol,
      );
      return { items: [], oldestId };
    } catch (error) {
      if (error instanceof RestError) return error;
      throw error;
    }
  }
}

/**
 * The fewer pages free the more trades that wait, the sooner: who waits long for the request budget
 * must be a symbol of which little arrives meanwhile.
 */
function urgency({ missing, held }: Sequencer): number {
  if (missing === null) return 0;
  return Math.ceil((missing.untilId - missing.firstId + 1) / PAGE) / (1 + held);
}

/** Counts the ids from `firstId` on that an answer passes over; forgets those before. */
function countLeftOut(
  leftOut: Map<number, number>,
  firstId: number,
  items: readonly Sequenced[],
): void {
  for (const id of leftOut.keys()) if (id < firstId) leftOut.delete(id);
  let next = firstId;
  for (const item of items) {
    const id = idOf(item);
    // Of a long run it is enough to count the beginning: the rest has its turn.
    const until = Math.min(id, next + PAGE);
    for (; next < until; next++) leftOut.set(next, (leftOut.get(next) ?? 0) + 1);
    next = id + 1;
  }
}

function range(symbol: string, missing: MissingIds): string {
  return `${symbol} ${missing.firstId} to ${missing.lastId}`;
}
