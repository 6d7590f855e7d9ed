import { type Chain, type Sequenced, Sequencer, SparseChain } from "../../feed/mod.ts";
import { type FeedEvent, type Gap, type Trade, venueOf } from "../../market/mod.ts";

/** Where the chain of a symbol goes on: from what is stored. */
export interface StoredChain {
  /** The last known id, or `null` where there is none. */
  readonly lastId: number | null;
  /** The ids up to it that are missing, in id order. */
  readonly openGaps: readonly Gap[];
  /** The newest of those that are stored, in id order, where ids are not counted. */
  readonly recent: readonly Trade[];
}

/** Nothing waits here for missing ids: a feed has held them as long as is good. */
const HOLD_NOTHING = { capacity: 0, holdMs: 0, used: 0 };

/** A feed that began earlier than the first one heard is waited for so long, ms of exchange time. */
const MOST_EARLIER_MS = 300_000;

interface Follow {
  readonly chain: Chain;
  /** Before this id; a chain that began later goes on from there. */
  readonly untilId: number;
  /** The newest exchange time of its trades, ms. */
  timeMs: number;
  /** What it began with; `null` where it goes on from what is stored. */
  first: { readonly id: number; readonly timeMs: number } | null;
  /** What was before that, of a feed that began earlier and is heard later. */
  earlier: Follow | null;
}

/**
 * Makes one stream of events of what several feeds, or several runs of one, tell in a log: each id
 * once, whoever told it first; a gap is one only if no feed has told its ids.
 */
export class LogSequencer {
  readonly #stored: (symbol: string) => StoredChain;
  readonly #follows = new Map<string, Follow>();

  /** @param stored Asked when the first event of a symbol comes. */
  constructor(stored: (symbol: string) => StoredChain) {
    this.#stored = stored;
  }

  /** Takes the events of a batch of the log, in order. @returns What is new of them. */
  take(events: readonly FeedEvent[]): FeedEvent[] {
    const out: FeedEvent[] = [];
    for (let k = 0; k < events.length; k++) {
      const event = events[k]!;
      if (event.kind === "trade") this.#offer(event, event.trade.symbol, out);
      else if (event.kind === "gap") this.#gap(event.gap, out);
      else if (event.kind === "quarantine") {
        // What used up an id comes with that id.
        const next = events[k + 1];
        if (next?.kind !== "skipped") out.push(event);
        else {
          const { symbol, tradeId } = next;
          const { frame } = event;
          const { receivedMs } = frame;
          const item = { kind: "nonMarket" as const, symbol, tradeId, receivedMs, frame };
          this.#offer({ ...item, eventTimeMs: null }, symbol, out);
          k++;
        }
      } else out.push(event);
    }
    return out;
  }

  /** Up to this id all of a symbol count as told that are told from now on; `null` where ids say it. */
  sureId(symbol: string): number | null {
    return isCounted(symbol) ? null : this.#follow(symbol).chain.sureId ?? null;
  }

  #offer(item: Sequenced, symbol: string, out: FeedEvent[]): void {
    const follow = this.#followOf(item, symbol);
    const { chain, untilId } = follow;
    if (item.kind === "trade") follow.timeMs = Math.max(follow.timeMs, item.trade.timeMs);
    const begins = chain.lastId === null;
    const offer = chain.offer(item, follow.timeMs, out);
    if (begins) {
      follow.first = { id: chain.lastId!, timeMs: follow.timeMs || item.receivedMs };
      if (isCounted(symbol) && untilId < Infinity) chain.expect(untilId - 1, follow.timeMs, out);
    }
    switch (offer) {
      case "duplicate": {
        const { venue, tradeId } = item.kind === "trade" ? item.trade : {
          venue: item.frame.venue,
          tradeId: item.tradeId,
        };
        out.push({ kind: "duplicate", venue, symbol, tradeId });
        break;
      }
      case "conflict": {
        const { venue, receivedMs, raw } = item.kind === "trade"
          ? {
            venue: item.trade.venue,
            receivedMs: item.receivedMs,
            raw: JSON.stringify(item.trade),
          }
          : item.frame;
        const reason = "conflicting duplicate";
        const frame = { venue, symbol, tradeId: null, reason, raw, receivedMs } as const;
        out.push({ kind: "quarantine", frame });
      }
    }
  }

  #gap(gap: Gap, out: FeedEvent[]): void {
    let follow: Follow | null = this.#follow(gap.symbol);
    for (; follow !== null; follow = follow.earlier) {
      const lastMissingId = Math.min(gap.lastMissingId, follow.untilId - 1);
      if (gap.firstMissingId <= lastMissingId) {
        this.#gapOf(follow.chain, { ...gap, lastMissingId }, out);
      }
    }
  }

  #gapOf(chain: Chain, gap: Gap, out: FeedEvent[]): void {
    chain.expect(gap.lastMissingId, gap.openedAtMs, out);
    if (gap.state === "open") return;
    const nowMs = gap.closedAtMs ?? gap.openedAtMs;
    if (gap.state === "repaired") {
      chain.told?.(gap.firstMissingId, gap.lastMissingId, nowMs, out);
      return;
    }
    // Only those that nobody has told; an older gap is none of its business.
    for (
      let missing = chain.missing;
      missing !== null && missing.firstId >= gap.firstMissingId &&
      missing.firstId <= gap.lastMissingId;
      missing = chain.missing
    ) chain.lose(Math.min(missing.lastId, gap.lastMissingId), nowMs, out);
  }

  #follow(symbol: string): Follow {
    return this.#follows.getOrInsertComputed(
      symbol,
      () => newFollow(symbol, this.#stored(symbol), Infinity),
    );
  }

  /** The follow that an id is of. */
  #followOf(item: Sequenced, symbol: string): Follow {
    const id = item.kind === "trade" ? item.trade.tradeId : item.tradeId;
    let follow = this.#follow(symbol);
    const leastMs = (follow.first?.timeMs ?? 0) - MOST_EARLIER_MS;
    while (follow.first !== null && id < follow.first.id) {
      const { first } = follow;
      if (follow.earlier === null) {
        // Of the first one heard, not of each that was found before it.
        if (item.kind !== "trade" || item.trade.timeMs < leastMs) return follow;
        follow.earlier = newFollow(symbol, NOTHING_STORED, first.id);
      }
      follow = follow.earlier;
    }
    return follow;
  }
}

const NOTHING_STORED: StoredChain = { lastId: null, openGaps: [], recent: [] };

function newFollow(
  symbol: string,
  { lastId, openGaps, recent }: StoredChain,
  untilId: number,
): Follow {
  const chain = new (isCounted(symbol) ? Sequencer : SparseChain)(
    ...[symbol, lastId, { ...HOLD_NOTHING }, openGaps, recent] as const,
  );
  return { chain, untilId, timeMs: 0, first: null, earlier: null };
}

/** Whether the ids of a symbol tell which are missing. */
function isCounted(symbol: string): boolean {
  return venueOf(symbol)?.promises.denseIds !== false;
}
