import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { RowBudget, RowHistory } from "../../lib/exchange/row_history.ts";
import type { TradeRow } from "../../lib/exchange/trade_row.ts";

function row(id: number): TradeRow {
  return {
    id,
    firstId: 2 * id,
    lastId: 2 * id + 1,
    timeMs: 1_000 + Math.floor(id / 3),
    price: 100 + id,
    quantity: id + 1,
    takerSold: id % 2 === 0,
  };
}

function filled(history: RowHistory, from: number, to: number): RowHistory {
  for (let id = from; id < to; id++) history.push(row(id));
  return history;
}

Deno.test("RowHistory() gives rows back as they were", () => {
  const history = filled(new RowHistory(new RowBudget(10_000)), 0, 1_000);
  strictEqual(history.size, 1_000);
  strictEqual(history.dropped, false);
  deepStrictEqual(history.slice(0, 1_000), Array.from({ length: 1_000 }, (_, id) => row(id)));
  deepStrictEqual(history.at(-1), row(999));
  strictEqual(history.at(1_000), undefined);
  strictEqual(history.at(-1_001), undefined);
});

Deno.test("RowHistory.indexOfId() and indexOfTime() find the first row at or past", () => {
  const history = filled(new RowHistory(new RowBudget(10_000)), 10, 1_000);
  strictEqual(history.indexOfId(10), 0);
  strictEqual(history.indexOfId(500), 490);
  strictEqual(history.indexOfId(0), 0);
  strictEqual(history.indexOfId(5_000), 990);
  strictEqual(history.at(history.indexOfTime(1_100))?.id, 300);
});

Deno.test("RowBudget() lets the oldest rows of any history go", () => {
  const budget = new RowBudget(1_024);
  const early = filled(new RowHistory(budget), 0, 600);
  const late = filled(new RowHistory(budget), 0, 10_000);
  strictEqual(early.size, 0);
  ok(early.dropped && late.dropped);
  ok(late.size <= 1_024 && late.size > 1_024 - 256, `kept ${late.size}`);
  deepStrictEqual(late.slice(0, late.size).map(({ id }) => id), ids(10_000 - late.size, 10_000));
  filled(early, 600, 700);
  deepStrictEqual(early.slice(0, 100).map(({ id }) => id), ids(600, 700));
});

Deno.test("RowBudget() refuses to keep nothing", () => {
  for (const rows of [0, -1, NaN]) throws(() => new RowBudget(rows), RangeError);
});

function ids(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
