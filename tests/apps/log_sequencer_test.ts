import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { LogSequencer } from "../../lib/apps/log/log_sequencer.ts";
import { Sequencer } from "../../lib/feed/mod.ts";
import type { FeedEvent, Gap, GapEvent, TradeEvent } from "../../lib/market/mod.ts";
import { Random } from "../../lib/stats/mod.ts";

const SYMBOL = "BTCUSDT";

function trade(tradeId: number): TradeEvent {
  return {
    kind: "trade",
    eventTimeMs: null,
    receivedMs: 0,
    trade: {
      ...{ venue: "binance-usdm", symbol: SYMBOL, tradeId, timeMs: 1_000 + tradeId },
      ...{ price: 1 + tradeId, quantity: 1, takerSide: "buy", source: "ws" },
    },
  };
}

function gap(firstMissingId: number, lastMissingId: number, state: Gap["state"]): GapEvent {
  const ids = { venue: "binance-usdm", symbol: SYMBOL, firstMissingId, lastMissingId };
  const closedAtMs = state === "open" ? null : 2_000;
  return { kind: "gap", gap: { ...ids, openedAtMs: 1_000, closedAtMs, state } };
}

function idsOf(events: readonly FeedEvent[]): number[] {
  return events.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []);
}

function gapsOf(events: readonly FeedEvent[]): string[] {
  return events.flatMap((e) =>
    e.kind === "gap" ? `${e.gap.firstMissingId}-${e.gap.lastMissingId} ${e.gap.state}` : []
  );
}

/** The open gaps that events leave, as ids. */
function openIds(events: readonly FeedEvent[]): number[] {
  const open = new Set<number>();
  for (const event of events) {
    if (event.kind !== "gap") continue;
    const { firstMissingId, lastMissingId, state } = event.gap;
    for (let id = firstMissingId; id <= lastMissingId; id++) {
      if (state === "open") open.add(id);
      else open.delete(id);
    }
  }
  return [...open].sort((a, b) => a - b);
}

const fresh = () => new LogSequencer(() => ({ lastId: null, openGaps: [], recent: [] }));

Deno.test("LogSequencer passes on what one feed tells, gaps included", () => {
  const told = [
    ...[trade(1), trade(2), gap(3, 4, "open"), trade(3), trade(4), gap(3, 4, "repaired")],
    ...[trade(5), gap(6, 7, "open"), gap(6, 7, "lost"), trade(8)],
  ];
  const out = fresh().take(told);
  deepStrictEqual(idsOf(out), [1, 2, 3, 4, 5, 8]);
  deepStrictEqual(gapsOf(out), ["3-4 open", "3-4 repaired", "6-7 open", "6-7 lost"]);
});

Deno.test("LogSequencer takes each id from whoever tells it first", () => {
  const log = fresh();
  const first = log.take([trade(1), trade(2), gap(3, 5, "open")]);
  // The other feed has heard what this one lacks.
  const second = log.take([trade(1), trade(2), trade(3), trade(4), trade(5), trade(6)]);
  deepStrictEqual(idsOf([...first, ...second]), [1, 2, 3, 4, 5, 6]);
  deepStrictEqual(gapsOf([...first, ...second]), ["3-5 open", "3-5 repaired"]);
  strictEqual(second.filter((e) => e.kind === "duplicate").length, 2);
});

Deno.test("LogSequencer does not lose what another feed has told", () => {
  const log = fresh();
  log.take([trade(1), trade(2), trade(3), trade(4)]);
  const out = log.take([trade(1), gap(2, 3, "open"), gap(2, 3, "lost"), trade(4), trade(5)]);
  deepStrictEqual([idsOf(out), gapsOf(out)], [[5], []]);
});

