import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { SparseChain } from "../../lib/feed/mod.ts";
import type { FeedEvent, Gap, TradeEvent } from "../../lib/market/mod.ts";

const SYMBOL = "bybit:BTCUSDT";

function trade(tradeId: number, price = 1): TradeEvent {
  return {
    ...{ kind: "trade", eventTimeMs: null, receivedMs: 0 },
    trade: {
      ...{ venue: "bybit-linear", symbol: SYMBOL, tradeId, timeMs: tradeId, price, quantity: 1 },
      ...{ takerSide: "buy", source: "ws" },
    },
  };
}

function chain(lastId: number | null = null, capacity = 100, gaps: Gap[] = []): SparseChain {
  return new SparseChain(SYMBOL, lastId, { capacity, holdMs: 1_000, used: 0 }, gaps);
}

function brief(events: readonly FeedEvent[]): (number | string)[] {
  return events.map((e) =>
    e.kind === "trade"
      ? e.trade.tradeId
      : e.kind === "gap"
      ? `${e.gap.firstMissingId}-${e.gap.lastMissingId} ${e.gap.state}`
      : e.kind
  );
}

Deno.test("SparseChain.offer() knows the trade that it goes on after", () => {
  const one = chain(10);
  const out: FeedEvent[] = [];
  deepStrictEqual([9, 10, 11].map((id) => one.offer(trade(id), id, out)), [
    ...["duplicate", "duplicate", "delivered"],
  ]);
  deepStrictEqual(brief(out), [11]);
});

Deno.test("SparseChain.offer() passes what ascends, and takes nothing twice", () => {
  const [it, out] = [chain(), [] as FeedEvent[]];
  const offers = [10, 500, 500, 90_000, 10].map((id) => it.offer(trade(id), id, out));
  deepStrictEqual(offers, ["delivered", "delivered", "duplicate", "delivered", "duplicate"]);
  strictEqual(it.offer(trade(500, 2), 0, out), "conflict");
  deepStrictEqual(brief(out), [10, 500, 90_000]);
  // Nothing is asked of what was before the first.
  strictEqual(it.offer(trade(3), 0, out), "duplicate");
});

Deno.test("SparseChain.offer() delivers an id that was passed unknown with a gap of its own", () => {
  const [it, out] = [chain(), [] as FeedEvent[]];
  for (const id of [10, 30, 20, 20]) it.offer(trade(id), id, out);
  deepStrictEqual(brief(out), [10, 30, "20-20 open", 20, "20-20 repaired"]);
});

Deno.test("SparseChain.offer() passes what may have been told, once, where it is not known which was", () => {
  const budget = { capacity: 100, holdMs: 1_000, used: 0 };
  const it = new SparseChain(SYMBOL, 40, budget, [], [], 10);
  const out: FeedEvent[] = [];
  strictEqual(it.sureId, 10);
  const offers = [9, 10, 20, 40, 50, 30, 20, 45].map((id) => it.offer(trade(id), id, out));
  deepStrictEqual(offers, [
    ...["duplicate", "duplicate", "delivered", "delivered", "delivered", "delivered"],
    ...["duplicate", "delivered"],
  ]);
  // Only what comes late after the last one lies in a gap.
  deepStrictEqual(brief(out), [20, 40, 50, 30, "45-45 open", 45, "45-45 repaired"]);
});

Deno.test("SparseChain.doubt() makes a gap up to the next new id, until it is told or lost", () => {
  const [it, out] = [chain(), [] as FeedEvent[]];
  it.doubt();
  it.offer(trade(10), 10, out);
  it.doubt();
  deepStrictEqual([40, 50].map((id) => it.offer(trade(id), id, out)), ["held", "held"]);
  deepStrictEqual(it.missing, { firstId: 11, lastId: 39, untilId: 39 });
  it.lose(19, 60, out);
  deepStrictEqual(it.missing, { firstId: 20, lastId: 39, untilId: 39 });
  it.offer(trade(20), 60, out);
  it.told(20, 38, 60, out);
  strictEqual(it.isWhole, false);
  it.told(20, 39, 60, out);
  deepStrictEqual(
    brief(out),
    [10, "11-39 open", "11-19 lost", "20-39 open", 20, "20-39 repaired", 40, 50],
  );
  strictEqual(it.lastId, 50);
});

