import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { signalStates } from "../../lib/backtest/mod.ts";
import { decisions, pairChart, renderSvg } from "../../lib/charts/mod.ts";
import { readingsOf } from "./support.ts";

const marks = { key: "zScore", stale: "stale", entry: 2, exit: 0.5, stop: 4 };

const score = fc.option(fc.double({ min: -6, max: 6, noNaN: true }), { freq: 8 });
const rowsOf = fc.array(fc.record({ zScore: score, stale: fc.boolean() }), { maxLength: 60 });

Deno.test("decisions() of any part are the decisions of the signal over everything", () => {
  fc.assert(fc.property(rowsOf, fc.nat(60), fc.nat(60), (rows, a, b) => {
    const columns = {
      t: rows.map((_, row) => row),
      zScore: rows.map((row) => row.zScore),
      stale: rows.map((row) => Number(row.stale)),
    };
    const states = signalStates(
      rows.map(({ zScore, stale }, row) => ({ row, zScore, stale, hedgeRatio: 1 })),
      marks,
    );
    const expected = states.flatMap(({ position, reason }, row) => {
      if (position === (states[row - 1]?.position ?? 0)) return [];
      const kind = position > 0 ? "buy" : position < 0 ? "sell" : reason;
      return [{ row, kind }];
    });
    const [from, to] = [Math.min(a, b, rows.length), Math.min(Math.max(a, b), rows.length)];
    deepStrictEqual(
      decisions(columns, marks, from, to),
      expected.filter(({ row }) => row >= from && row < to),
    );
  }));
});

Deno.test("renderSvg() draws decisions by shape, and none where they would hide the line", async () => {
  const options = { y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60 };
  const few = pairChart(readingsOf(600), options);
  const { signals } = few.spec.panels.find((panel) => panel.key === "zScore")!;
  const count = decisions(few.columns, signals!, 0, 600).length;
  ok(count > 4);
  const symbols = (svg: string) => svg.match(/<g[^>]* aria-label="dot"[\s\S]*?<\/g>/g) ?? [];
  const drawn = symbols(await renderSvg(few.spec, few.columns)).join("");
  deepStrictEqual(drawn.match(/<(path|circle)/g)?.length, count);
  match(drawn, /rotate\(180\)/);
  const many = pairChart(readingsOf(20_000), options);
  deepStrictEqual(symbols(await renderSvg(many.spec, many.columns)), []);
});
