import type { Gap, Trade } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { Chain } from "./chain.ts";
import { lostParts, opened, repaired, tell } from "./gap_parts.ts";
import { HeldItems } from "./held_items.ts";
import { KnownIds } from "./known_ids.ts";
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
 * Puts the trades of one symbol into the order of their ids where these ascend and are not counted,
 * so that none tells that one before it is missing. Pure; events go to a list passed in.
 *
 * What comes passes. Where something may have been missed, after `doubt()`, the next trade opens a gap
 * from the last one known to it, and waits until `told()` says that everything in between was
 * offered, or `lose()` that nobody knows. An id that was passed and is not known is late: it lies in a
 * gap of its own.
 *
 * @example A connection that was lost between two trades
 * ```ts
 * import { SparseChain } from "tandem/feed";
 * import type { FeedEvent, TradeEvent } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const event = (tradeId: number): TradeEvent => ({
 *   kind: "trade", eventTimeMs: null, receivedMs: 0,
 *   trade: { venue: "bybit-linear", symbol: "bybit:BTCUSDT", tradeId, timeMs: tradeId, price: 1,
 *     quantity: 1, takerSide: "buy", source: "ws" },
 * });
 * const budget = { capacity: 10, holdMs: 10_000, used: 0 };
 * const chain = new SparseChain("bybit:BTCUSDT", null, budget);
 * const out: FeedEvent[] = [];
 * chain.offer(event(10), 10, out);
 * chain.doubt();
 * const offers = [30, 20].map((id) => chain.offer(event(id), id, out));
 * chain.told(11, 29, 30, out);
 * deepStrictEqual(offers, ["held", "delivered"]);
 * deepStrictEqual(
 *   out.map((e) => e.kind === "trade" ? e.trade.tradeId : e.kind === "gap" ? e.gap.state : null),
 *   [10, "open", 20, "repaired", 30],
 * );
 * ```
 */
export class SparseChain implements Chain {
  readonly symbol: string;
  #lastId: number | null;
  /** The newest id that is known to exist. */
  #tailId: number;
  /** In id order. */
  #gaps: Gap[];
  /** Whether what comes after the gaps waits for them. */
  #holds: boolean;
  #doubts = false;
  readonly #held: HeldItems;
  readonly #known: KnownIds;
  readonly #unsureUntil: number;

  /**
   * Makes the chain of one symbol.
   *
   * @param symbol The symbol.
   * @param lastId The last known id; `null` starts the chain with the first id offered.
   * @param budget How many trades may be held, and how long; shared.
   * @param openGaps Gaps told before, in id order.
   * @param recent The newest known trades, in id order: before them everything counts as known.
   * @param sureId In place of them: up to it everything is known, what follows up to `lastId` passes.
   */
  constructor(
    symbol: string,
    lastId: number | null,
    budget: HoldBudget,
    openGaps: readonly Gap[] = [],
    recent: readonly Trade[] = [],
    sureId: number | null = null,
  ) {
    this.symbol = symbol;
    this.#lastId = lastId;
    this.#gaps = [...openGaps];
    this.#tailId = Math.max(lastId ?? -1, openGaps.at(-1)?.lastMissingId ?? -1);
    this.#holds = this.#tailId > (lastId ?? -1);
    this.#held = new HeldItems(budget);
    this.#known = new KnownIds(lastId, recent, sureId);
    this.#unsureUntil = sureId === null ? -1 : lastId ?? -1;
  }

  get sureId(): number {
    return this.#known.floor;
  }

  get lastId(): number | null {
    return this.#lastId;
  }

  /** Whether nothing is known to be missing. */
  get isWhole(): boolean {
    return this.#gaps.length === 0;
  }

  get isHolding(): boolean {
    return this.#holds;
  }

  get held(): number {
    return this.#held.size;
  }

