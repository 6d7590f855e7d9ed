import type { Gap } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { Chain } from "./chain.ts";
import { lostParts, opened, repaired, tell } from "./gap_parts.ts";
import { HeldItems } from "./held_items.ts";
import { LeftGaps } from "./left_gaps.ts";
import { RecentItems } from "./recent_items.ts";
import {
  deliver,
  type HoldBudget,
  idOf,
  isSame,
  type MissingIds,
  type Offer,
  type Sequenced,
} from "./sequenced.ts";

/**
 * Puts the trades of one symbol into the order of their ids. Pure; events go to a list passed in.
 *
 * The next id passes. A known one is a duplicate. A later one opens a gap and is held, with
 * everything after it, until the missing ids were offered or given up with `lose()`; then all
 * leave in order. Where the shared budget leaves no room or no time to hold more, the symbol leaves
 * its gaps: they stay open, what is held is delivered, live trades pass and missing ids come late.
 *
 * @example A hole that closes
 * ```ts
 * import { Sequencer } from "tandem/feed";
 * import type { FeedEvent, TradeEvent } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const event = (tradeId: number): TradeEvent => ({
 *   kind: "trade", eventTimeMs: null, receivedMs: 0,
 *   trade: { venue: "binance-usdm", symbol: "BTCUSDT", tradeId, timeMs: tradeId, price: 1,
 *     quantity: 1, takerSide: "buy", source: "ws" },
 * });
 * const budget = { capacity: 10, holdMs: 10_000, used: 0 };
 * const sequencer = new Sequencer("BTCUSDT", null, budget);
 * const out: FeedEvent[] = [];
 * const offers = [7, 10, 8, 8, 9].map((id) => sequencer.offer(event(id), id, out));
 * deepStrictEqual(offers, ["delivered", "held", "delivered", "duplicate", "delivered"]);
 * deepStrictEqual(
 *   out.map((e) => e.kind === "trade" ? e.trade.tradeId : e.kind === "gap" ? e.gap.state : null),
 *   [7, "open", 8, 9, "repaired", 10],
 * );
 * ```
 */
export class Sequencer implements Chain {
  /** The symbol, as the exchange writes it. */
  readonly symbol: string;
  #lastId: number | null;
  /** The newest id that is known to exist. */
  #tailId: number;
  /** The gaps that hold live trades; every id between `#lastId` and `#tailId` is missing or held. */
  #gaps: Gap[];
  readonly #left: LeftGaps;
  readonly #held: HeldItems;
  readonly #recent = new RecentItems();

  /**
   * Makes the chain of one symbol.
   *
   * @param symbol The symbol, as the exchange writes it.
   * @param lastId The last known id; `null` starts the chain with the first id offered.
   * @param budget How many trades may be held, and how long; shared.
   * @param openGaps Gaps told before, in id order, every id of them missing and every other one up
   *   to `lastId` known; at most the last lies after it, from the next id on.
   */
  constructor(
    symbol: string,
    lastId: number | null,
    budget: HoldBudget,
    openGaps: readonly Gap[] = [],
  ) {
    this.symbol = symbol;
    this.#lastId = lastId;
    this.#held = new HeldItems(budget);
    const isLeft = (gap: Gap) => gap.lastMissingId <= (lastId ?? -1);
    this.#left = new LeftGaps(openGaps.filter(isLeft));
    this.#gaps = openGaps.filter((gap) => !isLeft(gap));
    this.#tailId = this.#gaps.at(-1)?.lastMissingId ?? lastId ?? -1;
  }

  /** The id up to which all were delivered, given up or left to be delivered late; `null` at first. */
  get lastId(): number | null {
    return this.#lastId;
  }

  get isWhole(): boolean {
    return !this.isHolding && this.#left.isEmpty;
  }

  /** Whether live trades wait for missing ids. */
  get isHolding(): boolean {
    return this.#gaps.length > 0;
  }

  /** How many trades wait for missing ids. */
  get held(): number {
    return this.#held.size;
  }

