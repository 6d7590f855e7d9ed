import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  backtest,
  dueFunding,
  fundingColumn,
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
  const rows = Array.from({ length: 24 }, (_, k) => ({ openTimeMs: hour(k) }));
  const told = before([[0, 8, 8, 0.001], [8, 16, 16, 0.001], [16, 24, 24, 0.001]]);
  const { rates } = dueFunding(told, { fromMs: hour(0), toMs: hour(24) });
  const flat = rows.map(() => 100);
  const { funding } = backtest({
    ...{ y: flat, x: flat, zScore: rows.map(() => -2), hedgeRatio: rows.map(() => 1) },
    fundingY: fundingColumn(rows, rates, hour(1)),
  }, { entry: 1, exit: 0.5, fill: "close", grossNotional: 200, capital: 200, sizing: "units" });
  ok(Math.abs(funding - rates.length * 0.1) < 1e-12, `${funding}`);
});

Deno.test("recorded funding costs what a calculation by hand says, and changes no decision", () => {
  // Hours from 05:00 on, two payments: 08:00 while 2 of y are held and 4 of x owed, 16:00 while flat.
  const rows = Array.from({ length: 14 }, (_, k) => ({ openTimeMs: hour(5 + k) }));
  const told = before([[5, 8, 8, 0.001], [8, 16, 16, 0.5]]);
  const { rates } = dueFunding(told, { fromMs: hour(5), toMs: hour(19) });
  const column = fundingColumn(rows, rates, hour(1));
  const columns = {
    y: rows.map(() => 100),
    x: rows.map(() => 50),
    zScore: rows.map((_, k) => k < 1 || k > 5 ? 0 : -2),
    hedgeRatio: rows.map(() => 2),
  };
  const options = { entry: 2, exit: 0.5, fill: "close" as const, grossNotional: 400, capital: 400 };
  const plain = backtest(columns, { ...options, sizing: "units" });
  const paid = backtest({ ...columns, fundingY: column }, { ...options, sizing: "units" });
  const { quantityY } = paid.trades[0]!;
  // 400 = qy (100 + 2 * 50), so 2 of y are worth 200 at 08:00, of which 0.001 is due.
  strictEqual(quantityY, 2);
  strictEqual(paid.funding, 0.2);
  ok(Math.abs(plain.totalNet - paid.totalNet - 0.2) < 1e-12);
  deepStrictEqual(paid.position, plain.position);
  const short = backtest({ ...columns, fundingX: column }, { ...options, sizing: "units" });
  strictEqual(short.funding, -0.2);
});
