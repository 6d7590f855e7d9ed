import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { Follow, Frame, Lane } from "./follow.ts";
import { parseFrame, quarantinedFrame } from "./message.ts";
import { type HoldBudget, idOf, type Sequenced } from "./sequenced.ts";
import { Sequencer } from "./sequencer.ts";

/** How frames are interpreted. */
export interface InterpreterOptions {
  readonly streamKind: StreamKind;
  /** How many trades may wait for missing ids, over all symbols. */
  readonly holdCapacity: number;
  /** How long the ids of a `trade` stream may stay away before they are lost, ms. */
  readonly reorderMs: number;
  /** A stream without a first frame for so long is called silent, ms. */
  readonly silentMs: number;
  /** Called when ids of an `aggTrade` stream begin to be missing. */
  readonly onMissing: (follow: Follow) => void;
}

/**
 * A stream that has just been subscribed may have missed trades that its first frame will reveal:
 * for so long its bars are not closed, ms.
 */
const FIRST_FRAME_MS = 5_000;

/** A first live id so far behind the last known one belongs to another history. */
const OTHER_HISTORY_IDS = 1_000;

/**
 * Turns frames into events: the side of a feed that knows no sockets. Everything happens in the
 * order of the calls; times are arguments.
 */
export class Interpreter {
  readonly #options: InterpreterOptions;
  readonly #budget: HoldBudget;
  readonly #follows = new Map<string, Follow>();
  readonly #lanes = new Set<Lane>();
  /** The symbols of which ids are missing now. */
  readonly #missing = new Set<Follow>();
  /** Symbols that are no longer followed: their last frames are no surprise. */
  readonly #dismissed = new Set<string>();
  #newlyLive: string[] = [];
  #nowMs = 0;

  constructor(options: InterpreterOptions) {
    this.#options = options;
    this.#budget = { capacity: options.holdCapacity, used: 0 };
  }

  /** The symbols followed now. */
  get follows(): ReadonlyMap<string, Follow> {
    return this.#follows;
  }

