import { strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RecentItems } from "../../lib/feed/chain/recent_items.ts";
import { idOf, isSame, type Sequenced } from "../../lib/feed/chain/sequenced.ts";
import { quarantinedFrame } from "../../lib/feed/quarantined_frame.ts";

/** Items that differ in one thing or another, of ids that are beyond 32 bits now and then. */
const items = fc.record({
  id: fc.oneof(fc.nat(70), fc.nat(70).map((k) => 2 ** 33 + k)),
  isTrade: fc.integer({ min: 0, max: 5 }).map((k) => k > 0),
  timeMs: fc.constantFrom(5, 6),
  price: fc.constantFrom(0.1, 0.2),
  quantity: fc.constantFrom(1, 2),
  takerSide: fc.constantFrom("buy" as const, "sell" as const),
}).map(({ id: tradeId, isTrade, ...rest }): Sequenced => {
  const of = { eventTimeMs: 5, receivedMs: 5 };
  const named = { venue: "binance-usdm", symbol: "BTCUSDT", tradeId };
  const frame = quarantinedFrame({
    ...named,
    reason: "not a market trade",
    raw: "",
    receivedMs: 5,
  });
  return isTrade
    ? { kind: "trade", ...of, trade: { ...named, ...rest, source: "ws" } }
    : { kind: "nonMarket", ...of, symbol: "BTCUSDT", tradeId, frame };
});

Deno.test("RecentItems.contradicts() says what a comparison with the whole items says", () => {
  fc.assert(fc.property(fc.array(items, { maxLength: 100 }), fc.array(items), (added, asked) => {
    const recent = new RecentItems();
    const known = new Map<number, Sequenced>();
    for (const item of added) {
      recent.add(idOf(item), item);
      known.set(idOf(item) % 32, item);
    }
    for (const item of [...added, ...asked]) {
      const last = known.get(idOf(item) % 32);
      const expected = last !== undefined && idOf(last) === idOf(item) && !isSame(last, item);
      strictEqual(recent.contradicts(idOf(item), item), expected);
    }
  }));
});
