import type { FeedEvent } from "../feed.ts";
import type { Interpreter } from "./interpreter.ts";
import { idOf, PAGE, type Sequenced } from "./sequenced.ts";
import type { Sequencer } from "./sequencer.ts";

/** In how many answers the exchange must have left an id out before it is lost. */
export const ATTEMPTS = 8;

type Losing = Pick<Interpreter, "lose">;

/** How often the exchange's answers have left out ids of one symbol that are missing. */
export class LeftOut {
  readonly #sequencer: Sequencer;
  readonly #counts = new Map<number, number>();

  constructor(sequencer: Sequencer) {
    this.#sequencer = sequencer;
  }

  /** Counts the ids from `firstId` on that an answer passes over; forgets those known by now. */
  count(firstId: number, items: readonly Sequenced[]): void {
    for (const id of this.#counts.keys()) {
      if (!this.#sequencer.lacks(id)) this.#counts.delete(id);
    }
    let next = firstId;
    for (const item of items) {
      const id = idOf(item);
      // Of a long run it is enough to count the beginning: the rest has its turn.
      const until = Math.min(id, next + PAGE);
      for (; next < until; next++) this.#counts.set(next, (this.#counts.get(next) ?? 0) + 1);
      next = id + 1;
    }
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
    const sequencer = this.#sequencer;
    let lostFrom = -1;
    for (let next = sequencer.missing; next !== null; next = sequencer.missing) {
      const until = untilOf(next.firstId);
      if (until < next.firstId || next.firstId === lostFrom) return;
      lostFrom = next.firstId;
      interpreter.lose(sequencer, until, out);
    }
  }

  #isGone(id: number): boolean {
    return (this.#counts.get(id) ?? 0) >= ATTEMPTS;
  }
}
