import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { parseMark } from "../../lib/feed/mod.ts";

const RECEIVED_MS = 1791382995000;
const DATA = {
  ...{ e: "markPriceUpdate", E: 1791382993000, s: "BTCUSDT", p: "83084.30000000" },
  ...{ ap: "83084.30000000", P: "83195.15881449", i: "83123.65891304", r: "0.00000078" },
  ...{ T: 1791388800000, st: 1 },
};
const MARK = {
  ...{ venue: "binance-usdm", symbol: "BTCUSDT", timeMs: 1791382993000, markPrice: 83084.3 },
  ...{ indexPrice: 83123.65891304, fundingRate: 7.8e-7, nextFundingMs: 1791388800000 },
};

function frame(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ stream: "btcusdt@markPrice@1s", data: { ...DATA, ...fields } });
}

function read(fields: Record<string, unknown>) {
  return parseMark(frame(fields), RECEIVED_MS);
}

Deno.test("parseMark() reads a mark of today, combined or bare", () => {
  deepStrictEqual(read({}), { kind: "row", row: MARK });
  deepStrictEqual(parseMark(JSON.stringify(DATA), RECEIVED_MS), { kind: "row", row: MARK });
  deepStrictEqual(read({ ap: undefined, st: undefined, new: [1] }), { kind: "row", row: MARK });
});

Deno.test("parseMark() gives a mark the start of its second", () => {
  deepStrictEqual(read({ E: 1791382993999 }), { kind: "row", row: MARK });
  // Clocks differ: a time some minutes ahead is one.
  strictEqual(read({ E: RECEIVED_MS + 600_000 }).kind, "row");
});

Deno.test("parseMark() tells absent numbers as null, and never as 0", () => {
  const funding = { fundingRate: null, nextFundingMs: null };
  const cases: readonly [fields: Record<string, unknown>, expected: Record<string, unknown>][] = [
    [{ T: 0, r: "0.00000000" }, funding],
    [{ r: "", T: 0 }, funding],
    [{ r: "" }, funding],
    [{ r: undefined, T: undefined }, funding],
    [{ i: undefined }, { indexPrice: null }],
    [{ i: "" }, { indexPrice: null }],
    [{ i: "0.00000000" }, { indexPrice: null }],
    [{ r: "0.00000000" }, { fundingRate: 0 }],
    [{ r: "-0.00750000" }, { fundingRate: -0.0075 }],
  ];
  for (const [fields, expected] of cases) {
    deepStrictEqual(read(fields), { kind: "row", row: { ...MARK, ...expected } });
  }
});

Deno.test("parseMark() sets aside what is no mark, with its reason", () => {
  const cases: readonly [fields: Record<string, unknown>, reason: string][] = [
    [{ p: undefined }, "missing field"],
    [{ p: "0.00000000" }, "price not positive"],
    [{ p: "-1" }, "price not positive"],
    [{ p: 83084.3 }, "wrong type"],
    [{ p: "1e5" }, "wrong type"],
    [{ p: `1${"0".repeat(400)}` }, "wrong type"],
    [{ E: undefined }, "missing field"],
    [{ E: "1791382993000" }, "wrong type"],
    [{ E: 2 ** 50 }, "wrong type"],
    [{ s: undefined }, "missing field"],
    [{ s: "" }, "wrong type"],
    [{ i: 7 }, "wrong type"],
    [{ r: "NaN" }, "wrong type"],
    [{ T: -1 }, "wrong type"],
    [{ E: RECEIVED_MS + 601_000 }, "time out of range"],
    [{ st: 2 }, "unknown symbol"],
    [{ e: "aggTrade" }, "missing field"],
    [{ e: "kline" }, "unknown frame"],
  ];
  for (const [fields, reason] of cases) {
    const told = read(fields);
    ok(told.kind === "quarantine", JSON.stringify(fields));
    strictEqual(told.frame.reason, reason, JSON.stringify(fields));
    strictEqual(told.frame.raw, frame(fields).slice(0, 2_000));
  }
});

Deno.test("parseMark() knows answers and the notice of a shutdown", () => {
  deepStrictEqual(parseMark('{"result":null,"id":3}', RECEIVED_MS), {
    kind: "reply",
    id: 3,
    error: null,
  });
  strictEqual(parseMark('{"e":"serverShutdown","E":5}', RECEIVED_MS).kind, "shutdown");
  const refused = parseMark('{"error":{"code":2,"msg":"Invalid request"},"id":1}', RECEIVED_MS);
  ok(refused.kind === "reply" && refused.error?.message === "Invalid request");
});

Deno.test("parseMark() gives a mark whose numbers are right, or a reason, for any bytes", () => {
  const text = frame();
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(3), (at, put, cut) => {
      const told = parseMark(text.slice(0, at) + put + text.slice(at + cut), RECEIVED_MS);
      if (told.kind !== "row") return;
      const { markPrice, indexPrice, fundingRate, nextFundingMs, timeMs } = told.row;
      ok(markPrice > 0 && markPrice < Infinity && timeMs % 1_000 === 0);
      ok(indexPrice === null || indexPrice > 0);
      strictEqual(fundingRate === null, nextFundingMs === null);
      ok(fundingRate === null || Number.isFinite(fundingRate));
    }),
    { numRuns: 2_000 },
  );
});
