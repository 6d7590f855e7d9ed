import { abortable, sleep } from "../../streams/mod.ts";
import type { Sequenced } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { FeedParts } from "./adapter.ts";
import type { Follow } from "./follow.ts";

/** However busy a symbol is, it is not asked for more often, nor sooner after the start, ms. */
const LEAST_MS = 2_000;

/** Who tells the newest trades of a symbol. */
export interface RecentSource {
  /**
   * Asks for them, in id order.
   *
   * @throws {RestError} If the venue does not tell.
   */
  recent(symbol: string, signal: AbortSignal): Promise<readonly Sequenced[]>;
  /** With fewer in an answer the venue has time: it is asked no more often than it must. */
  readonly many: number;
}

/**
 * Compares the newest trades with those that the socket told, now and then, and has those delivered
 * late that it did not: no id tells that one is missing. Never fails but with the signal's reason.
 *
 * @param source Who knows the newest trades.
 * @param checkMs How often at least, ms.
 */
export async function checkRecent(
  source: RecentSource,
  checkMs: number,
  { interpreter, inbox, signal }: FeedParts,
): Promise<void> {
  const dueMs = new WeakMap<Follow, number>();
  while (true) {
    await sleep(Math.min(LEAST_MS, checkMs) / 2, signal);
    for (const follow of [...interpreter.follows]) {
      const nowMs = performance.now();
      // Soon at first: what was left out before the start may be out of reach a minute later.
      const due = dueMs.getOrInsert(follow, nowMs + Math.min(LEAST_MS, checkMs));
      if (nowMs < due || follow.chain.lastId === null) continue;
      try {
        const items = await source.recent(follow.symbol, signal);
        dueMs.set(follow, nowMs + pauseMs(items, checkMs, source.many));
        const { chain } = follow;
        await abortable(inbox.perform((out) => interpreter.check(chain, items, out)), signal);
      } catch (error) {
        if (!(error instanceof RestError)) throw error;
        dueMs.set(follow, nowMs + checkMs);
      }
    }
  }
}

/** Each trade is to be in three answers, so that one that is refused costs nothing. */
function pauseMs(items: readonly Sequenced[], checkMs: number, many: number): number {
  const times = items.flatMap((item) => item.kind === "trade" ? item.trade.timeMs : []);
  if (items.length < many || times.length < 2) return checkMs;
  const spanMs = times.at(-1)! - times[0]!;
  return Math.min(checkMs, Math.max(LEAST_MS, spanMs / 3));
}
