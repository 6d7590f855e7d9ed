import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { isMadeId, isSequenceId, isTimeId, sequenceId, timeId } from "../../lib/market/mod.ts";

const sequence = fc.integer({ min: 0, max: 2_190_000_000_000 });
const place = fc.integer({ min: 0, max: 2_046 });

Deno.test("sequenceId() ascends with number and place, and no two numbers have neighbours", () => {
  fc.assert(fc.property(sequence, place, sequence, place, (s, p, t, q) => {
    const [a, b] = [sequenceId(s, p), sequenceId(t, q)];
    ok(Number.isSafeInteger(a) && Number.isSafeInteger(b));
    strictEqual(Math.sign(a - b), Math.sign(s - t) || Math.sign(p - q));
    if (s !== t) ok(Math.abs(a - b) > 1);
    deepStrictEqual([a].flatMap((id) => [isSequenceId(id), isTimeId(id), isMadeId(id)]), [
      ...[true, false, true],
    ]);
  }));
});

Deno.test("sequenceId() makes none of what does not fit, nor of what is no number", () => {
  for (
    const [s, p] of [[3e12, 0], [1, 2_047], [-1, 0], [1, -1], [0.5, 0], [1, 0.5], [NaN, 0]]
  ) {
    ok(Number.isNaN(sequenceId(s!, p!)), `${s} ${p}`);
  }
  ok(Number.isNaN(timeId(2 ** 52 / 1_000 + 1, 0)), "a time beyond those of time ids");
});
