import { BINANCE_USDM, type Gap } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import {
  type HoldBudget,
  idOf,
  isSame,
  type MissingIds,
  type Offer,
  type Sequenced,
} from "./sequenced.ts";

/** How many delivered trades are remembered to compare duplicates with; a power of two. */
const RECENT = 32;

/**
 * Puts the trades of one symbol into the order of their ids. Pure: events go to the list that is
 * passed in, times are arguments.
 *
 * The next id passes. A known one is a duplicate. A later one opens a gap and is held, with
 * everything after it, until the missing ids were offered or given up with `lose()`; then all
 * leave in order. Where the shared budget leaves no room to hold a trade, it is dropped and the
 * gap grows by its id, so that it is fetched again with the others.
 *
 * @example A hole that closes
 * ```ts
 * import { Sequencer, type FeedEvent, type TradeEvent } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const event = (tradeId: number): TradeEvent => ({
 *   kind: "trade", eventTimeMs: null, receivedMs: 0,
 *   trade: { venue: "binance-usdm", symbol: "BTCUSDT", tradeId, timeMs: tradeId, price: 1,
 *     quantity: 1, takerSide: "buy", source: "ws" },
 * });
 * const sequencer = new Sequencer("BTCUSDT", null, { capacity: 10, used: 0 });
 * const out: FeedEvent[] = [];
 * const offers = [7, 10, 8, 8, 9].map((id) => sequencer.offer(event(id), id, out));
 * deepStrictEqual(offers, ["delivered", "held", "delivered", "duplicate", "delivered"]);
 * deepStrictEqual(
 *   out.map((e) => e.kind === "trade" ? e.trade.tradeId : e.kind === "gap" ? e.gap.state : null),
 *   [7, "open", 8, 9, "repaired", 10],
 * );
 * ```
 */
export class Sequencer {
  /** The symbol, as the exchange writes it. */
  readonly symbol: string;
  #lastId: number | null;
  #tailId: number;
  #gaps: Gap[] = [];
  #growing = false;
  /** Last id of the newest gap as it was last told. */
  #toldId = -1;
  readonly #held = new Map<number, Sequenced>();
  readonly #budget: HoldBudget;
  readonly #recent: (Sequenced | undefined)[] = new Array(RECENT);

  /**
   * Makes the chain of one symbol.
   *
   * @param symbol The symbol, as the exchange writes it.
   * @param lastId The last id already known, which the chain continues; `null` starts it with the
   *   first id offered.
   * @param budget How many trades may be held; shared.
   */
  constructor(symbol: string, lastId: number | null, budget: HoldBudget) {
    this.symbol = symbol;
    this.#lastId = lastId;
    this.#tailId = lastId ?? -1;
    this.#budget = budget;
  }

  /** The last id that was delivered or given up, or `null` before the first. */
  get lastId(): number | null {
    return this.#lastId;
  }

  /** Whether no id up to the newest one seen is missing. */
  get isWhole(): boolean {
    return this.#gaps.length === 0;
  }

  /** How many trades wait for missing ids. */
  get held(): number {
    return this.#held.size;
  }

  /** Whether half the room for trades that wait is taken, by all symbols together. */
  get isCrowded(): boolean {
    return 2 * this.#budget.used >= this.#budget.capacity;
  }

