import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { backtest, halfSpreadColumn } from "../../lib/backtest/mod.ts";

const MINUTE_MS = 60_000;
const rows = Array.from({ length: 6 }, (_, k) => ({ openTimeMs: k * MINUTE_MS }));
const quote = (timeMs: number, bid: number | null = 99, ask: number | null = 101) => (
  { timeMs, bid, ask }
);

function column(at: "open" | "close", ...quotes: ReturnType<typeof quote>[]) {
  const values = halfSpreadColumn(rows, quotes, { intervalMs: MINUTE_MS, at });
  return Array.from(values, (value) => Number.isNaN(value) ? null : Number(value.toFixed(9)));
}

Deno.test("halfSpreadColumn() takes the book of the last second for a close, and none of the future", () => {
  // 59 s is the last second of the first row; what comes at 60 s is of the second.
  deepStrictEqual(column("close", quote(59_000), quote(60_000, 90, 110)), [
    ...[0.01, 0.1, null, null, null, null],
  ]);
});

Deno.test("halfSpreadColumn() takes the book of the first second for an open", () => {
  deepStrictEqual(column("open", quote(59_000, 90, 110), quote(60_000), quote(61_000, 90, 110)), [
    ...[null, 0.01, 0.1, null, null, null],
  ]);
});

Deno.test("halfSpreadColumn() lets a quote stand for a minute, and no empty or crossed one at all", () => {
  deepStrictEqual(
    column("close", quote(-1_000), quote(119_000, 99, null), quote(179_000, 101, 101)),
    [0.01, null, null, null, null, null],
  );
  deepStrictEqual(column("close", quote(-1_001)), [null, null, null, null, null, null]);
});

Deno.test("recorded spreads cost what a calculation by hand says, and change no decision", () => {
  const columns = {
    y: rows.map(() => 100),
    x: rows.map(() => 50),
    zScore: [0, -2, -2, 0, 0, 0],
    hedgeRatio: rows.map(() => 2),
  };
  const options = {
    ...{ entry: 2, exit: 0.5, fill: "close" as const, grossNotional: 400, capital: 400 },
    ...{ feeBps: 0, slippageBps: 10, sizing: "units" as const },
  };
  // Bought at row 1, sold at row 3: 200 of each leg each time.
  const slippageY = rows.map((_, t) => t === 1 ? 0.001 : t === 3 ? 0.002 : NaN);
  const slippageX = rows.map((_, t) => t === 1 ? 0.0005 : NaN);
  const plain = backtest(columns, options);
  const paid = backtest({ ...columns, slippageY, slippageX }, options);
  strictEqual(plain.slippage, 4 * 200 * 0.001);
  // y: 0.2 and 0.4; x: 0.1, and the assumed 10 bps where nothing is recorded.
  ok(Math.abs(paid.slippage - (0.2 + 0.4 + 0.1 + 0.2)) < 1e-12);
  deepStrictEqual(paid.position, plain.position);
  ok(Math.abs(plain.totalNet - paid.totalNet - 0.1) < 1e-12);
  // Never left: closed at the last close, at the spread of that and not of the open of its row.
  const held = { ...columns, zScore: [0, -2, -2, -2, -2, -2], yOpen: columns.y, xOpen: columns.x };
  const endSlippageY = rows.map((_, t) => t === 5 ? 0.004 : 1);
  const spreads = { slippageY: rows.map((_, t) => t === 5 ? 1 : 0.001), endSlippageY };
  const ended = backtest({ ...held, ...spreads }, { ...options, fill: "next-open" });
  deepStrictEqual(
    ended.trades.map(({ entryBar, exitBar, reason }) => [entryBar, exitBar, reason]),
    [
      [2, 5, "end"],
    ],
  );
  ok(Math.abs(ended.slippage - (0.2 + 0.8 + 2 * 0.2)) < 1e-12, `${ended.slippage}`);
  throws(() => backtest({ ...columns, endSlippageX: rows.map(() => -1) }, options), /endSlippageX/);
  throws(() => backtest({ ...columns, slippageY: rows.map(() => -1) }, options), /slippageY/);
});
