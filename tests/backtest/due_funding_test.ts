import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  backtest,
  dueFunding,
  type FundingColumns,
  fundingColumns,
  type Stretch,
  type ToldFunding,
} from "../../lib/backtest/mod.ts";

const hour = (n: number) => n * 3_600_000;

/** Told every second from one hour on until before another: what is due when, if anything. */
type Told = readonly [from: number, until: number, due: number | null, rate?: number | null];

/** The last of it before each hour of a day. */
function before(stretches: readonly Told[]): ToldFunding[] {
  return Array.from({ length: 24 }, (_, k) => k + 1).flatMap((n) => {
    const told = stretches.findLast(([from]) => from < n);
    if (told === undefined) return [];
    const [, until, due, rate = 0.0001] = told;
    const toldMs = hour(Math.min(until, n)) - 1_000;
    return [{
      ...{ hourMs: hour(n), toldMs, dueMs: due === null ? null : hour(due), fundingRate: rate },
      markPrice: 100,
    }];
  });
}

const CASES: readonly [
  name: string,
  told: readonly Told[],
  range: [from: number, to: number],
  rates: readonly number[],
  unknown: readonly [from: number, to: number][],
][] = [
  ["two payments", [[0, 8, 8], [8, 16, 16], [16, 20, 24]], [0, 20], [8, 16], []],
  [
    "a day, which begins and ends on one",
    [[0, 8, 8], [8, 16, 16], [16, 24, 24]],
    [0, 24],
    [8, 16],
    [],
  ],
  ["a range that begins on one", [[0, 8, 8], [8, 16, 16]], [8, 16.1], [16], []],
  ["a range that ends on one", [[0, 8, 8]], [0, 8], [], []],
  ["a range that ends after one", [[0, 8, 8]], [0, 8 + 1e-6], [8], []],
  ["what was told before", [[0, 8, 8], [8, 9, 16]], [10, 15], [], []],
  ["nothing told", [], [0, 20], [], [[0, 19]]],
  ["nothing told, in half hours", [], [0.5, 2.5], [], [[0.5, 2]]],
  ["nothing told, and an hour at the end only", [], [0.5, 1], [], []],
  ["nothing told, and no hour in the range", [], [0.2, 0.9], [], []],
  ["begun late", [[3, 8, 8]], [0, 9], [8], [[0, 3]]],
  ["begun late, within the first hour", [[3.5, 8, 8]], [3.2, 9], [8], []],
  ["ended early", [[0, 8, 8]], [0, 20], [8], [[8, 19]]],
  ["ended early, with the next one known", [[0, 8, 8], [8, 9, 16]], [0, 12], [8], []],
  ["a rate that was told too long ago", [[0, 7, 8]], [0, 9], [], [[7, 8]]],
  ["a rate that was told as none", [[0, 8, 8, null], [8, 9, 16]], [0, 9], [], [[7, 8]]],
  ["a hole over a payment", [[0, 5, 8], [17, 24, 24]], [0, 24.1], [24], [[7, 17]]],
  ["a hole over none", [[0, 8, 8], [8.5, 16, 16]], [0, 16.5], [8, 16], []],
  ["each hour", [[0, 1, 1], [1, 2, 2], [2, 3, 3]], [0, 3.1], [1, 2, 3], []],
  ["8 h made 4", [[0, 8, 8], [8, 10, 16], [10, 12, 12], [12, 16, 16]], [0, 16.5], [8, 12, 16], []],
  ["4 h made 8", [[8, 10, 12], [10, 16, 16]], [8, 16.1], [16], []],
  ["a contract without funding", [[0, 20, null]], [0, 20.5], [], []],
  ["a contract without funding, not told of", [[0, 5, null], [9, 20, null]], [0, 20], [], [[5, 9]]],
];

for (const [name, stretches, [from, to], rates, unknown] of CASES) {
  Deno.test(`dueFunding() of ${name}`, () => {
    const due = dueFunding(before(stretches), { fromMs: hour(from), toMs: hour(to) });
    const hours = ({ fromMs, toMs }: Stretch) => [fromMs, toMs].map((ms) => ms / hour(1));
    deepStrictEqual(due.rates.map(({ timeMs }) => timeMs / hour(1)), rates);
    deepStrictEqual(due.unknown.map(hours), unknown);
  });
}

