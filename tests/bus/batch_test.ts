import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { BatchError, decodeBatch, encodeBatch, type EventBatch } from "../../lib/bus/mod.ts";
import type { FeedEvent, TradeEvent } from "../../lib/market/mod.ts";

const whole = fc.maxSafeNat();
const timeMs = fc.oneof(whole, fc.integer({ min: 1_721_347_000_000, max: 1_721_347_060_000 }));
const symbol = fc.constantFrom("BTCUSDT", "ETHUSDT", "币安人生USDT", "1000PEPEUSDT");
const venue = fc.constantFrom("binance-usdm", "other");
const positive = fc.oneof(
  fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }),
  fc.integer({ min: 1, max: 1e9 }).map((k) => k / 1_000),
  fc.integer({ min: 1, max: 1e9 }).map((k) => k / 1e8),
);

const trade: fc.Arbitrary<TradeEvent> = fc.record({
  kind: fc.constant("trade" as const),
  trade: fc.record({
    ...{ venue, symbol, tradeId: whole, timeMs, price: positive, quantity: positive },
    takerSide: fc.constantFrom("buy" as const, "sell" as const),
    source: fc.constantFrom("ws" as const, "rest" as const, "archive" as const, "import" as const),
  }),
  eventTimeMs: fc.option(timeMs),
  receivedMs: timeMs,
  lastFillId: whole,
}, { requiredKeys: ["kind", "trade", "eventTimeMs", "receivedMs"] });

const text = fc.string({ unit: "binary", maxLength: 40 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
const other: fc.Arbitrary<FeedEvent> = fc.oneof<fc.Arbitrary<FeedEvent>[]>(
  fc.record({ kind: fc.constant("skipped" as const), venue, symbol, tradeId: whole }),
  fc.record({ kind: fc.constant("duplicate" as const), venue, symbol, tradeId: whole }),
  fc.record({
    kind: fc.constant("gap" as const),
    gap: fc.record({
      ...{ venue, symbol, firstMissingId: whole, lastMissingId: whole, openedAtMs: timeMs },
      closedAtMs: fc.option(timeMs),
      state: fc.constantFrom("open" as const, "repaired" as const, "lost" as const),
    }),
  }),
  fc.record({
    kind: fc.constant("quarantine" as const),
    frame: fc.record({
      ...{ venue, symbol: fc.option(symbol), tradeId: fc.option(whole), receivedMs: timeMs },
      reason: fc.constantFrom("not JSON" as const, "not a market trade" as const),
      raw: text,
    }),
  }),
  fc.record({ kind: fc.constant("watermark" as const), symbols: fc.array(symbol), timeMs }),
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constantFrom("live" as const, "reconnecting" as const, "notice" as const),
    message: text,
    symbols: fc.array(symbol),
  }),
  fc.record({ kind: fc.constant("clock" as const), skewMs: finite, roundTripMs: finite }),
);

const batch: fc.Arbitrary<EventBatch> = fc.record({
  origin: fc.record({ feed: text, startedAtMs: timeMs, number: whole }),
  events: fc.array(fc.oneof({ weight: 4, arbitrary: trade }, other), { maxLength: 30 }),
});

/** -0 and prototypes aside, as JSON has neither. */
function plain(value: EventBatch): EventBatch {
  return structuredClone(value);
}

Deno.test("decodeBatch() gives back bit for bit what encodeBatch() took", () => {
  fc.assert(
    fc.property(batch, (b) => deepStrictEqual(plain(decodeBatch(encodeBatch(b))), plain(b))),
    { numRuns: 500 },
  );
});

Deno.test("decodeBatch() refuses every batch in which a byte was changed or cut off", () => {
  fc.assert(
    fc.property(batch, fc.nat(), fc.integer({ min: 1, max: 255 }), (b, where, change) => {
      const bytes = encodeBatch(b);
      throws(() => decodeBatch(bytes.subarray(0, where % bytes.length)), BatchError);
      bytes[where % bytes.length]! ^= change;
      throws(() => decodeBatch(bytes), BatchError);
    }),
    { numRuns: 300 },
  );
});

Deno.test("decodeBatch() names a newer version as such, whatever follows", () => {
  const bytes = encodeBatch({ origin: { feed: "a", startedAtMs: 0, number: 0 }, events: [] });
  bytes[3] = 2;
  throws(
    () => decodeBatch(bytes),
    (e: BatchError) => e.problem === "newer" && /version 2/.test(e.message),
  );
});

Deno.test("encodeBatch() refuses ids and times that it could not give back", () => {
  const event = (tradeId: number): TradeEvent => ({
    kind: "trade",
    eventTimeMs: null,
    receivedMs: 0,
    trade: {
      ...{ venue: "v", symbol: "s", tradeId, timeMs: 0, price: 1, quantity: 1 },
      ...{ takerSide: "buy", source: "ws" },
    },
  });
  for (const id of [NaN, Infinity, -1, 0.5, 2 ** 53]) {
    throws(
      () => encodeBatch({ origin: { feed: "a", startedAtMs: 0, number: 0 }, events: [event(id)] }),
      RangeError,
    );
  }
});

Deno.test("encodeBatch() takes about twenty bytes for a trade as exchanges have them", () => {
  const events = Array.from({ length: 1_000 }, (_, k): TradeEvent => ({
    kind: "trade",
    eventTimeMs: 1_721_347_020_002 + 3 * k,
    receivedMs: 1_721_347_020_015 + 3 * k,
    trade: {
      venue: "binance-usdm",
      symbol: k % 3 === 0 ? "BTCUSDT" : "ETHUSDT",
      tradeId: 2_000_000_000 + k,
      timeMs: 1_721_347_020_000 + 3 * k,
      price: (k % 3 === 0 ? 639_999 : 34_561) / 10 + (k % 7) / 10,
      quantity: (1 + k % 50) / 1_000,
      takerSide: k % 2 === 0 ? "buy" : "sell",
      source: "ws",
    },
  }));
  const { length } = encodeBatch({ origin: { feed: "a", startedAtMs: 0, number: 0 }, events });
  ok(length < 25_000, `${length} bytes`);
});