  get missing(): MissingIds | null {
    const [gap] = this.#gaps;
    if (gap === undefined) return null;
    const { firstMissingId: firstId, lastMissingId: lastId } = gap;
    return { firstId, lastId, untilId: this.#gaps.at(-1)!.lastMissingId };
  }

  lacks(id: number): boolean {
    return this.#isInGap(id) && !this.#known.has(id) && this.#held.get(id) === undefined;
  }

  /** Takes note that something may have been missed: the next new id shows up to where. */
  doubt(): void {
    if (this.#lastId !== null) this.#doubts = true;
  }

  offer(item: Sequenced, nowMs: number, out: FeedEvent[]): Offer {
    const id = idOf(item);
    const held = this.#held.get(id);
    if (held !== undefined) return isSame(held, item) ? "duplicate" : "conflict";
    if (this.#known.has(id)) return this.#known.contradicts(id, item) ? "conflict" : "duplicate";
    if (id <= this.#tailId) {
      if (this.#isInGap(id)) this.#deliver(item, id, out);
      else if (id <= this.sureId) return "duplicate";
      else if (id <= this.#unsureUntil) this.#deliver(item, id, out);
      else this.#deliverLate(item, id, nowMs, out);
      return "delivered";
    }
    if (this.#doubts) {
      this.#doubts = false;
      this.expect(id - 1, nowMs, out);
    }
    this.#tailId = id;
    if (this.#holds) {
      if (this.#held.hasRoom && !this.#held.isOverdue(this.#gaps[0], nowMs)) {
        this.#held.add(id, item);
        return "held";
      }
      this.#release(out);
    }
    this.#deliver(item, id, out);
    return "delivered";
  }

  expect(lastId: number, nowMs: number, out: FeedEvent[]): void {
    if (this.#lastId === null || lastId <= this.#tailId) return;
    const gap = opened(this.symbol, this.#tailId + 1, lastId, nowMs);
    this.#gaps.push(gap);
    this.#tailId = lastId;
    this.#holds = true;
    tell([gap], out);
  }

  expire(nowMs: number, out: FeedEvent[]): void {
    if (this.#holds && this.#held.isOverdue(this.#gaps[0], nowMs)) this.#release(out);
  }

  /** Gives up the gaps up to an id, as far as trades of them were not offered. */
  lose(lastId: number, nowMs: number, out: FeedEvent[]): void {
    const open: Gap[] = [];
    for (const gap of this.#gaps) {
      if (gap.firstMissingId > lastId) {
        open.push(gap);
        continue;
      }
      const toId = Math.min(lastId, gap.lastMissingId);
      const parts = lostParts(gap, gap.firstMissingId, toId, nowMs);
      tell(parts, out);
      this.#pass(toId);
      open.push(...parts.filter((part) => part.state === "open"));
    }
    this.#closed(open, out);
  }

  /**
   * Takes note that everything between two ids was offered: gaps in between are repaired.
   *
   * @param firstId From this id on.
   * @param untilId Up to this one.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the events, in order.
   */
  told(firstId: number, untilId: number, nowMs: number, out: FeedEvent[]): void {
    const open: Gap[] = [];
    for (const gap of this.#gaps) {
      if (gap.firstMissingId < firstId || gap.lastMissingId > untilId) {
        open.push(gap);
        continue;
      }
      tell([repaired(gap, nowMs)], out);
      this.#pass(gap.lastMissingId);
    }
    this.#closed(open, out);
  }

  close(): Gap[] {
    this.#held.takeAll();
    const last = this.#gaps.at(-1);
    if (last === undefined || !this.#holds) return this.#gaps;
    return [...this.#gaps.slice(0, -1), { ...last, lastMissingId: this.#tailId }];
  }

  #isInGap(id: number): boolean {
    return this.#gaps.some((gap) => gap.firstMissingId <= id && id <= gap.lastMissingId);
  }

  /** Nobody doubted that nothing was missed here: that something was is told with the trade. */
  #deliverLate(item: Sequenced, id: number, nowMs: number, out: FeedEvent[]): void {
    const gap = opened(this.symbol, id, id, nowMs);
    tell([gap], out);
    this.#deliver(item, id, out);
    tell([repaired(gap, nowMs)], out);
  }

  #closed(open: Gap[], out: FeedEvent[]): void {
    this.#gaps = open;
    if (open.length === 0) this.#release(out);
  }

  /** Lets go what waits; gaps that are left stay open. */
  #release(out: FeedEvent[]): void {
    this.#holds = false;
    for (const [id, item] of this.#held.takeAll()) this.#deliver(item, id, out);
    this.#pass(this.#gaps.at(-1)?.lastMissingId ?? -1);
  }

  #pass(id: number): void {
    if (this.#lastId === null || id > this.#lastId) this.#lastId = id;
  }

  #deliver(item: Sequenced, id: number, out: FeedEvent[]): void {
    this.#pass(id);
    this.#tailId = Math.max(this.#tailId, id);
    this.#known.add(id, item);
    deliver(item, out);
  }
}
