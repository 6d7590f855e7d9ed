import type { FeedEvent } from "../feed.ts";
import { idOf, PAGE, type Sequenced } from "./sequenced.ts";
import type { Chain } from "./chain.ts";

/** In how many answers the exchange must have left an id out before it is lost. */
export const ATTEMPTS = 8;

/** Who gives up the oldest missing ids of a chain. */
interface Losing {
  lose(chain: Chain, lastId: number, out: FeedEvent[]): void;
}

/** How often the exchange's answers have left out ids of one symbol that are missing. */
export class LeftOut {
  readonly #chain: Chain;
  readonly #counts = new Map<number, number>();

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /**
   * Counts the ids from `firstId` on that an answer passes over; forgets those known by now.
   *
   * @param untilId The last id that the answer tells of; `null` for that of its last row.
   */
  count(firstId: number, items: readonly Sequenced[], untilId: number | null = null): void {
    for (const id of this.#counts.keys()) {
      if (!this.#chain.lacks(id)) this.#counts.delete(id);
    }
    let next = firstId;
    const passTo = (id: number) => {
      // Of a long run it is enough to count the beginning: the rest has its turn.
      const until = Math.min(id, next + PAGE);
      for (; next < until; next++) this.#counts.set(next, (this.#counts.get(next) ?? 0) + 1);
      next = id + 1;
    };
    for (const item of items) passTo(idOf(item));
    if (untilId !== null) passTo(untilId + 1);
  }

  /** Loses the ids that come next and were left out too often. */
  giveUp(interpreter: Losing, out: FeedEvent[]): void {
    this.#loseNext(interpreter, out, (firstId) => {
      let until = firstId;
      while (this.#isGone(until)) until++;
      return until - 1;
    });
  }

  /** Loses the ids that come next and are older than what the exchange keeps. */
  loseBefore(oldestId: number, interpreter: Losing, out: FeedEvent[]): void {
    this.#loseNext(interpreter, out, () => oldestId - 1);
  }

  #loseNext(
    interpreter: Losing,
    out: FeedEvent[],
    untilOf: (firstId: number) => number,
  ): void {
    const chain = this.#chain;
    let lostFrom = -1;
    for (let next = chain.missing; next !== null; next = chain.missing) {
      const until = untilOf(next.firstId);
      if (until < next.firstId || next.firstId === lostFrom) return;
      lostFrom = next.firstId;
      interpreter.lose(chain, until, out);
    }
  }

  #isGone(id: number): boolean {
    return (this.#counts.get(id) ?? 0) >= ATTEMPTS;
  }
}
