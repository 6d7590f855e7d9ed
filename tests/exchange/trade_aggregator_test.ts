import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { TradeAggregator } from "../../lib/exchange/trade_aggregator.ts";
import type { TradeRow } from "../../lib/exchange/trade_row.ts";

function fill(
  id: number,
  timeMs: number,
  price: number,
  takerSold: boolean,
  quantity = 1,
): TradeRow {
  return { id, firstId: id, lastId: id, timeMs, price, quantity, takerSold };
}

function aggregated(fills: readonly TradeRow[], clock: (timeMs: number) => number[] = () => []) {
  const aggregator = new TradeAggregator(11);
  const ended: TradeRow[] = [];
  const add = (row: TradeRow | null) => row !== null && ended.push(row);
  for (const row of fills) {
    for (const timeMs of clock(row.timeMs)) add(aggregator.closeUntil(timeMs));
    add(aggregator.push(row));
  }
  add(aggregator.flush());
  return ended;
}

Deno.test("TradeAggregator.push() joins fills of one price and side", () => {
  deepStrictEqual(aggregated([fill(1, 0, 100, false, 2), fill(2, 99, 100, false, 3)]), [
    { id: 11, firstId: 1, lastId: 2, timeMs: 0, price: 100, quantity: 5, takerSold: false },
  ]);
});

Deno.test("TradeAggregator.push() starts anew 100 ms after the first fill, not after the last", () => {
  const rows = aggregated([0, 60, 100, 150].map((t, i) => fill(i, t, 100, false)));
  deepStrictEqual(rows.map((row) => [row.timeMs, row.firstId, row.lastId]), [[0, 0, 1], [
    100,
    2,
    3,
  ]]);
});

Deno.test("TradeAggregator.push() starts anew at another price or side", () => {
  const rows = aggregated([
    fill(1, 0, 100, false),
    fill(2, 0, 101, false),
    fill(3, 0, 101, true),
    fill(4, 0, 101, false),
  ]);
  deepStrictEqual(rows.map((row) => [row.id, row.firstId, row.lastId]), [
    [11, 1, 1],
    [12, 2, 2],
    [13, 3, 3],
    [14, 4, 4],
  ]);
});

Deno.test("TradeAggregator.closeUntil() ends an aggregate when nothing can join it", () => {
  const aggregator = new TradeAggregator(1);
  aggregator.push(fill(1, 1_000, 100, false));
  strictEqual(aggregator.closeUntil(1_099), null);
  strictEqual(aggregator.closeUntil(1_100)?.firstId, 1);
  strictEqual(aggregator.closeUntil(9_999), null);
});

const fills = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 60 }),
    price: fc.integer({ min: 100, max: 101 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    takerSold: fc.boolean(),
    burned: fc.integer({ min: 0, max: 1 }),
  }),
  { minLength: 1, maxLength: 200 },
).map((steps) => {
  let [timeMs, id] = [1_000, 500];
  return steps.map((step) => {
    timeMs += step.waitMs;
    id += 1 + step.burned;
    return fill(id, timeMs, step.price, step.takerSold, step.quantity);
  });
});

Deno.test("TradeAggregator() conserves quantity and fills, numbers without holes, keeps the rule", () => {
  fc.assert(fc.property(fills, (rows) => {
    const ended = aggregated(rows);
    deepStrictEqual(ended.map(({ id }) => id), ended.map((_, i) => 11 + i));
    const sum = (list: readonly TradeRow[]) => list.reduce((total, row) => total + row.quantity, 0);
    strictEqual(sum(ended), sum(rows));
    let next = 0;
    for (const [i, aggregate] of ended.entries()) {
      const members = rows.filter(({ id }) => id >= aggregate.firstId && id <= aggregate.lastId);
      strictEqual(rows[next], members[0]);
      next += members.length;
      strictEqual(aggregate.timeMs, members[0]!.timeMs);
      strictEqual(aggregate.firstId, members[0]!.id);
      strictEqual(aggregate.lastId, members.at(-1)!.id);
      ok(members.every((row) => row.price === aggregate.price));
      ok(members.every((row) => row.takerSold === aggregate.takerSold));
      ok(members.at(-1)!.timeMs - aggregate.timeMs < 100);
      const before = ended[i - 1];
      ok(
        before === undefined || before.price !== aggregate.price ||
          before.takerSold !== aggregate.takerSold || aggregate.timeMs - before.timeMs >= 100,
        "two aggregates that should be one",
      );
    }
    strictEqual(next, rows.length);
  }));
});

Deno.test("TradeAggregator() gives the same aggregates however often the clock is told", () => {
  fc.assert(fc.property(fills, fc.integer({ min: 1, max: 50 }), (rows, everyMs) => {
    const ticks = (timeMs: number) => [timeMs - (timeMs % everyMs), timeMs];
    deepStrictEqual(aggregated(rows, ticks), aggregated(rows));
  }));
});