  /** Which ids are to be fetched next, or `null` when none is missing. */
  get missing(): MissingIds | null {
    const [gap] = this.#gaps;
    if (gap === undefined) return this.#left.missing;
    const untilId = this.#gaps.at(-1)!.lastMissingId;
    return { firstId: this.#lastId! + 1, lastId: gap.lastMissingId, untilId };
  }

  /** Whether an id is known to exist and neither delivered, held nor given up. */
  lacks(id: number): boolean {
    return id > (this.#lastId ?? Infinity)
      ? id <= this.#tailId && this.#held.get(id) === undefined
      : this.#left.lacks(id);
  }

  /**
   * Takes an id, in any order.
   *
   * @param item The trade, or the id that is none.
   * @param nowMs Exchange time, ms since the epoch; for the gaps that open or close.
   * @param out Receives the events, in order.
   * @returns What became of it.
   */
  offer(item: Sequenced, nowMs: number, out: FeedEvent[]): Offer {
    const id = idOf(item);
    if (this.#lastId === null || id === this.#lastId + 1) {
      this.#deliver(item, id, out);
      if (this.isHolding) this.#advance(nowMs, out);
      else this.#tailId = id;
      return "delivered";
    }
    if (id <= this.#lastId) return this.#offerLate(item, id, nowMs, out);
    const held = this.#held.get(id);
    if (held !== undefined) return isSame(held, item) ? "duplicate" : "conflict";
    if (!this.#held.hasRoom || this.#held.isOverdue(this.#gaps[0], nowMs)) {
      return this.#pass(item, id, nowMs, out);
    }
    this.expect(id - 1, nowMs, out);
    this.#tailId = Math.max(this.#tailId, id);
    this.#held.add(id, item);
    return "held";
  }

  /**
   * Takes note that ids after the newest one known are missing. Does nothing before the first id.
   *
   * @param lastId The newest id that is known to exist.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the gap.
   */
  expect(lastId: number, nowMs: number, out: FeedEvent[]): void {
    if (this.#lastId === null || lastId <= this.#tailId) return;
    const gap = opened(this.symbol, this.#tailId + 1, lastId, nowMs);
    this.#gaps.push(gap);
    this.#tailId = lastId;
    tell([gap], out);
  }

  /**
   * Leaves the gaps that have held the symbol up for too long, though nothing is offered.
   *
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives what was held, in order.
   */
  expire(nowMs: number, out: FeedEvent[]): void {
    if (this.#held.isOverdue(this.#gaps[0], nowMs)) this.#leave(nowMs, out);
  }

  /**
   * Gives up the ids that `missing` tells: they are lost, and what waited for them is delivered.
   * Stops at the first id that is known, at the end of the gap and at `lastId`. An id that is offered
   * after that counts as a duplicate: the gap that tells of its loss is already out.
   *
   * @param lastId The last id to give up.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the events, in order.
   */
  lose(lastId: number, nowMs: number, out: FeedEvent[]): void {
    const [gap] = this.#gaps;
    if (gap === undefined) return this.#left.lose(lastId, nowMs, out);
    if (lastId <= this.#lastId!) return;
    const to = this.#held.lastBefore(Math.min(lastId, gap.lastMissingId));
    const parts = lostParts(gap, this.#lastId! + 1, to, nowMs);
    tell(parts, out);
    this.#lastId = to;
    this.#gaps.splice(0, 1, ...parts.filter((part) => part.state === "open"));
    this.#advance(nowMs, out);
  }

  /** Gives back the room of what is held. @returns The open gaps with which another chain goes on. */
  close(): Gap[] {
    this.#held.takeAll();
    const [gap] = this.#gaps;
    if (gap === undefined) return this.#left.rest;
    const ids = { firstMissingId: this.#lastId! + 1, lastMissingId: this.#tailId };
    return [...this.#left.rest, { ...gap, ...ids }];
  }

  /** Takes an id that was passed: of a gap that was left, or a known one. */
  #offerLate(item: Sequenced, id: number, nowMs: number, out: FeedEvent[]): Offer {
    return this.#left.offer(item, id, nowMs, out) ??
      (this.#recent.contradicts(id, item) ? "conflict" : "duplicate");
  }

  /** Takes an id that cannot be held: a gap before it is left at once, with the others. */
  #pass(item: Sequenced, id: number, nowMs: number, out: FeedEvent[]): Offer {
    this.expect(id - 1, nowMs, out);
    this.#leave(nowMs, out);
    if (id <= this.#lastId!) return this.#offerLate(item, id, nowMs, out);
    this.#tailId = id;
    this.#deliver(item, id, out);
    return "delivered";
  }

  /** Goes on after the newest id; the gaps stay open. */
  #leave(nowMs: number, out: FeedEvent[]): void {
    for (const gap of this.#gaps) {
      this.#left.push(gap, Math.max(gap.firstMissingId, this.#lastId! + 1));
    }
    this.#gaps = [];
    for (const [id, item] of this.#held.takeAll()) {
      if (this.#left.offer(item, id, nowMs, out) === null) this.#deliver(item, id, out);
    }
    this.#lastId = this.#tailId;
  }

  /** Closes the gaps that are filled and delivers what waited behind them. */
  #advance(nowMs: number, out: FeedEvent[]): void {
    while (true) {
      const [gap] = this.#gaps;
      if (gap !== undefined && gap.lastMissingId <= this.#lastId!) {
        this.#gaps.shift();
        tell([repaired(gap, nowMs)], out);
        continue;
      }
      const id = this.#lastId! + 1;
      const next = this.#held.take(id);
      if (next === undefined) return;
      this.#deliver(next, id, out);
    }
  }

  #deliver(item: Sequenced, id: number, out: FeedEvent[]): void {
    this.#lastId = id;
    this.#recent.add(id, item);
    deliver(item, out);
  }
}
