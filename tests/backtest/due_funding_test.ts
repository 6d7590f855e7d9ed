import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  backtest,
  dueFunding,
  fundingColumn,
  type Stretch,
  type ToldFunding,
} from "../../lib/backtest/mod.ts";

const hour = (n: number) => n * 3_600_000;
const told = (due: number, first: number, last: number, fundingRate: number | null = 0.0001) => ({
  ...{ dueMs: hour(due), firstMs: hour(first), lastMs: hour(last), fundingRate },
});
/** Told up to a second before it was due. */
const whole = (due: number, first: number, rate = 0.0001) => ({
  ...told(due, first, due, rate),
  lastMs: hour(due) - 1_000,
});

const CASES: readonly [
  name: string,
  told: readonly ToldFunding[],
  range: [from: number, to: number],
  rates: readonly number[],
  unknown: readonly [from: number, to: number][],
][] = [
  ["all of two payments", [whole(8, 0), whole(16, 8), told(24, 16, 20)], [0, 20], [8, 16], []],
  ["what was told before", [whole(8, 0), told(16, 8, 9)], [10, 15], [], []],
  ["nothing told", [], [0, 20], [], [[0, 20]]],
  ["nothing told, and no hour in the range", [], [0.2, 0.9], [], []],
  ["begun late", [whole(8, 3)], [0, 8], [8], [[0, 3]]],
  ["begun late, within the first hour", [whole(8, 3.5)], [3.2, 8], [8], []],
  ["ended early", [whole(8, 0)], [0, 20], [8], [[8, 20]]],
  ["ended early, with the next one known", [whole(8, 0), told(16, 8, 9)], [0, 12], [8], []],
  ["a rate that was told too long ago", [told(8, 0, 7)], [0, 8], [], [[7, 8]]],
  ["a hole over a payment", [told(8, 0, 5), told(24, 17, 24)], [0, 24], [24], [[5, 8], [8, 17]]],
  ["a hole over none", [whole(8, 0), whole(16, 8.5)], [0, 16], [8, 16], []],
  ["each hour", [whole(1, 0), whole(2, 1), whole(3, 2)], [0, 3], [1, 2, 3], []],
];

for (const [name, periods, [from, to], rates, unknown] of CASES) {
  Deno.test(`dueFunding() of ${name}`, () => {
    const due = dueFunding(periods, { fromMs: hour(from), toMs: hour(to) });
    const hours = ({ fromMs, toMs }: Stretch) => [fromMs, toMs].map((ms) => ms / hour(1));
    deepStrictEqual(due.rates.map(({ timeMs }) => timeMs / hour(1)), rates);
    deepStrictEqual(due.unknown.map(hours), unknown);
  });
}

Deno.test("dueFunding() charges nothing for a rate that was told as none", () => {
  const { rates, unknown } = dueFunding([{ ...whole(8, 0), fundingRate: null }], {
    fromMs: 0,
    toMs: hour(8),
  });
  deepStrictEqual([rates.length, unknown.length], [0, 1]);
});

Deno.test("recorded funding costs what a calculation by hand says, and changes no decision", () => {
  // Hours from 05:00 on, two payments: 08:00 while 2 of y are held and 4 of x owed, 16:00 while flat.
  const rows = Array.from({ length: 14 }, (_, k) => ({ openTimeMs: hour(5 + k) }));
  const periods = [whole(8, 5, 0.001), whole(16, 8, 0.5)];
  const { rates } = dueFunding(periods, { fromMs: hour(5), toMs: hour(19) });
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
