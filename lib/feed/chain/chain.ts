import type { Gap } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { MissingIds, Offer, Sequenced } from "./sequenced.ts";

/**
 * The trades of one symbol on their way out of a feed, each once. Pure; events go to lists passed in.
 * What a venue's ids prove decides which chain it needs.
 */
export interface Chain {
  /** The symbol. */
  readonly symbol: string;
  /** The id up to which all were delivered, given up or left to be delivered late; `null` at first. */
  readonly lastId: number | null;
  /** Whether no id up to the newest one seen is missing, as far as ids tell. */
  readonly isWhole: boolean;
  /** Whether live trades wait for missing ids. */
  readonly isHolding: boolean;
  /** How many trades wait for missing ids. */
  readonly held: number;
  /**
   * Up to this id every one that is offered counts as known, but for those of gaps. Only where ids are
   * not counted.
   */
  readonly sureId?: number;
  /** Which ids are to be fetched next, or `null` when none is missing. */
  readonly missing: MissingIds | null;
  /**
   * Whether an id is known to exist and neither delivered, held nor given up.
   *
   * @param id The id.
   */
  lacks(id: number): boolean;
  /**
   * Takes an id, in any order.
   *
   * @param item The trade, or the id that is none.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the events, in order.
   * @returns What became of it.
   */
  offer(item: Sequenced, nowMs: number, out: FeedEvent[]): Offer;
  /**
   * Takes note that ids exist.
   *
   * @param lastId The newest of them.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the gap.
   */
  expect(lastId: number, nowMs: number, out: FeedEvent[]): void;
  /**
   * Leaves the gaps that have held the symbol up for too long.
   *
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives what was held, in order.
   */
  expire(nowMs: number, out: FeedEvent[]): void;
  /**
   * Gives up the oldest missing ids.
   *
   * @param lastId The last id to give up.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the events, in order.
   */
  lose(lastId: number, nowMs: number, out: FeedEvent[]): void;
  /**
   * Takes note that something may have been missed before the next id. Only where ids do not tell that
   * themselves.
   */
  doubt?(): void;
  /**
   * Takes note that everything between two ids was offered, and gaps in between are repaired. Only
   * where ids that were not offered need not exist.
   *
   * @param firstId From this id on.
   * @param untilId Up to this one.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the events, in order.
   */
  told?(firstId: number, untilId: number, nowMs: number, out: FeedEvent[]): void;
  /** Ends it. @returns The open gaps with which another chain goes on. */
  close(): Gap[];
}
