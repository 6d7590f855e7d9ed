import { abortable, backoffDelaysMs, PrioritySlots, sleep } from "../../streams/mod.ts";
import type { MissingTrades } from "./adapter.ts";
import type { Inbox } from "./inbox.ts";
import type { Interpreter } from "./interpreter.ts";
import { ATTEMPTS, LeftOut } from "../chain/left_out.ts";
import { RestError } from "../rest_error.ts";
import { type MissingIds, PAGE } from "../chain/sequenced.ts";
import type { Chain } from "../chain/chain.ts";

/** How repairs work. */
export interface RepairerOptions {
  /** Who has the missing trades. */
  readonly source: MissingTrades;
  /** How long a missing id may still arrive on the socket before REST is asked, ms. */
  readonly reorderMs: number;
  readonly random: () => number;
  /** Between questions that the exchange refuses for a reason that does not pass by itself, ms. */
  readonly refusedMs: number;
  /** Ends all repairs. */
  readonly signal: AbortSignal;
  /** Brings what REST returned to the reader, in order with the frames. */
  readonly inbox: Inbox;
  readonly interpreter: Pick<Interpreter, "fill" | "lose" | "told">;
}

const AT_ONCE = 4;
const BACKOFF = { baseMs: 500, capMs: 30_000 };

/** Between two looks at whether something else has become more urgent, ms. */
const LOOK_MS = 250;

/** Between two notices, ms. */
const NOTICE_MS = 5_000;

/**
 * Fetches missing trades by id over REST: a few symbols at a time, those first of which
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
  async repair(chain: Chain): Promise<void> {
    const { symbol } = chain;
    if (this.#running.has(symbol)) return;
    const cancelled = new AbortController();
    this.#running.set(symbol, cancelled);
    const signal = AbortSignal.any([this.#options.signal, cancelled.signal]);
    try {
      await this.#untilWhole(chain, signal);
    } catch (error) {
      if (!cancelled.signal.aborted) throw error;
    }
  }

  /** Ends the repair of a symbol. */
  cancel(symbol: string): void {
    this.#running.get(symbol)?.abort();
    this.#running.delete(symbol);
  }

  async #untilWhole(chain: Chain, signal: AbortSignal): Promise<void> {
    const { random, reorderMs } = this.#options;
    const { symbol } = chain;
    let attempt = 0;
    const leftOut = new LeftOut(chain);
    let delays = backoffDelaysMs({ ...BACKOFF, random });
    let awaitedUntil = -1;
    for (let missing = chain.missing; missing !== null; missing = chain.missing) {
      const { firstId, untilId } = missing;
      if (firstId > awaitedUntil) {
        awaitedUntil = untilId;
        await sleep(reorderMs, signal);
        continue;
      }
      const failure = await this.#slots.run(
        () => urgency(chain),
        signal,
        () => this.#step(chain, { attempt, leftOut }, signal),
      );
      if (failure !== null) {
        this.#notice(`Cannot repair ${range(symbol, missing)} yet: ${failure.message}`, symbol);
        await sleep(this.#pauseMs(failure, delays.next().value), signal);
      } else if (chain.missing?.firstId !== firstId) {
        attempt = 0;
        delays = backoffDelaysMs({ ...BACKOFF, random });
      } else {
        if (++attempt === ATTEMPTS) {
          this.#notice(`The exchange does not return ${range(symbol, missing)} yet`, symbol);
        }
        await pause(chain, firstId, delays.next().value, signal);
      }
    }
    // In the same breath as the last look: what goes missing from now on starts another repair.
    this.#running.delete(symbol);
  }

  /** Asks once and has the reader apply the answer. Waits for it, so that answers do not pile up. */
  async #step(
    chain: Chain,
    { attempt, leftOut }: { readonly attempt: number; readonly leftOut: LeftOut },
    signal: AbortSignal,
  ): Promise<RestError | null> {
    const { source, inbox, interpreter } = this.#options;
    const { symbol, missing } = chain;
    // It has waited for its turn: others may have brought what it lacked.
    if (missing === null) return null;
    const answer = await source.ask(symbol, missing, attempt, signal);
    if (answer instanceof RestError) return answer;
    const { items, untilId, oldestId } = answer;
    if (oldestId !== null) this.#tellTooOld(symbol, missing, oldestId, answer.oldestMs ?? null);
    if (chain.told === undefined) leftOut.count(missing.firstId, items, untilId ?? null);
    const applied = inbox.perform((out) => {
      if (oldestId !== null) leftOut.loseBefore(oldestId, interpreter, out);
      // Before the answer, so that it need not be held, and after it: a page shows all that it lacks.
      leftOut.giveUp(interpreter, out);
      interpreter.fill(chain, items, out);
      leftOut.giveUp(interpreter, out);
      // Where ids are not counted, what an answer leaves out does not exist.
      interpreter.told(chain, oldestId ?? missing.firstId, untilId ?? missing.lastId, out);
    });
    await abortable(applied, signal);
    return null;
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

  #tellTooOld(
    symbol: string,
    { firstId, lastId }: MissingIds,
    oldestId: number,
    oldestMs: number | null,
  ): void {
    const what = oldestMs === null
      ? `${symbol} ${firstId} to ${Math.min(oldestId - 1, lastId)}`
      : `${symbol}: what was traded from the last known trade to ` +
        `${new Date(oldestMs).toISOString()} is lost`;
    this.#notice(`${what}: older than ${this.#options.source.reach}`, symbol);
  }
}

/**
 * The fewer pages free the more trades that wait, the sooner: who waits long for the request budget
 * must be a symbol of which little arrives meanwhile.
 */
function urgency({ missing, held }: Chain): number {
  if (missing === null) return 0;
  return Math.ceil((missing.untilId - missing.firstId + 1) / PAGE) / (1 + held);
}

/** Waits before ids are asked for again, unless others become more urgent. */
async function pause(
  chain: Chain,
  firstId: number,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  let leftMs = ms;
  do {
    await sleep(Math.min(leftMs, LOOK_MS), signal);
    leftMs -= LOOK_MS;
  } while (leftMs > 0 && chain.missing?.firstId === firstId);
}

function range(symbol: string, missing: MissingIds): string {
  return `${symbol} ${missing.firstId} to ${missing.lastId}`;
}