Deno.test("LogSequencer takes what a feed has heard before the first one that arrives", () => {
  const log = fresh();
  const first = log.take([trade(105), trade(106)]);
  const second = log.take([
    ...[trade(101), gap(102, 103, "open"), trade(103), gap(102, 103, "lost"), trade(104)],
    ...[trade(105), trade(106), trade(107)],
  ]);
  const third = log.take([trade(99), trade(100), trade(101)]);
  const out = [...first, ...second, ...third];
  deepStrictEqual(idsOf(out), [105, 106, 101, 103, 104, 107, 99, 100]);
  deepStrictEqual(openIds(out), []);
  deepStrictEqual(gapsOf(out).filter((text) => text.endsWith("lost")), ["102-102 lost"]);
  strictEqual(out.filter((e) => e.kind === "duplicate").length, 3);
  // What is much older is of a time of which the log does not tell.
  const { trade: old, ...rest } = trade(1);
  const late = log.take([{ ...rest, trade: { ...old, timeMs: -400_000 } }]);
  deepStrictEqual(late.map((e) => e.kind), ["duplicate"]);
});

Deno.test("LogSequencer reaches back five minutes from the first it heard, not from each before", () => {
  const log = fresh();
  const at = (tradeId: number, minutes: number): TradeEvent => {
    const event = trade(tradeId);
    return { ...event, trade: { ...event.trade, timeMs: 60_000 * minutes } };
  };
  const heard = [at(1_000, 100), at(900, 96), at(800, 92), at(1, 88)];
  const events = heard.flatMap((event) => log.take([event]));
  deepStrictEqual([idsOf(events), gapsOf(events)], [[1_000, 900], ["901-999 open"]]);
});

Deno.test("LogSequencer goes on from what is stored", () => {
  const log = new LogSequencer(() => ({
    ...{ lastId: 10, openGaps: [gap(5, 6, "open").gap], recent: [] },
  }));
  const out = log.take([trade(4), trade(5), trade(6), trade(9), trade(10), trade(11)]);
  deepStrictEqual(idsOf(out), [5, 6, 11]);
  deepStrictEqual(gapsOf(out), ["5-6 repaired"]);
});

Deno.test("LogSequencer keeps an id that was used up with its frame, once", () => {
  const frame = {
    ...{ venue: "binance-usdm", symbol: SYMBOL, tradeId: 2, raw: "x", receivedMs: 5 },
    reason: "not a market trade" as const,
  };
  const burnt: FeedEvent[] = [
    { kind: "quarantine", frame },
    { kind: "skipped", venue: "binance-usdm", symbol: SYMBOL, tradeId: 2 },
  ];
  const log = fresh();
  const out = log.take([trade(1), ...burnt, trade(3)]);
  deepStrictEqual(out.map((e) => e.kind), ["trade", "quarantine", "skipped", "trade"]);
  deepStrictEqual(log.take(burnt).map((e) => e.kind), ["duplicate"]);
});

Deno.test("LogSequencer of two faulty feeds in any order has what either has told", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 4, max: 60 }), (seed, count) => {
      const source = new Random(`log/${seed}`);
      const random = () => source.uniform();
      const budget = () => ({ capacity: 4, holdMs: 30, used: 0 });
      /** A feed that misses frames, repairs some of them late and loses others. */
      const told = (): FeedEvent[] => {
        const chain = new Sequencer(SYMBOL, null, budget());
        const out: FeedEvent[] = [];
        const firstId = 1 + Math.floor(4 * random());
        for (let id = firstId; id <= count; id++) {
          if (id === firstId || random() > 0.2) chain.offer(trade(id), 1_000 + id, out);
          const { missing } = chain;
          if (missing === null || random() > 0.3) continue;
          if (random() < 0.5) chain.lose(missing.lastId, 1_000 + id, out);
          else chain.offer(trade(missing.firstId), 1_000 + id, out);
        }
        return out;
      };
      const feeds = [told(), told()];
      const wanted = new Set(feeds.flatMap(idsOf));
      const log = fresh();
      const out: FeedEvent[] = [];
      while (feeds.some((events) => events.length > 0)) {
        const feed = feeds[random() < 0.5 ? 0 : 1]!;
        out.push(...log.take(feed.splice(0, 1 + Math.floor(5 * random()))));
      }
      const ids = idsOf(out);
      strictEqual(new Set(ids).size, ids.length, "none twice");
      const lost = new Set(
        out.flatMap((e) => e.kind === "gap" && e.gap.state === "lost" ? range(e.gap) : []),
      );
      const open = new Set(openIds(out));
      // A gap stays open as a whole until its last id has come.
      const lacking = [...open].filter((id) => !ids.includes(id));
      ok(open.size === 0 || lacking.length > 0, "no gap is open for nothing");
      // What one has lost before the other told it comes too late, and is told as lost.
      for (const id of wanted) ok(ids.includes(id) || lost.has(id), `${id} is missing unsaid`);
      const newest = Math.max(...ids);
      for (let id = Math.min(...ids); id <= newest; id++) {
        ok(ids.includes(id) || lost.has(id) || open.has(id), `${id} is in no gap`);
      }
    }),
    { numRuns: 300 },
  );
});

