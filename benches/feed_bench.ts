/**
 * Hot paths of the feed: a text frame becomes a trade, and a trade takes its place by id.
 *
 * References: `JSON.parse` with the conversions a trade needs and no check at all; a comparison of
 * ids per symbol that keeps nothing.
 *
 * @module
 */
import { parseFrame, Sequencer } from "tandem/feed";
import type { FeedEvent, TradeEvent } from "tandem/market";
import { frameOf, seededTrades } from "./support/seeded_trades.ts";

const trades = seededTrades({ symbols: 20, count: 10_000, perSecond: 2_000 });
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
/** In one piece, as a socket hands texts over. */
const frames = trades.map((trade) => decoder.decode(encoder.encode(frameOf(trade))));

Deno.bench({
  name: "JSON.parse, unchecked",
  group: "parse 10,000 frames",
  baseline: true,
  fn() {
    let sum = 0;
    for (const frame of frames) {
      const { data } = JSON.parse(frame);
      sum += data.a + Number(data.p) + Number(data.q) + data.T;
    }
    if (!(sum > 0)) throw new Error("The frames hold nothing");
  },
});

Deno.bench({
  name: "parseFrame(), strict",
  group: "parse 10,000 frames",
  fn() {
    let count = 0;
    for (const frame of frames) count += parseFrame(frame, "aggTrade", 0).kind === "trade" ? 1 : 0;
    if (count !== frames.length) throw new Error("A frame was refused");
  },
});

const events: TradeEvent[] = trades.map((trade) => ({
  kind: "trade",
  trade,
  eventTimeMs: trade.timeMs,
  receivedMs: trade.timeMs,
}));

Deno.bench({
  name: "compare ids",
  group: "sequence 10,000 trades",
  baseline: true,
  fn() {
    const last = new Map<string, number>();
    const out: FeedEvent[] = [];
    for (const event of events) {
      const { symbol, tradeId } = event.trade;
      const previous = last.get(symbol);
      if (previous !== undefined && tradeId !== previous + 1) throw new Error("An id is missing");
      last.set(symbol, tradeId);
      out.push(event);
    }
  },
});

Deno.bench({
  name: "Sequencer.offer()",
  group: "sequence 10,000 trades",
  fn() {
    const budget = { capacity: 100, holdMs: 10_000, used: 0 };
    const bySymbol = new Map<string, Sequencer>();
    const out: FeedEvent[] = [];
    for (const event of events) {
      const { symbol } = event.trade;
      let sequencer = bySymbol.get(symbol);
      if (sequencer === undefined) {
        bySymbol.set(symbol, sequencer = new Sequencer(symbol, null, budget));
      }
      sequencer.offer(event, event.receivedMs, out);
    }
    if (out.length !== events.length) throw new Error("An event is missing");
  },
});
