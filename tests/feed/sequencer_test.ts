import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { type NonMarketTrade, Sequencer } from "../../lib/feed/mod.ts";
import { quarantinedFrame } from "../../lib/feed/quarantined_frame.ts";
import type { FeedEvent, Gap, TradeEvent } from "../../lib/market/mod.ts";

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

function sequencer(lastId: number | null = null, capacity = 1_000, holdMs = 10_000): Sequencer {
  return new Sequencer("BTCUSDT", lastId, { capacity, holdMs, used: 0 });
}

function openGap(firstMissingId: number, lastMissingId: number): Gap {
  const ids = { firstMissingId, lastMissingId };
  const times = { openedAtMs: 0, closedAtMs: null };
  return { venue: "binance-usdm", symbol: "BTCUSDT", ...ids, ...times, state: "open" };
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
  deepStrictEqual(chain.missing, { firstId: 2, lastId: 3, untilId: 7 });
  chain.offer(trade(2), 9, out);
  chain.offer(trade(3), 9, out);
  deepStrictEqual(chain.missing, { firstId: 6, lastId: 7, untilId: 7 });
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

Deno.test("Sequencer.offer() leaves its gaps when there is no room, and fills them late", () => {
  const budget = { capacity: 2, holdMs: 10_000, used: 0 };
  const chain = new Sequencer("BTCUSDT", 0, budget);
  const out: FeedEvent[] = [];
  const offers = [1, 4, 5, 6, 9, 3, 8, 2].map((id) => chain.offer(trade(id), id, out));
  deepStrictEqual(offers, [
    ...["delivered", "held", "held", "delivered", "held"],
    ...["delivered", "held", "delivered"],
  ]);
  strictEqual(budget.used, 2);
  // 8 is held in the gap that holds 9 up.
  deepStrictEqual(chain.missing, { firstId: 7, lastId: 8, untilId: 8 });
  chain.offer(trade(7), 10, out);
  strictEqual(budget.used, 0);
  deepStrictEqual(brief(out), [
    ...[1, "2-3 open", 4, 5, 6],
    ...["7-8 open", 3, 2, "2-3 repaired", 7, 8, "7-8 repaired", 9],
  ]);
  ok(chain.isWhole);
});

Deno.test("Sequencer leaves a gap that has held it up for too long, with the next id or without", () => {
  const chain = sequencer(0, 100, 1_000);
  const out: FeedEvent[] = [];
  for (const id of [2, 5]) chain.offer(trade(id), 50, out);
  chain.expire(1_049, out);
  ok(chain.isHolding);
  chain.expire(1_050, out);
  ok(!chain.isHolding && !chain.isWhole);
  chain.offer(trade(7), 2_000, out);
  chain.offer(trade(8), 3_000, out);
  deepStrictEqual(brief(out), [
    ...["1-1 open", "3-4 open", 2, 5],
    ...["6-6 open", 7, 8],
  ]);
  for (const id of [3, 1, 6, 4]) chain.offer(trade(id), 4_000, out);
  deepStrictEqual(brief(out).slice(7), [
    ...[3, 1, "1-1 repaired", 6, "6-6 repaired"],
    ...[4, "3-4 repaired"],
  ]);
});

Deno.test("Sequencer.offer() without any room leaves each gap as it opens", () => {
  const chain = sequencer(0, 0);
  const out: FeedEvent[] = [];
  for (const id of [2, 3, 5, 1, 4, 4]) chain.offer(trade(id), id, out);
  deepStrictEqual(brief(out), [
    ...["1-1 open", 2, 3, "4-4 open", 5],
    ...[1, "1-1 repaired", 4, "4-4 repaired"],
  ]);
});

Deno.test("Sequencer delivers what it holds inside a gap when it leaves it", () => {
  const chain = sequencer(0, 2);
  const out: FeedEvent[] = [];
  for (const item of [trade(6), nonMarket(3), trade(7)]) chain.offer(item, 0, out);
  deepStrictEqual(brief(out), ["1-5 open", "quarantine", "s3", 6, 7]);
  deepStrictEqual([1, 3, 5, 6].map((id) => chain.lacks(id)), [true, false, true, false]);
  deepStrictEqual(chain.missing, { firstId: 1, lastId: 2, untilId: 5 });
  for (const id of [1, 2, 3, 4, 5]) chain.offer(trade(id), 1, out);
  deepStrictEqual(brief(out).slice(5), [1, 2, 4, 5, "1-5 repaired"]);
});

Deno.test("Sequencer asks first for what holds live trades up", () => {
  const chain = sequencer(0, 100, 1_000);
  const out: FeedEvent[] = [];
  chain.offer(trade(5), 0, out);
  chain.expire(1_000, out);
  chain.offer(trade(9), 1_000, out);
  deepStrictEqual(chain.missing, { firstId: 6, lastId: 8, untilId: 8 });
  for (const id of [6, 7, 8]) chain.offer(trade(id), 1_000, out);
  deepStrictEqual(chain.missing, { firstId: 1, lastId: 4, untilId: 4 });
});

Deno.test("Sequencer keeps no more of a gap that it left than pieces of a bounded number", () => {
  const chain = sequencer(0, 0);
  const out: FeedEvent[] = [];
  const last = 10_000;
  chain.offer(trade(last + 1), 0, out);
  const evens = Array.from({ length: last / 2 }, (_, k) => 2 * k + 2);
  const offers = evens.map((id) => chain.offer(trade(id), 1, out));
  strictEqual(offers.filter((offer) => offer === "delivered").length, 2_000);
  ok(offers.includes("deferred"));
  for (let id = 1; id <= last; id++) chain.offer(trade(id), 2, out);
  ok(chain.isWhole);
  strictEqual(out.filter((e) => e.kind === "trade").length, last + 1);
});

Deno.test("Sequencer.lose() gives up ids of the oldest gap that was left when none holds it up", () => {
  const chain = sequencer(0, 0);
  const out: FeedEvent[] = [];
  for (const id of [5, 9, 1, 3]) chain.offer(trade(id), id, out);
  chain.lose(1, 10, out);
  chain.lose(Infinity, 10, out);
  chain.lose(Infinity, 11, out);
  strictEqual(chain.offer(trade(4), 12, out), "duplicate");
  chain.lose(6, 12, out);
  for (const id of [7, 8]) chain.offer(trade(id), 13, out);
  deepStrictEqual(brief(out), [
    ...["1-4 open", 5, "6-8 open", 9, 1, 3],
    ...["1-1 repaired", "2-2 lost", "3-4 open", "3-3 repaired", "4-4 lost"],
    ...["6-6 lost", "7-8 open", 7, 8, "7-8 repaired"],
  ]);
  ok(chain.isWhole);
});

Deno.test("Sequencer goes on with the gaps of another one", () => {
  const first = sequencer(0, 3);
  const out: FeedEvent[] = [];
  for (const id of [4, 5, 6, 7, 10, 1]) first.offer(trade(id), id, out);
  const gaps = first.close();
  deepStrictEqual(brief(gaps.map((gap) => ({ kind: "gap", gap }))), ["2-3 open", "8-10 open"]);
  const chain = new Sequencer("BTCUSDT", first.lastId, { capacity: 9, holdMs: 10, used: 0 }, gaps);
  out.length = 0;
  deepStrictEqual(chain.missing, { firstId: 8, lastId: 10, untilId: 10 });
  for (const id of [12, 8, 2, 9, 10, 11, 3]) chain.offer(trade(id), 9, out);
  deepStrictEqual(brief(out), [
    ...["11-11 open", 8, 2, 9, 10, "8-10 repaired", 11, "11-11 repaired", 12],
    ...[3, "2-3 repaired"],
  ]);
});

Deno.test("Sequencer goes on with open gaps at any time, and closes none before it was opened", () => {
  const gap = { ...openGap(1, 1), openedAtMs: 500 };
  const chain = new Sequencer("BTCUSDT", 3, { capacity: 9, holdMs: 10, used: 0 }, [gap]);
  const out: FeedEvent[] = [];
  chain.offer(trade(1), -Infinity, out);
  deepStrictEqual(out.flatMap((e) => e.kind === "gap" ? e.gap.closedAtMs : []), [500]);
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

Deno.test("Sequencer.close() gives back the room of what it holds", () => {
  const budget = { capacity: 9, holdMs: 10, used: 0 };
  const chain = new Sequencer("BTCUSDT", 0, budget);
  for (const id of [2, 3, 7]) chain.offer(trade(id), id, []);
  strictEqual(budget.used, 3);
  chain.close();
  strictEqual(budget.used, 0);
});

/** Offers in any order, with repeats, some ids never, and now and then a loss; time passes. */
const steps = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 40 }),
    what: fc.constantFrom(...Array(9).fill("offer") as "offer"[], "lose", "expire", "restart"),
    passesMs: fc.integer({ min: 0, max: 10 }),
  }),
  { maxLength: 120 },
);
const room = fc.record({
  capacity: fc.integer({ min: 0, max: 12 }),
  holdMs: fc.constantFrom(0, 5, 40, 1_000),
});