  /** Which ids are missing, or `null` when none is. */
  get missing(): MissingIds | null {
    const gap = this.#gaps[0];
    if (gap === undefined) return null;
    return {
      firstId: this.#lastId! + 1,
      lastId: gap.lastMissingId,
      untilId: this.#gaps.at(-1)!.lastMissingId,
      openedAtMs: gap.openedAtMs,
    };
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
    const lastId = this.#lastId;
    if (lastId === null || id === lastId + 1) {
      this.#deliver(item, id, out);
      if (this.#gaps.length > 0) this.#advance(nowMs, out);
      else this.#tailId = id;
      return "delivered";
    }
    const known = id <= lastId ? this.#recent[id % RECENT] : this.#held.get(id);
    if (id <= lastId || known !== undefined) {
      return known === undefined || idOf(known) !== id || isSame(known, item)
        ? "duplicate"
        : "conflict";
    }
    return this.#hold(item, id, nowMs, out);
  }

  /**
   * Takes note that ids up to `lastId` exist: those after the newest one known are missing. Does
   * nothing before the first id.
   *
   * @param lastId The newest id that is known to exist.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the gap.
   */
  expect(lastId: number, nowMs: number, out: FeedEvent[]): void {
    if (this.#lastId === null || lastId <= this.#tailId) return;
    this.#grow(lastId, nowMs, out);
  }

  /**
   * Gives up missing ids, from the oldest on: they are lost, and what waited for them is delivered.
   * Stops at the first id that is held, at the end of the oldest gap and at `lastId`; does nothing
   * when no id is missing. An id that is offered after it was given up counts as a duplicate: the
   * gap that tells of its loss is already out.
   *
   * @param lastId The last id to give up.
   * @param nowMs Exchange time, ms since the epoch.
   * @param out Receives the events, in order.
   */
  lose(lastId: number, nowMs: number, out: FeedEvent[]): void {
    const gap = this.#gaps[0];
    if (gap === undefined || lastId <= this.#lastId!) return;
    const from = this.#lastId! + 1;
    let to = Math.min(lastId, gap.lastMissingId);
    for (const id of this.#held.keys()) if (id <= to) to = id - 1;

    const { firstMissingId, lastMissingId } = gap;
    if (firstMissingId < from) {
      this.#tell({ ...gap, lastMissingId: from - 1, closedAtMs: nowMs, state: "repaired" }, out);
    }
    this.#tell({
      ...gap,
      firstMissingId: from,
      lastMissingId: to,
      closedAtMs: nowMs,
      state: "lost",
    }, out);
    this.#lastId = to;
    if (to === lastMissingId) {
      this.#gaps.shift();
      if (this.#gaps.length === 0) this.#growing = false;
    } else {
      this.#gaps[0] = { ...gap, firstMissingId: to + 1 };
      this.#tell(this.#gaps[0], out);
    }
    this.#advance(nowMs, out);
  }

  /** Gives back the room of what is held. Call it when the symbol is no longer followed. */
  close(): void {
    this.#budget.used -= this.#held.size;
    this.#held.clear();
  }

  #hold(item: Sequenced, id: number, nowMs: number, out: FeedEvent[]): Offer {
    const hasRoom = this.#budget.used < this.#budget.capacity;
    if (id > this.#tailId) {
      if (!hasRoom) {
        this.#grow(id, nowMs, out);
        return "dropped";
      }
      if (this.#growing) {
        this.#growing = false;
        this.#tell(this.#gaps.at(-1)!, out);
      }
      if (id > this.#tailId + 1) this.#open(this.#tailId + 1, id - 1, nowMs, out);
      this.#tailId = id;
    } else if (!hasRoom) {
      return "dropped";
    }
    this.#held.set(id, item);
    this.#budget.used++;
    return "held";
  }

  /** Makes the newest ids, up to one that cannot be held, part of a gap; told when it stops growing. */
  #grow(id: number, nowMs: number, out: FeedEvent[]): void {
    if (this.#growing) {
      this.#gaps[this.#gaps.length - 1] = { ...this.#gaps.at(-1)!, lastMissingId: id };
    } else {
      this.#growing = true;
      this.#open(this.#tailId + 1, id, nowMs, out);
    }
    this.#tailId = id;
  }

  #open(firstMissingId: number, lastMissingId: number, nowMs: number, out: FeedEvent[]): void {
    const gap: Gap = {
      venue: BINANCE_USDM,
      symbol: this.symbol,
      firstMissingId,
      lastMissingId,
      openedAtMs: nowMs,
      closedAtMs: null,
      state: "open",
    };
    this.#gaps.push(gap);
    this.#tell(gap, out);
  }

  /** Closes the gaps that are filled and delivers what waited behind them. */
  #advance(nowMs: number, out: FeedEvent[]): void {
    while (true) {
      const gap = this.#gaps[0];
      if (gap !== undefined && gap.lastMissingId <= this.#lastId!) {
        this.#gaps.shift();
        this.#tell({ ...gap, closedAtMs: nowMs, state: "repaired" }, out);
        if (this.#gaps.length === 0) this.#growing = false;
        continue;
      }
      const id = this.#lastId! + 1;
      const next = this.#held.get(id);
      if (next === undefined) return;
      this.#held.delete(id);
      this.#budget.used--;
      this.#deliver(next, id, out);
    }
  }

  #deliver(item: Sequenced, id: number, out: FeedEvent[]): void {
    // Ids by which the newest gap has grown unsaid: whoever stores them must know of it before.
    if (this.#growing && id > this.#toldId) this.#tell(this.#gaps.at(-1)!, out);
    this.#lastId = id;
    this.#recent[id % RECENT] = item;
    if (item.kind === "trade") {
      out.push(item);
    } else {
      out.push(
        { kind: "quarantine", frame: item.frame },
        { kind: "skipped", venue: BINANCE_USDM, symbol: this.symbol, tradeId: id },
      );
    }
  }

  #tell(gap: Gap, out: FeedEvent[]): void {
    if (gap.state === "open") this.#toldId = Math.max(this.#toldId, gap.lastMissingId);
    out.push({ kind: "gap", gap });
  }
}
