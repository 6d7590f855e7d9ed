import type { FeedEvent } from "../feed.ts";
import type { ChainEnd, Follow, Lane } from "./follow.ts";
import { RecentLatency } from "./recent_latency.ts";
import type { VenueAdapter } from "./adapter.ts";
import type { HoldBudget } from "../chain/sequenced.ts";

/**
 * A stream that has just been subscribed may have missed trades that its first frame will reveal:
 * for so long its bars are not closed, ms.
 */
const FIRST_FRAME_MS = 5_000;

/** The symbols that are followed and the state of their streams. Times are arguments. */
export class Follows implements Iterable<Follow> {
  readonly #silentMs: number;
  readonly #makeChain: VenueAdapter["chain"];
  readonly #budget: HoldBudget;
  readonly #bySymbol = new Map<string, Follow>();
  /** Symbols that are no longer followed: their last frames are no surprise. */
  readonly #dismissed = new Set<string>();
  #newlyLive: string[] = [];

  /** Starts without symbols; a stream without a first frame for `silentMs` is called silent. */
  constructor({ silentMs, holdCapacity, holdMs, chain }: {
    readonly silentMs: number;
    readonly holdCapacity: number;
    readonly holdMs: number;
    readonly chain: VenueAdapter["chain"];
  }) {
    this.#silentMs = silentMs;
    this.#makeChain = chain;
    this.#budget = { capacity: holdCapacity, holdMs, used: 0 };
  }

  [Symbol.iterator](): Iterator<Follow> {
    return this.#bySymbol.values();
  }

  /** What is known of a symbol, if it is followed. */
  get(symbol: string): Follow | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** What is known of some symbols, as far as they are followed. */
  of(symbols: Iterable<string>): Follow[] {
    return [...symbols].flatMap((symbol) => this.#bySymbol.get(symbol) ?? []);
  }

  /** Whether a symbol was followed and is no longer. */
  isDismissed(symbol: string): boolean {
    return this.#dismissed.has(symbol);
  }

  /** Begins to follow a symbol, after the last id known of it; gaps before it are still open. */
  add(symbol: string, lane: Lane, end: ChainEnd): void {
    this.#dismissed.delete(symbol);
    this.#bySymbol.set(symbol, {
      symbol,
      lane,
      chain: this.#makeChain(symbol, beforeGaps(end), this.#budget),
      latency: new RecentLatency(),
      state: "pending",
      subscribedMs: null,
      lastFrameMs: null,
      lastFillId: null,
      missingSinceMs: null,
    });
  }

  /** Stops following a symbol; what it holds is forgotten. @returns Where its chain ends. */
  dismiss({ symbol, chain }: Follow): ChainEnd {
    this.#bySymbol.delete(symbol);
    this.#dismissed.add(symbol);
    return { openGaps: chain.close(), lastId: chain.lastId, recent: [] };
  }

  /** Takes note that a lane is connected again: none of its streams has proved itself. */
  opened(lane: Lane): void {
    for (const follow of this.of(lane.symbols)) {
      follow.state = "pending";
      follow.subscribedMs = null;
    }
  }

  /** Takes note that subscriptions were sent. */
  subscribed(symbols: Iterable<string>, nowMs: number): void {
    for (const follow of this.of(symbols)) follow.subscribedMs ??= nowMs;
  }

  /** Takes note that a stream has delivered. */
  live(follow: Follow): void {
    follow.state = "live";
    this.#newlyLive.push(follow.symbol);
  }

  /** Tells which streams have become live. */
  tellLive(out: FeedEvent[]): void {
    if (this.#newlyLive.length === 0) return;
    const symbols = this.#newlyLive;
    this.#newlyLive = [];
    out.push({ kind: "status", status: "live", message: `${list(symbols)}: live`, symbols });
  }

  /** Calls streams silent whose first frame is overdue, and tells. */
  tellSilent(nowMs: number, out: FeedEvent[]): void {
    const silent: string[] = [];
    for (const follow of this) {
      if (follow.state !== "pending" || follow.subscribedMs === null) continue;
      if (nowMs - follow.subscribedMs < this.#silentMs) continue;
      follow.state = "silent";
      silent.push(follow.symbol);
    }
    if (silent.length === 0) return;
    out.push({
      kind: "status",
      status: "silent",
      message: `${list(silent)}: subscribed ${this.#silentMs / 1_000} s ago and no trade since; ` +
        "the symbol is unknown there, or quiet, or the address is not its route",
      symbols: silent,
    });
  }
}

/**
 * Whether everything up to the watermark has come of a symbol, as far as one can tell: all but what
 * lies in gaps that it has left, whose ids are late however long one waits.
 */
export function isCurrent(follow: Follow, nowMs: number): boolean {
  if (follow.chain.isHolding) return false;
  if (follow.state !== "pending" || follow.chain.lastId === null) return true;
  return follow.subscribedMs !== null && nowMs - follow.subscribedMs >= FIRST_FRAME_MS;
}

/**
 * Where a chain goes on. The feed before may have left a gap at the end of its chain, to which the
 * store has added what went missing after it: of such a gap every id is missing.
 */
function beforeGaps(end: ChainEnd): ChainEnd {
  const { lastId, openGaps } = end;
  const over = openGaps.find((gap) => lastId !== null && gap.lastMissingId > lastId);
  if (lastId === null || over === undefined) return end;
  return { ...end, lastId: Math.min(lastId, over.firstMissingId - 1) };
}

function list(symbols: readonly string[]): string {
  const shown = symbols.slice(0, 5).join(", ");
  return symbols.length > 5 ? `${shown} and ${symbols.length - 5} more` : shown;
}
