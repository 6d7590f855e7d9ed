import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  type FeedEvent,
  type NonMarketTrade,
  Sequencer,
  type TradeEvent,
} from "../../lib/feed/mod.ts";
import { quarantinedFrame } from "../../lib/feed/binance/message.ts";

function trade(tradeId: number, price = 1): TradeEvent {
  return {
    kind: "trade",
    trade: {
      venue: "binance-usdm",
      symbol: "BTCUSDT",
      tradeId,
      timeMs: tradeId,
      price,
      quantity: 1,
      takerSide: "buy",
      source: "ws",
    },
    eventTimeMs: tradeId,
    receivedMs: tradeId,
  };
}

function nonMarket(tradeId: number): NonMarketTrade {
  const frame = quarantinedFrame({
    symbol: "BTCUSDT",
    tradeId,
    reason: "not a market trade",
    raw: "{}",
    receivedMs: 0,
  });
  return { kind: "nonMarket", symbol: "BTCUSDT", tradeId, eventTimeMs: 0, receivedMs: 0, frame };
}

/** Events in short: an id for a trade, `s7` for a skipped id, `first-last state` for a gap. */
function brief(events: readonly FeedEvent[]): (number | string)[] {
  return events.map((e) => {
    if (e.kind === "trade") return e.trade.tradeId;
    if (e.kind === "skipped") return `s${e.tradeId}`;
    if (e.kind !== "gap") return e.kind;
    return `${e.gap.firstMissingId}-${e.gap.lastMissingId} ${e.gap.state}`;
  });
}

function sequencer(lastId: number | null = null, capacity = 1_000): Sequencer {
  return new Sequencer("BTCUSDT", lastId, { capacity, used: 0 });
}

Deno.test("Sequencer.offer() starts with the first id when none is known, else after the last", () => {
  const out: FeedEvent[] = [];
  strictEqual(sequencer().offer(trade(50), 0, out), "delivered");
  strictEqual(sequencer(49).offer(trade(50), 0, out), "delivered");
  strictEqual(sequencer(50).offer(trade(50), 0, out), "duplicate");
  strictEqual(sequencer(40).offer(trade(50), 0, out), "held");
  deepStrictEqual(brief(out), [50, 50, "41-49 open"]);
});

Deno.test("Sequencer.offer() keeps a second hole behind a first one", () => {
  const chain = sequencer(0);
  const out: FeedEvent[] = [];
  for (const id of [1, 4, 5, 8]) chain.offer(trade(id), id, out);
  deepStrictEqual(chain.missing, { firstId: 2, lastId: 3, untilId: 7, openedAtMs: 4 });
  chain.offer(trade(2), 9, out);
  chain.offer(trade(3), 9, out);
  deepStrictEqual(chain.missing, { firstId: 6, lastId: 7, untilId: 7, openedAtMs: 8 });
  chain.offer(trade(7), 9, out);
  chain.offer(trade(6), 9, out);
  deepStrictEqual(brief(out), [
    ...[1, "2-3 open", "6-7 open"],
    ...[2, 3, "2-3 repaired", 4, 5],
    ...[6, 7, "6-7 repaired", 8],
  ]);
  ok(chain.isWhole);
});

Deno.test("Sequencer.offer() tells a duplicate from one that says something else", () => {
  const chain = sequencer();
  const out: FeedEvent[] = [];
  for (const id of [1, 2, 5]) chain.offer(trade(id), 0, out);
  strictEqual(chain.offer(trade(2), 0, out), "duplicate");
  strictEqual(chain.offer(trade(2, 99), 0, out), "conflict");
  strictEqual(chain.offer(nonMarket(2), 0, out), "conflict");
  strictEqual(chain.offer(trade(5), 0, out), "duplicate");
  strictEqual(chain.offer(trade(5, 99), 0, out), "conflict");
  deepStrictEqual(brief(out), [1, 2, "3-4 open"]);
});

Deno.test("Sequencer.offer() counts the id of a row that is no market trade, in its turn", () => {
  const chain = sequencer(0);
  const out: FeedEvent[] = [];
  for (const item of [trade(1), nonMarket(3), trade(4), trade(2)]) chain.offer(item, 0, out);
  deepStrictEqual(brief(out), [1, "2-2 open", 2, "2-2 repaired", "quarantine", "s3", 4]);
});