  /** Begins to follow a symbol, after the last id known of it. */
  follow(symbol: string, lane: Lane, lastId: number | null): void {
    this.#dismissed.delete(symbol);
    this.#lanes.add(lane);
    this.#follows.set(symbol, {
      symbol,
      lane,
      sequencer: new Sequencer(symbol, lastId, this.#budget),
      state: "pending",
      subscribedMs: null,
      missingSinceMs: null,
    });
  }

  /** Stops following a symbol; what it holds is forgotten. */
  dismiss(symbol: string): void {
    const follow = this.#follows.get(symbol);
    if (follow === undefined) return;
    follow.sequencer.close();
    this.#follows.delete(symbol);
    this.#missing.delete(follow);
    this.#dismissed.add(symbol);
  }

  /** Takes note that a connection is new: none of its streams has proved itself. */
  opened(lane: Lane): void {
    for (const follow of this.#of(lane.symbols)) {
      follow.state = "pending";
      follow.subscribedMs = null;
    }
  }

  /** Takes note that subscriptions were sent. */
  subscribed(symbols: Iterable<string>, nowMs: number): void {
    for (const follow of this.#of(symbols)) follow.subscribedMs = nowMs;
  }

  /** Interprets one frame. */
  frame(frame: Frame, out: FeedEvent[]): void {
    const { lane, text, receivedMs } = frame;
    this.#nowMs = receivedMs;
    const parsed = parseFrame(text, this.#options.streamKind, receivedMs);
    switch (parsed.kind) {
      case "trade":
      case "nonMarket":
        lane.watermark.see(parsed.eventTimeMs!);
        this.#live(parsed, text, out);
        break;
      case "time":
        lane.watermark.see(parsed.eventTimeMs);
        break;
      case "quarantine":
        out.push(parsed);
        break;
      case "reply":
        if (parsed.error === null) break;
        out.push({
          kind: "status",
          status: "notice",
          message: `The exchange refused a request: "${parsed.error.message}"`,
          symbols: [],
        });
    }
  }

  /** Takes what REST returned for missing ids; ids known by now are passed over. */
  fill(sequencer: Sequencer, items: readonly Sequenced[], out: FeedEvent[]): void {
    const follow = this.#follows.get(sequencer.symbol);
    if (follow?.sequencer !== sequencer) return;
    const untilId = sequencer.missing?.untilId ?? -1;
    for (const item of items) {
      if (idOf(item) > untilId) break;
      const offer = sequencer.offer(item, follow.lane.watermark.newestMs, out);
      if (offer === "conflict") this.#conflict(item, JSON.stringify(item), out);
    }
    this.#note(follow);
  }

  /** Gives up the oldest missing ids of a symbol, up to `lastId`. */
  lose(sequencer: Sequencer, lastId: number, out: FeedEvent[]): void {
    const follow = this.#follows.get(sequencer.symbol);
    if (follow?.sequencer !== sequencer) return;
    sequencer.lose(lastId, follow.lane.watermark.newestMs, out);
    this.#note(follow);
  }

  /** Does what is due at a local time, ms since the epoch, though no frame tells it. */
  tick(nowMs: number, out: FeedEvent[]): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    this.#tellSilent(out);
  }

  /** Does what is due once the frames at hand are interpreted. */
  settle(out: FeedEvent[]): void {
    if (this.#missing.size > 0) this.#giveUp(this.#nowMs, out);
    if (this.#newlyLive.length > 0) this.#tellLive(out);
    for (const lane of this.#lanes) {
      const timeMs = lane.watermark.advance();
      if (timeMs === null) continue;
      const symbols = this.#of(lane.symbols).filter((f) => this.#isCurrent(f));
      if (symbols.length === 0) continue;
      out.push({ kind: "watermark", symbols: symbols.map((f) => f.symbol), timeMs });
    }
  }

  /** Releases at the end what still waits for ids that cannot be repaired. */
  finish(out: FeedEvent[]): void {
    this.#giveUp(Infinity, out);
  }

  #live(item: Sequenced, text: string, out: FeedEvent[]): void {
    const symbol = item.kind === "trade" ? item.trade.symbol : item.symbol;
    const follow = this.#follows.get(symbol);
    if (follow === undefined) {
      if (this.#dismissed.has(symbol)) return;
      const reason = "unknown symbol";
      const frame = quarantinedFrame({ symbol, reason, raw: text, receivedMs: item.receivedMs });
      out.push({ kind: "quarantine", frame });
      return;
    }
    const { sequencer } = follow;
    if (follow.state !== "live") {
      follow.state = "live";
      this.#newlyLive.push(symbol);
      this.#checkHistory(sequencer, idOf(item), out);
    }
    switch (sequencer.offer(item, follow.lane.watermark.newestMs, out)) {
      case "duplicate":
        out.push({ kind: "duplicate", venue: BINANCE_USDM, symbol, tradeId: idOf(item) });
        break;
      case "conflict":
        this.#conflict(item, text, out);
    }
    if (!sequencer.isWhole || follow.missingSinceMs !== null) this.#note(follow);
  }

  #checkHistory({ symbol, lastId }: Sequencer, firstId: number, out: FeedEvent[]): void {
    if (lastId === null || firstId + OTHER_HISTORY_IDS > lastId) return;
    out.push({
      kind: "status",
      status: "notice",
      message: `${symbol}: trade ${firstId} is far behind the last known one, ${lastId}; ` +
        "is this another exchange than before? Its trades are dropped as known until it catches up",
      symbols: [symbol],
    });
  }

  #conflict(item: Sequenced, raw: string, out: FeedEvent[]): void {
    const symbol = item.kind === "trade" ? item.trade.symbol : item.symbol;
    const { receivedMs } = item;
    const frame = quarantinedFrame({ symbol, reason: "conflicting duplicate", raw, receivedMs });
    out.push({ kind: "quarantine", frame });
  }

  /** Keeps track of since when ids are missing. */
  #note(follow: Follow): void {
    if (follow.sequencer.isWhole) {
      follow.missingSinceMs = null;
      this.#missing.delete(follow);
    } else if (follow.missingSinceMs === null) {
      follow.missingSinceMs = this.#nowMs;
      this.#missing.add(follow);
      if (this.#options.streamKind === "aggTrade") this.#options.onMissing(follow);
    }
  }

  /** Loses the ids of `trade` streams that have stayed away too long: REST does not have them. */
  #giveUp(nowMs: number, out: FeedEvent[]): void {
    if (this.#options.streamKind !== "trade") return;
    for (const follow of this.#missing) {
      if (nowMs - follow.missingSinceMs! < this.#options.reorderMs) continue;
      while (!follow.sequencer.isWhole) this.lose(follow.sequencer, Infinity, out);
    }
  }

  #tellLive(out: FeedEvent[]): void {
    const symbols = this.#newlyLive;
    this.#newlyLive = [];
    out.push({ kind: "status", status: "live", message: `${list(symbols)}: live`, symbols });
  }

  #tellSilent(out: FeedEvent[]): void {
    const silent: string[] = [];
    for (const follow of this.#follows.values()) {
      if (follow.state !== "pending" || follow.subscribedMs === null) continue;
      if (this.#nowMs - follow.subscribedMs < this.#options.silentMs) continue;
      follow.state = "silent";
      silent.push(follow.symbol);
    }
    if (silent.length === 0) return;
    out.push({
      kind: "status",
      status: "silent",
      message: `${list(silent)}: subscribed ${this.#options.silentMs / 1_000} s ago and no trade ` +
        "since; the symbol is unknown there, or quiet, or the address is not its route",
      symbols: silent,
    });
  }

  /** Whether everything up to the watermark is known of a symbol, as far as one can tell. */
  #isCurrent(follow: Follow): boolean {
    if (follow.missingSinceMs !== null) return false;
    if (follow.state !== "pending" || follow.sequencer.lastId === null) return true;
    return follow.subscribedMs !== null && this.#nowMs - follow.subscribedMs >= FIRST_FRAME_MS;
  }

  #of(symbols: Iterable<string>): Follow[] {
    return [...symbols].flatMap((symbol) => this.#follows.get(symbol) ?? []);
  }
}

function list(symbols: readonly string[]): string {
  const shown = symbols.slice(0, 5).join(", ");
  return symbols.length > 5 ? `${shown} and ${symbols.length - 5} more` : shown;
}