Deno.test("Sequencer delivers every id once, in order but for gaps told before, and accounts for each", () => {
  fc.assert(
    fc.property(steps, room, (plan, limits) => {
      const budget = { ...limits, used: 0 };
      let chain = new Sequencer("BTCUSDT", 0, budget);
      const out: FeedEvent[] = [];
      const offered = new Set<number>();
      let nowMs = 0;
      for (const { id, what, passesMs } of plan) {
        nowMs += passesMs;
        if (what === "lose") chain.lose(id, nowMs, out);
        else if (what === "expire") chain.expire(nowMs, out);
        else if (what === "restart") {
          const gaps = chain.close();
          settle(gaps, chain, out);
          chain = new Sequencer("BTCUSDT", chain.lastId, budget, gaps);
        } else {
          const wasKnown = id <= chain.lastId! && !chain.lacks(id);
          const seenBefore = offered.has(id);
          offered.add(id);
          const offer = chain.offer(trade(id), nowMs, out);
          ok(offer !== "conflict");
          if (wasKnown) strictEqual(offer, "duplicate");
          if (offer === "duplicate" && !seenBefore) ok(isLost(id, out));
        }
        strictEqual(budget.used, chain.held);
        ok(chain.held <= budget.capacity);
      }
      checkOrder(out);
      const delivered = out.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []);
      strictEqual(new Set(delivered).size, delivered.length);
      // The last word on each gap; one ledger without overlaps.
      const gaps = finalGaps(out);
      const covered = (id: number, state: string) =>
        gaps.some((g) => g.first <= id && id <= g.last && state === g.state);
      for (let id = 1; id <= chain.lastId!; id++) {
        const isMissing = chain.lacks(id);
        strictEqual(delivered.includes(id), !isMissing && !covered(id, "lost"), `id ${id}`);
        ok(!isMissing || covered(id, "open"), `id ${id} is missing and in an open gap`);
      }
      strictEqual(chain.isWhole, !gaps.some((g) => g.state === "open"));
      strictEqual(chain.isWhole, chain.missing === null);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("Sequencer is whole once every id was offered again, whatever the order and room", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Array.from({ length: 30 }, (_, i) => i + 1), { minLength: 1 }),
      room,
      (live, { capacity, holdMs }) => {
        const chain = sequencer(0, capacity, holdMs);
        const out: FeedEvent[] = [];
        for (const id of live) chain.offer(trade(id), id, out);
        while (chain.missing !== null) chain.offer(trade(chain.missing.firstId), 99, out);
        const newest = Math.max(...live);
        const ids = out.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []);
        deepStrictEqual(
          ids.toSorted((a, b) => a - b),
          Array.from({ length: newest }, (_, i) => i + 1),
        );
        checkOrder(out);
        ok(finalGaps(out).every((gap) => gap.state === "repaired"));
      },
    ),
    { numRuns: 2_000 },
  );
});

