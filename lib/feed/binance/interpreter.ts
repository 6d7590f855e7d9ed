import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { ExchangeClock } from "./exchange_clock.ts";
import type { ChainEnd, Follow, Frame, Lane, Wire } from "./follow.ts";
import { Follows, isCurrent } from "./follows.ts";
import { parseFrame, quarantinedFrame } from "./message.ts";
import { idOf, type Sequenced } from "./sequenced.ts";
import type { Sequencer } from "./sequencer.ts";

/** How frames are interpreted. */
export interface InterpreterOptions {
  readonly streamKind: StreamKind;
  /** How many trades may wait for missing ids, over all symbols. */
  readonly holdCapacity: number;
  /** How long they hold up a symbol, ms of exchange time. */
  readonly holdMs: number;
  /** How long the ids of a `trade` stream may stay away before they are lost, ms. */
  readonly reorderMs: number;
  /** A stream without a first frame for so long is called silent, ms. */
  readonly silentMs: number;
  /** Tells the difference of the clocks. */
  readonly clock: Pick<ExchangeClock, "skewMs">;
  /** Called when ids of an `aggTrade` stream begin to be missing. */
  readonly onMissing: (follow: Follow) => void;
  /** Called when the exchange announces that it will close a socket. */
  readonly onShutdown: (wire: Wire) => void;
}

/** A frame that came so long before it was sent says that clocks were set, not how long it took, ms. */
const CLOCK_ERROR_MS = 1_000;

/** A first live id so far behind the last known one belongs to another history. */
const OTHER_HISTORY_IDS = 1_000;

/**
 * Turns frames into events: the side of a feed that knows no sockets. Everything happens in the
 * order of the calls; times are arguments.
 */
export class Interpreter {
  readonly #options: InterpreterOptions;
  readonly #follows: Follows;
  readonly #lanes = new Set<Lane>();
  /** The symbols of which ids are missing now. */
  readonly #missing = new Set<Follow>();
  #nowMs = 0;

  constructor(options: InterpreterOptions) {
    this.#options = options;
    this.#follows = new Follows(options);
  }

  /** The symbols followed now. */
  get follows(): Follows {
    return this.#follows;
  }

  /** Begins to follow a symbol from the end of its chain, and to repair what that lacks. */
  follow(symbol: string, lane: Lane, end: ChainEnd): void {
    this.#lanes.add(lane);
    this.#follows.add(symbol, lane, end);
    this.#note(this.#follows.get(symbol)!);
  }

  /** Stops following a symbol; what it holds is forgotten. @returns Where its chain ends. */
  dismiss(symbol: string): ChainEnd | null {
    const follow = this.#follows.get(symbol);
    if (follow === undefined) return null;
    this.#missing.delete(follow);
    return this.#follows.dismiss(follow);
  }

  /** Interprets one frame. */
  frame(frame: Frame, out: FeedEvent[]): void {
    const { wire, text, receivedMs } = frame;
    this.#nowMs = receivedMs;
    const parsed = parseFrame(text, this.#options.streamKind, receivedMs);
    switch (parsed.kind) {
      case "trade":
      case "nonMarket":
        wire.lag.see(receivedMs - parsed.eventTimeMs!);
        wire.lane.watermark.see(parsed.eventTimeMs!);
        this.#live(parsed, frame, out);
        break;
      case "time":
        wire.lag.see(receivedMs - parsed.eventTimeMs);
        wire.lane.watermark.see(parsed.eventTimeMs);
        break;
      case "shutdown":
        this.#options.onShutdown(wire);
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

  /** Takes an id that REST tells of although no frame did: what lies before it is missing. */
  reveal(sequencer: Sequencer, item: Sequenced, out: FeedEvent[]): void {
    const follow = this.#follows.get(sequencer.symbol);
    if (follow?.sequencer !== sequencer) return;
    const nowMs = follow.lane.watermark.newestMs;
    // What the stream did not tell lies in a gap, the newest id included.
    sequencer.expect(idOf(item), nowMs, out);
    sequencer.offer(item, nowMs, out);
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
    this.#follows.tellSilent(this.#nowMs, out);
  }

  /** Does what is due once the frames at hand are interpreted. */
  settle(out: FeedEvent[]): void {
    if (this.#missing.size > 0) this.#giveUp(this.#nowMs, out);
    for (const { sequencer, lane } of this.#missing) {
      sequencer.expire(lane.watermark.newestMs, out);
    }
    this.#follows.tellLive(out);
    for (const lane of this.#lanes) {
      const timeMs = lane.watermark.advance();
      if (timeMs === null) continue;
      const symbols = this.#follows.of(lane.symbols).filter((f) => isCurrent(f, this.#nowMs));
      if (symbols.length === 0) continue;
      out.push({ kind: "watermark", symbols: symbols.map((f) => f.symbol), timeMs });
    }
  }

  /** Releases at the end what still waits for ids that cannot be repaired. */
  finish(out: FeedEvent[]): void {
    this.#giveUp(Infinity, out);
  }

  #live(item: Sequenced, { wire, text }: Frame, out: FeedEvent[]): void {
    const symbol = item.kind === "trade" ? item.trade.symbol : item.symbol;
    const follow = this.#follows.get(symbol);
    if (follow === undefined) {
      if (this.#follows.isDismissed(symbol)) return;
      const reason = "unknown symbol";
      const frame = quarantinedFrame({ symbol, reason, raw: text, receivedMs: item.receivedMs });
      out.push({ kind: "quarantine", frame });
      return;
    }
    const { sequencer } = follow;
    const { receivedMs } = item;
    const { skewMs } = this.#options.clock;
    follow.lastFrameMs = receivedMs;
    const fillId = this.#options.streamKind === "trade"
      ? idOf(item)
      : item.kind === "trade"
      ? item.lastFillId ?? -1
      : -1;
    if (follow.lastFillId === null || fillId > follow.lastFillId) follow.lastFillId = fillId;
    if (skewMs !== null) {
      const latencyMs = receivedMs - item.eventTimeMs! - skewMs;
      if (latencyMs > -CLOCK_ERROR_MS) follow.latency.record(latencyMs, receivedMs);
    }
    wire.handover?.saw(wire, symbol, idOf(item));
    if (follow.state !== "live") {
      this.#follows.live(follow);
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
}
