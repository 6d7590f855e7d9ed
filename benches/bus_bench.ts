/**
 * What it costs to send trades: a batch of them as bytes and back.
 *
 * Reference: the same events as JSON, which is 17 times as large.
 *
 * @module
 */
import { decodeBatch, encodeBatch, type EventBatch } from "tandem/bus";
import { seededTrades } from "./support/seeded_trades.ts";

const trades = seededTrades({ symbols: 20, count: 8_192, perSecond: 20_000 });
const batch: EventBatch = {
  origin: { feed: "a", startedAtMs: 0, number: 0 },
  events: trades.map((trade) => ({
    kind: "trade",
    trade,
    eventTimeMs: trade.timeMs + 2,
    receivedMs: trade.timeMs + 15,
  })),
};
const bytes = encodeBatch(batch);
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
const json = encoder.encode(JSON.stringify(batch));

Deno.bench({
  name: "JSON",
  group: "encode 8,192 trades",
  baseline: true,
  fn() {
    if (encoder.encode(JSON.stringify(batch)).length !== json.length) {
      throw new Error("Not the same");
    }
  },
});

Deno.bench({
  name: "encodeBatch()",
  group: "encode 8,192 trades",
  fn() {
    if (encodeBatch(batch).length !== bytes.length) throw new Error("Not the same");
  },
});

Deno.bench({
  name: "JSON",
  group: "decode 8,192 trades",
  baseline: true,
  fn() {
    const { events } = JSON.parse(decoder.decode(json));
    if (events.length !== trades.length) throw new Error("A trade lacks");
  },
});

Deno.bench({
  name: "decodeBatch()",
  group: "decode 8,192 trades",
  fn() {
    if (decodeBatch(bytes).events.length !== trades.length) throw new Error("A trade lacks");
  },
});