Deno.test("SparseChain.expire() lets live trades pass a gap, which stays open; full, it holds none", () => {
  const [it, out] = [chain(null, 1), [] as FeedEvent[]];
  it.offer(trade(10), 10, out);
  it.doubt();
  it.offer(trade(40), 40, out);
  it.expire(900, out);
  strictEqual(it.held, 1);
  it.offer(trade(50), 50, out);
  deepStrictEqual(brief(out), [10, "11-39 open", 40, 50]);
  it.offer(trade(20), 60, out);
  it.told(11, 39, 60, out);
  deepStrictEqual(brief(out).slice(4), [20, "11-39 repaired"]);
  it.doubt();
  it.offer(trade(90), 90, out);
  it.expire(2_000, out);
  deepStrictEqual(brief(out).slice(6), ["51-89 open", 90]);
});

Deno.test("SparseChain goes on from its end and the gaps of another", () => {
  const [first, out] = [chain(), [] as FeedEvent[]];
  first.offer(trade(10), 10, out);
  first.doubt();
  first.offer(trade(40), 40, out);
  const gaps = first.close();
  deepStrictEqual(gaps.map((g) => [g.firstMissingId, g.lastMissingId]), [[11, 40]]);
  const next = chain(first.lastId, 100, gaps);
  const more: FeedEvent[] = [];
  next.doubt();
  next.offer(trade(60), 60, more);
  for (const id of [10, 20, 40, 50]) next.offer(trade(id), 60, more);
  next.told(11, 59, 60, more);
  deepStrictEqual(
    brief(more),
    ["41-59 open", 20, 40, 50, "11-40 repaired", "41-59 repaired", 60],
  );
});

Deno.test("SparseChain delivers each trade once, and those between told gaps in order", () => {
  // A stream that is cut at places; after each cut REST tells the last trades, or not all of them.
  const step = fc.record({
    traded: fc.integer({ min: 1, max: 8 }),
    missed: fc.integer({ min: 0, max: 8 }),
    reach: fc.integer({ min: 1, max: 20 }),
    again: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
    const [it, out] = [chain(), [] as FeedEvent[]];
    const all: number[] = [];
    const next = () => all.push(3 * all.length + (all.length * 7919) % 3) && all.at(-1)!;
    for (const { traded, missed, reach, again } of steps) {
      for (let k = 0; k < traded; k++) {
        const id = next();
        it.offer(trade(id), id, out);
        if (again) strictEqual(it.offer(trade(id), id, out), "duplicate");
      }
      for (let k = 0; k < missed; k++) next();
      it.doubt();
      const id = next();
      it.offer(trade(id), id, out);
      const known = all.slice(-reach - 1);
      const { missing } = it;
      if (missing === null) continue;
      if (known[0]! > missing.firstId) it.lose(known[0]! - 1, id, out);
      for (const k of known) {
        if (k >= missing.firstId && k <= missing.untilId) it.offer(trade(k), id, out);
      }
      it.told(it.missing?.firstId ?? 0, missing.untilId, id, out);
      strictEqual(it.isWhole, true);
    }
    const ids = out.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []);
    deepStrictEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
    const lost = out.flatMap((e) => e.kind === "gap" && e.gap.state === "lost" ? e.gap : []);
    const isLost = (id: number) =>
      lost.some((g) => g.firstMissingId <= id && id <= g.lastMissingId);
    deepStrictEqual(all.filter((id) => !ids.includes(id)), all.filter(isLost));
  }));
});