Deno.test("dueFunding() tells as many payments as a position that is always held can pay", () => {
  const rows = Array.from({ length: 24 }, (_, k) => ({ openTimeMs: hour(k), y: 100, x: 100 }));
  const told = before([[0, 8, 8, 0.001], [8, 16, 16, 0.001], [16, 24, 24, 0.001]]);
  const { rates } = dueFunding(told, { fromMs: hour(0), toMs: hour(24) });
  const flat = rows.map(() => 100);
  const { funding } = backtest({
    ...{ y: flat, x: flat, zScore: rows.map(() => -2), hedgeRatio: rows.map(() => 1) },
    ...fundingColumns(rows, { y: rates }, hour(1)),
  }, { entry: 1, exit: 0.5, fill: "close", grossNotional: 200, capital: 200, sizing: "units" });
  ok(Math.abs(funding - rates.length * 0.1) < 1e-12, `${funding}`);
});

Deno.test("recorded funding costs what a calculation by hand says, and changes no decision", () => {
  // Hours from 05:00 on, two payments: 08:00 while 2 of y are held and 4 of x owed, 16:00 while flat.
  const rows = Array.from({ length: 14 }, (_, k) => ({ openTimeMs: hour(5 + k), y: 100, x: 50 }));
  const told = before([[5, 8, 8, 0.001], [8, 16, 16, 0.5]]);
  const { rates } = dueFunding(told, { fromMs: hour(5), toMs: hour(19) });
  const columns = {
    y: rows.map(() => 100),
    x: rows.map(() => 50),
    zScore: rows.map((_, k) => k < 1 || k > 5 ? 0 : -2),
    hedgeRatio: rows.map(() => 2),
  };
  const options = { entry: 2, exit: 0.5, fill: "close" as const, grossNotional: 400, capital: 400 };
  const run = (funding: FundingColumns) =>
    backtest({ ...columns, ...funding }, { ...options, sizing: "units" });
  const plain = run({});
  const paid = run(fundingColumns(rows, { y: rates }, hour(1)));
  const { quantityY } = paid.trades[0]!;
  // 400 = qy (100 + 2 * 50), so 2 of y are marked at 200 at 08:00, of which 0.001 is due.
  strictEqual(quantityY, 2);
  strictEqual(paid.funding, 0.2);
  ok(Math.abs(plain.totalNet - paid.totalNet - 0.2) < 1e-12);
  deepStrictEqual(paid.position, plain.position);
  // 4 of x are owed: paid on the mark price of 100 that was told, whatever the close of 50.
  strictEqual(run(fundingColumns(rows, { x: rates }, hour(1))).funding, -0.4);
  const unpriced = rates.map(({ timeMs, rate }) => ({ timeMs, rate }));
  strictEqual(run(fundingColumns(rows, { x: unpriced }, hour(1))).funding, -0.2);
});

Deno.test("funding due within a bar is paid on what is held then, wherever fills are", () => {
  // Days; decided for at the closes of days 1 and 4. At the open: from that of day 2 to that of day 5.
  const rows = Array.from(
    { length: 8 },
    (_, day) => ({ openTimeMs: hour(24 * day), y: 100, x: 50 }),
  );
  const columns = {
    ...{ y: rows.map(({ y }) => y), x: rows.map(({ x }) => x) },
    ...{ yOpen: rows.map(({ y }) => y), xOpen: rows.map(({ x }) => x) },
    zScore: [0, -2, -2, -2, 0, 0, 0, 0],
    hedgeRatio: rows.map(() => 2),
  };
  const paid = (fill: "close" | "next-close" | "next-open", timeMs: number) => {
    const funding = fundingColumns(rows, { y: [{ timeMs, rate: 0.001 }] }, hour(24));
    const options = { entry: 1, exit: 0.5, fill, sizing: "units" as const, feeBps: 0 };
    const result = backtest({ ...columns, ...funding }, options);
    strictEqual(result.trades[0]!.cost, result.funding);
    return result.funding;
  };
  const [inMs, outMs] = [hour(48), hour(120)];
  const times = [inMs, inMs + 1, inMs + hour(8), outMs - 1, outMs, outMs + 1, outMs + hour(8)];
  deepStrictEqual(times.map((at) => paid("next-open", at)), [0, 5, 5, 5, 5, 0, 0]);
  // At the closes of days 2 and 5: all of day 2 is before, all of day 5 within.
  deepStrictEqual(times.map((at) => paid("next-close", at)), [0, 0, 0, 5, 5, 5, 5]);
  // At those of days 1 and 4, which are the opens of days 2 and 5.
  deepStrictEqual(times.map((at) => paid("close", at)), [5, 5, 5, 5, 0, 0, 0]);
});