Deno.test("Sequencer.lose() tells exactly which part was repaired and which lost", () => {
  const chain = sequencer(0);
  const out: FeedEvent[] = [];
  for (const id of [1, 10, 2, 3]) chain.offer(trade(id), id, out);
  chain.lose(5, 20, out);
  for (const id of [6, 7, 8, 9]) chain.offer(trade(id), 30, out);
  deepStrictEqual(brief(out), [
    ...[1, "2-9 open", 2, 3],
    ...["2-3 repaired", "4-5 lost", "6-9 open"],
    ...[6, 7, 8, 9, "6-9 repaired", 10],
  ]);
});

Deno.test("Sequencer.lose() stops at an id that arrived meanwhile and does nothing without a gap", () => {
  const chain = sequencer(0);
  const out: FeedEvent[] = [];
  chain.lose(5, 0, out);
  for (const id of [1, 6, 4]) chain.offer(trade(id), id, out);
  chain.lose(Infinity, 7, out);
  deepStrictEqual(brief(out), [1, "2-5 open", "2-3 lost", "4-5 open", 4]);
  chain.lose(Infinity, 8, out);
  deepStrictEqual(brief(out).slice(5), ["4-4 repaired", "5-5 lost", 6]);
  ok(chain.isWhole);
});

Deno.test("Sequencer.offer() drops what it has no room for into a gap that grows until there is room", () => {
  const budget = { capacity: 2, used: 0 };
  const chain = new Sequencer("BTCUSDT", 0, budget);
  const out: FeedEvent[] = [];
  const offers = [1, 3, 4, 5, 6, 9].map((id) => chain.offer(trade(id), id, out));
  deepStrictEqual(offers, ["delivered", "held", "held", "dropped", "dropped", "dropped"]);
  chain.offer(trade(2), 10, out);
  strictEqual(budget.used, 0);
  deepStrictEqual(chain.missing, { firstId: 5, lastId: 9, untilId: 9, openedAtMs: 5 });
  chain.offer(trade(10), 10, out);
  for (const id of [5, 6, 7, 8, 9]) chain.offer(trade(id), 11, out);
  deepStrictEqual(brief(out), [
    ...[1, "2-2 open", "5-5 open"],
    ...[2, "2-2 repaired", 3, 4],
    "5-9 open",
    ...[5, 6, 7, 8, 9, "5-9 repaired", 10],
  ]);
  strictEqual(budget.used, 0);
});

Deno.test("Sequencer.offer() tells how far a gap has grown before it delivers ids of it", () => {
  const chain = sequencer(0, 0);
  const out: FeedEvent[] = [];
  for (const id of [2, 3, 4, 1, 2, 5, 3]) chain.offer(trade(id), id, out);
  deepStrictEqual(brief(out), ["1-2 open", 1, 2, "1-5 open", 3]);
  for (const id of [4, 5]) chain.offer(trade(id), id, out);
  deepStrictEqual(brief(out).slice(5), [4, 5, "1-5 repaired"]);
});

Deno.test("Sequencer.offer() tells how far a gap has grown before held ids of it are delivered", () => {
  const budget = { capacity: 0, used: 0 };
  const chain = new Sequencer("BTCUSDT", 0, budget);
  const out: FeedEvent[] = [];
  for (const id of [2, 3, 4, 5, 6]) chain.offer(trade(id), id, out);
  Object.assign(budget, { capacity: 9 });
  // A page that lacks 1 and 5: what it has is held until 1 comes, and 5 is still missing.
  for (const id of [2, 3, 4, 6, 1]) chain.offer(trade(id), 7, out);
  deepStrictEqual(brief(out), ["1-2 open", 1, 2, "1-6 open", 3, 4]);
});

Deno.test("Sequencer.expect() makes a gap of ids that nobody streamed, the newest included", () => {
  const chain = sequencer();
  const out: FeedEvent[] = [];
  chain.expect(5, 0, out);
  for (const id of [5, 6]) chain.offer(trade(id), id, out);
  chain.expect(6, 0, out);
  chain.expect(8, 8, out);
  for (const id of [8, 7, 9]) chain.offer(trade(id), 9, out);
  chain.expect(10, 10, out);
  chain.offer(trade(10), 10, out);
  deepStrictEqual(brief(out), [
    ...[5, 6, "7-8 open", 7, 8, "7-8 repaired", 9],
    ...["10-10 open", 10, "10-10 repaired"],
  ]);
  ok(chain.isWhole);
});

