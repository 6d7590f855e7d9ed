import { abortable, sleep } from "../../streams/mod.ts";
import type { Sequenced } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { FeedParts } from "../venue/adapter.ts";
import type { Follow } from "../venue/follow.ts";
import { BybitRest } from "./rest.ts";

/** However busy a symbol is, it is not asked for more often, ms. */
const LEAST_MS = 2_000;

/**
 * Compares the newest trades with those that the socket told, now and then, and has those delivered
 * late that it did not: no id tells that one is missing. Never fails but with the signal's reason.
 *
 * @param rest Who knows the newest trades.
 * @param checkMs How often at least, ms.
 */
export async function checkRecent(
  rest: BybitRest,
  checkMs: number,
  { interpreter, inbox, signal }: FeedParts,
): Promise<void> {
  const dueMs = new WeakMap<Follow, number>();
  while (true) {
    await sleep(Math.min(LEAST_MS, checkMs) / 2, signal);
    for (const follow of [...interpreter.follows]) {
      const nowMs = performance.now();
      const due = dueMs.getOrInsert(follow, nowMs + checkMs);
      if (nowMs < due || follow.chain.lastId === null) continue;
      try {
        const { items } = await rest.recent(follow.symbol, BybitRest.MOST, signal);
        dueMs.set(follow, nowMs + pauseMs(items, checkMs));
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
function pauseMs(items: readonly Sequenced[], checkMs: number): number {
  const times = items.flatMap((item) => item.kind === "trade" ? item.trade.timeMs : []);
  if (items.length < BybitRest.MOST / 2 || times.length < 2) return checkMs;
  const spanMs = times.at(-1)! - times[0]!;
  return Math.min(checkMs, Math.max(LEAST_MS, spanMs / 3));
}
