import type { Chain } from "../chain/chain.ts";
import type { FeedEvent } from "../feed.ts";
import type { ChainEnd, Follow, Frame, Lane } from "./follow.ts";
import { Follows, isCurrent } from "./follows.ts";
import type { InterpreterOptions } from "./interpreter_options.ts";
import { otherHistory } from "./other_history.ts";
import type { ParsedFrame } from "../parsed_frame.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { idOf, type Sequenced } from "../chain/sequenced.ts";

/** A frame that came so long before it was sent says that clocks were set, not how long it took, ms. */
const CLOCK_ERROR_MS = 1_000;

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
    const { text, receivedMs } = frame;
    this.#nowMs = receivedMs;
    const parsed = this.#options.parse(text, receivedMs);
    if (!Array.isArray(parsed)) this.#take(parsed as ParsedFrame, frame, out);
    else for (const part of parsed) this.#take(part, frame, out);
  }

  #take(parsed: ParsedFrame, frame: Frame, out: FeedEvent[]): void {
    const { wire, receivedMs } = frame;
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
        // It may have been a trade.
        this.#follows.get(parsed.frame.symbol ?? "")?.chain.doubt?.();
        break;
      case "missed":
        this.#follows.get(parsed.symbol)?.chain.doubt?.();
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
  fill(chain: Chain, items: readonly Sequenced[], out: FeedEvent[]): void {
    this.#offerUntil(chain, items, chain.missing?.untilId ?? -1, out);
  }

  /** Takes what REST knows of ids that the stream has gone past; those that it told are passed over. */
  check(chain: Chain, items: readonly Sequenced[], out: FeedEvent[]): void {
    this.#offerUntil(chain, items, chain.lastId ?? -1, out);
  }

  /** Takes note that REST returned everything between two ids that are not counted. */
  told(chain: Chain, firstId: number, untilId: number, out: FeedEvent[]): void {
    const follow = this.#follows.get(chain.symbol);
    if (follow?.chain !== chain) return;
    chain.told?.(firstId, untilId, follow.lane.watermark.newestMs, out);
    this.#note(follow);
  }

  /** Takes note that frames of unknown symbols were lost. */
  doubt(): void {
    for (const { chain } of this.#follows) chain.doubt?.();
  }

  #offerUntil(
    chain: Chain,
    items: readonly Sequenced[],
    untilId: number,
    out: FeedEvent[],
  ): void {
    const follow = this.#follows.get(chain.symbol);
    if (follow?.chain !== chain) return;
    for (const item of items) {
      if (idOf(item) > untilId) break;
      const offer = chain.offer(item, follow.lane.watermark.newestMs, out);
      if (offer === "conflict") this.#conflict(item, JSON.stringify(item), out);
    }
    this.#note(follow);
  }

  /** Takes an id that REST tells of although no frame did: what lies before it is missing. */
  reveal(chain: Chain, item: Sequenced, out: FeedEvent[]): void {
    const follow = this.#follows.get(chain.symbol);
    if (follow?.chain !== chain) return;
    const nowMs = follow.lane.watermark.newestMs;
    // What the stream did not tell lies in a gap, the newest id included.
    chain.expect(idOf(item), nowMs, out);
    chain.offer(item, nowMs, out);
    this.#note(follow);
  }

  /** Gives up the oldest missing ids of a symbol, up to `lastId`. */
  lose(chain: Chain, lastId: number, out: FeedEvent[]): void {
    const follow = this.#follows.get(chain.symbol);
    if (follow?.chain !== chain) return;
    chain.lose(lastId, follow.lane.watermark.newestMs, out);
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
    for (const { chain, lane } of this.#missing) {
      chain.expire(lane.watermark.newestMs, out);
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
      const { venue } = this.#options;
      const of = { venue, symbol, raw: text, receivedMs: item.receivedMs };
      const frame = quarantinedFrame({ ...of, reason: "unknown symbol" });
      out.push({ kind: "quarantine", frame });
      return;
    }
    const { chain } = follow;
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
      chain.doubt?.();
      const notice = otherHistory(symbol, idOf(item), chain.lastId);
      if (notice !== null) out.push(notice);
    }
    switch (chain.offer(item, follow.lane.watermark.newestMs, out)) {
      case "duplicate":
        out.push({ kind: "duplicate", venue: this.#options.venue, symbol, tradeId: idOf(item) });
        break;
      case "conflict":
        this.#conflict(item, text, out);
    }
    if (!chain.isWhole || follow.missingSinceMs !== null) this.#note(follow);
  }

  #conflict(item: Sequenced, raw: string, out: FeedEvent[]): void {
    const symbol = item.kind === "trade" ? item.trade.symbol : item.symbol;
    const of = { venue: this.#options.venue, symbol, raw, receivedMs: item.receivedMs };
    const frame = quarantinedFrame({ ...of, reason: "conflicting duplicate" });
    out.push({ kind: "quarantine", frame });
  }

  /** Keeps track of since when ids are missing. */
  #note(follow: Follow): void {
    if (follow.chain.isWhole) {
      follow.missingSinceMs = null;
      this.#missing.delete(follow);
    } else if (follow.missingSinceMs === null) {
      follow.missingSinceMs = this.#nowMs;
      this.#missing.add(follow);
      if (this.#options.repairs) this.#options.onMissing(follow);
    }
  }

  /** Loses ids that have stayed away too long where nobody has them. */
  #giveUp(nowMs: number, out: FeedEvent[]): void {
    if (this.#options.repairs) return;
    for (const follow of this.#missing) {
      if (nowMs - follow.missingSinceMs! < this.#options.reorderMs) continue;
      while (!follow.chain.isWhole) this.lose(follow.chain, Infinity, out);
    }
  }
}