function range({ firstMissingId, lastMissingId }: Gap): number[] {
  return Array.from({ length: lastMissingId - firstMissingId + 1 }, (_, k) => firstMissingId + k);
}

Deno.test("LogSequencer takes ids that are not counted once, whichever feed misses them", () => {
  const symbol = "bybit:BTCUSDT";
  const of = (id: number): TradeEvent => {
    const event = trade(id);
    return { ...event, trade: { ...event.trade, venue: "bybit-linear", symbol } };
  };
  const hole = (first: number, last: number, state: Gap["state"]): GapEvent => {
    const { gap: of } = gap(first, last, state);
    return { kind: "gap", gap: { ...of, venue: "bybit-linear", symbol } };
  };
  // The first feed misses 20 and 30 for good, the second tells them late; the first repairs 50.
  const told = [
    ...[of(10), hole(11, 39, "open"), hole(11, 39, "lost"), of(40)],
    ...[of(10), of(20), of(30), of(40)],
    ...[hole(41, 59, "open"), of(50), hole(41, 59, "repaired"), of(60), of(50), of(60)],
  ];
  const sequencer = fresh();
  const out = told.flatMap((event) => sequencer.take([event]));
  deepStrictEqual(idsOf(out), [10, 40, 20, 30, 50, 60]);
  deepStrictEqual(gapsOf(out), [
    ...["11-39 open", "11-39 lost", "20-20 open", "20-20 repaired", "30-30 open", "30-30 repaired"],
    ...["41-59 open", "41-59 repaired"],
  ]);
  deepStrictEqual(out.filter((e) => e.kind === "duplicate").length, 4);
});

Deno.test("LogSequencer takes a late trade of a chain without a count, also after another store", () => {
  const of = (tradeId: number): TradeEvent => {
    const event = trade(tradeId);
    return { ...event, trade: { ...event.trade, venue: "bybit-linear", symbol: "bybit:BTCUSDT" } };
  };
  const stored = [of(1), of(3)].map((event) => event.trade);
  const heir = new LogSequencer(() => ({ lastId: 3, openGaps: [], recent: stored }));
  const single = new LogSequencer(() => ({ lastId: null, openGaps: [], recent: [] }));
  single.take([of(1), of(3)]);
  for (const log of [single, heir]) {
    strictEqual(log.sureId("bybit:BTCUSDT"), 0, "a feed may tell 1 to 3 again");
    const out = log.take([of(2), of(3), of(4)]);
    deepStrictEqual(idsOf(out), [2, 4]);
    deepStrictEqual(gapsOf(out), ["2-2 open", "2-2 repaired"]);
    deepStrictEqual(idsOf(log.take([of(2), of(1)])), []);
  }
  strictEqual(heir.sureId(SYMBOL), null, "counted ids tell by themselves");
});