/** An id that follows a higher one lies in a gap that was told open before that. */
function checkOrder(out: readonly FeedEvent[]): void {
  const open = new Set<number>();
  let newest = 0;
  const late = new Set<number>();
  for (const event of out) {
    if (event.kind === "gap" && event.gap.state === "open") {
      for (let id = event.gap.firstMissingId; id <= event.gap.lastMissingId; id++) open.add(id);
    } else if (event.kind === "trade") {
      const { tradeId } = event.trade;
      if (tradeId < newest) ok(late.has(tradeId), `${tradeId} after ${newest}`);
      for (let id = newest + 1; id < tradeId; id++) if (open.has(id)) late.add(id);
      newest = Math.max(newest, tradeId);
    }
  }
}

/** Tells which parts of open gaps were filled, and that what was held is missing again, as a store does. */
function settle(gaps: readonly Gap[], chain: Sequencer, out: FeedEvent[]): void {
  for (const { first, last, state } of finalGaps(out)) {
    if (state !== "open") continue;
    for (let id = first; id <= Math.min(last, chain.lastId!); id++) {
      if (gaps.some((gap) => gap.firstMissingId <= id && id <= gap.lastMissingId)) continue;
      out.push({ kind: "gap", gap: { ...openGap(id, id), state: "repaired" } });
    }
  }
  for (const gap of gaps) out.push({ kind: "gap", gap });
}

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
    // A gap takes the place of those within it.
    for (const name of byName.keys()) if (name > first && name <= last) byName.delete(name);
    byName.set(first, { first, last, state });
  }
  const gaps = [...byName.values()].sort((a, b) => a.first - b.first);
  for (let i = 1; i < gaps.length; i++) ok(gaps[i]!.first > gaps[i - 1]!.last, "gaps overlap");
  return gaps;
}

function isLost(id: number, events: readonly FeedEvent[]): boolean {
  return finalGaps(events).some((g) => g.state === "lost" && g.first <= id && id <= g.last);
}