Deno.test("Sequencer goes on after a growing gap was given up", () => {
  const chain = sequencer(0, 0);
  const out: FeedEvent[] = [];
  for (const id of [1, 3, 4]) chain.offer(trade(id), id, out);
  chain.lose(Infinity, 5, out);
  ok(chain.isWhole);
  for (const id of [5, 7, 6, 7]) chain.offer(trade(id), id, out);
  deepStrictEqual(brief(out), [
    ...[1, "2-3 open", "2-4 lost"],
    ...[5, "6-7 open", 6, 7, "6-7 repaired"],
  ]);
});

Deno.test("Sequencer.close() gives back the room of what it holds", () => {
  const budget = { capacity: 9, used: 0 };
  const chain = new Sequencer("BTCUSDT", 0, budget);
  for (const id of [2, 3, 7]) chain.offer(trade(id), id, []);
  strictEqual(budget.used, 3);
  chain.close();
  strictEqual(budget.used, 0);
});

/** Offers in any order, with repeats, some ids never, and now and then a loss. */
const steps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 40 }).map((id) => ({ id, lose: false })) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((id) => ({ id, lose: true })) },
  ),
  { maxLength: 120 },
);

Deno.test("Sequencer delivers every id once and in order, and accounts for each", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 12 }), (plan, capacity) => {
      const budget = { capacity, used: 0 };
      const chain = new Sequencer("BTCUSDT", 0, budget);
      const out: FeedEvent[] = [];
      const offered = new Set<number>();
      let newestDropped = 0;
      for (const { id, lose } of plan) {
        if (lose) {
          chain.lose(id, id, out);
          continue;
        }
        const seenBefore = offered.has(id);
        offered.add(id);
        const offer = chain.offer(trade(id), id, out);
        ok(offer !== "conflict");
        if (offer === "dropped") newestDropped = Math.max(newestDropped, id);
        if (offer === "duplicate" && !seenBefore) ok(isLost(id, out));
      }
      const delivered = out.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []);
      deepStrictEqual(delivered, delivered.toSorted((a, b) => a - b));
      strictEqual(new Set(delivered).size, delivered.length);
      strictEqual(budget.used, chain.held);

      // The last word on each gap; one ledger without overlaps. How far a gap has grown that still
      // grows is told later.
      const gaps = finalGaps(out);
      const covered = (id: number, ...states: string[]) =>
        gaps.some((g) => g.first <= id && id <= g.last && states.includes(g.state));
      const newest = Math.max(0, ...offered);
      const held = chain.held;
      let waiting = 0;
      for (let id = 1; id <= newest; id++) {
        const isDelivered = delivered.includes(id);
        if (id <= chain.lastId!) ok(isDelivered !== covered(id, "lost"), `id ${id}`);
        else if (!covered(id, "open")) waiting += id > newestDropped ? 1 : 0;
        else ok(!isDelivered);
      }
      ok(waiting <= held, "ids beyond the chain are held or in an open gap");
      strictEqual(chain.isWhole, !gaps.some((g) => g.state === "open"));
      strictEqual(chain.isWhole, chain.missing === null);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("Sequencer is whole once every id was offered again, whatever the order and room", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Array.from({ length: 30 }, (_, i) => i + 1), { minLength: 1 }),
      fc.integer({ min: 0, max: 8 }),
      (live, capacity) => {
        const chain = sequencer(0, capacity);
        const out: FeedEvent[] = [];
        for (const id of live) chain.offer(trade(id), id, out);
        while (chain.missing !== null) chain.offer(trade(chain.missing.firstId), 99, out);
        const newest = Math.max(...live);
        const ids = out.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []);
        deepStrictEqual(ids, Array.from({ length: newest }, (_, i) => i + 1));
        ok(finalGaps(out).every((gap) => gap.state === "repaired"));
      },
    ),
    { numRuns: 2_000 },
  );
});

interface Range {
  first: number;
  last: number;
  state: string;
}

function finalGaps(events: readonly FeedEvent[]): Range[] {
  const byName = new Map<number, Range>();
  for (const event of events) {
    if (event.kind !== "gap") continue;
    const { firstMissingId: first, lastMissingId: last, state } = event.gap;
    byName.set(first, { first, last, state });
  }
  const gaps = [...byName.values()].sort((a, b) => a.first - b.first);
  for (let i = 1; i < gaps.length; i++) ok(gaps[i]!.first > gaps[i - 1]!.last, "gaps overlap");
  return gaps;
}

function isLost(id: number, events: readonly FeedEvent[]): boolean {
  return finalGaps(events).some((g) => g.state === "lost" && g.first <= id && id <= g.last);
}
