import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { BREAK, lttb, m4, RowBlocks } from "../../lib/charts/mod.ts";

import { uniform } from "../support/random.ts";

type Cell = number | null;

/** Rows with holes in time and absent values, as they come. */
const rows = fc.array(
  fc.record({
    stepMs: fc.oneof(
      { weight: 9, arbitrary: fc.constant(1_000) },
      fc.integer({ min: 1, max: 9e4 }),
    ),
    value: fc.oneof(
      { weight: 9, arbitrary: fc.double({ noNaN: true, min: -1e9, max: 1e9 }) },
      fc.constant(null),
    ),
  }),
  { maxLength: 400 },
).map((steps) => {
  let timeMs = 1_721_347_020_000;
  const t: number[] = [];
  const y: Cell[] = [];
  for (const { stepMs, value } of steps) {
    t.push(timeMs += stepMs);
    y.push(value);
  }
  return { t, y };
});

const BREAK_MS = 30_000;
const range = (t: readonly number[]) => ({ from: 0, to: t.length, breakAfterMs: BREAK_MS });

function ascends(picked: readonly number[]): boolean {
  const real = picked.filter((row) => row !== BREAK);
  return real.every((row, k) => k === 0 || row > real[k - 1]!);
}

/** Stretches of rows without a hole, by the slow obvious rule. */
function stretches({ t, y }: { t: number[]; y: Cell[] }): number[][] {
  const found: number[][] = [];
  t.forEach((timeMs, row) => {
    if (y[row] === null) return;
    const isNext = row > 0 && y[row - 1] !== null && timeMs - t[row - 1]! <= BREAK_MS;
    if (isNext) found.at(-1)!.push(row);
    else found.push([row]);
  });
  return found;
}

function split(picked: readonly number[]): number[][] {
  const parts: number[][] = [[]];
  for (const row of picked) {
    if (row === BREAK) parts.push([]);
    else parts.at(-1)!.push(row);
  }
  return picked.length === 0 ? [] : parts;
}

Deno.test("m4() keeps first, lowest, highest and last of every pixel column", () => {
  fc.assert(fc.property(rows, fc.integer({ min: 1, max: 60 }), ({ t, y }, columns) => {
    const startMs = t[0] ?? 0;
    const endMs = (t.at(-1) ?? 0) + 1;
    const picked = m4(t, y, range(t), { startMs, endMs, columns });
    ok(ascends(picked));
    const kept = new Set(picked);
    const parts = stretches({ t, y });
    deepStrictEqual(split(picked).map((part) => part[0]), parts.map((part) => part[0]));
    deepStrictEqual(split(picked).map((part) => part.at(-1)), parts.map((part) => part.at(-1)));
    for (const part of parts) {
      const byColumn = Map.groupBy(
        part,
        (row) => Math.floor((t[row]! - startMs) * (columns / (endMs - startMs))),
      );
      for (const column of byColumn.values()) {
        const values = column.map((row) => y[row]!);
        ok(kept.has(column[0]!) && kept.has(column.at(-1)!));
        ok(column.some((row) => kept.has(row) && y[row] === Math.min(...values)));
        ok(column.some((row) => kept.has(row) && y[row] === Math.max(...values)));
      }
    }
  }));
});

Deno.test("m4() draws at most four rows a column", () => {
  const t = Array.from({ length: 100_000 }, (_, k) => 1_000 * k);
  const y = t.map((ms) => Math.sin(ms) * ms);
  const picked = m4(t, y, { from: 0, to: t.length, breakAfterMs: null }, {
    startMs: 0,
    endMs: t.at(-1)!,
    columns: 800,
  });
  ok(picked.length <= 4 * 801, `${picked.length} rows`);
});

Deno.test("lttb() keeps the ends and the extremes of every stretch", () => {
  fc.assert(fc.property(rows, fc.integer({ min: 3, max: 120 }), ({ t, y }, points) => {
    const picked = lttb(t, y, range(t), points);
    ok(ascends(picked));
    const parts = stretches({ t, y });
    const drawn = split(picked);
    strictEqual(drawn.length, parts.length);
    parts.forEach((part, k) => {
      strictEqual(drawn[k]![0], part[0]);
      strictEqual(drawn[k]!.at(-1), part.at(-1));
      const values = part.map((row) => y[row]!);
      const shown = drawn[k]!.map((row) => y[row]!);
      strictEqual(Math.min(...shown), Math.min(...values));
      strictEqual(Math.max(...shown), Math.max(...values));
    });
  }));
});

Deno.test("lttb() leaves a short series alone", () => {
  deepStrictEqual(lttb([1, 2, 3], [5, null, 7], { from: 0, to: 3, breakAfterMs: null }, 100), [
    0,
    BREAK,
    2,
  ]);
});

Deno.test("m4() and lttb() answer nothing where there is nothing", () => {
  const empty = { from: 0, to: 0, breakAfterMs: null };
  deepStrictEqual(m4([], [], empty, { startMs: 0, endMs: 0, columns: 10 }), []);
  deepStrictEqual(lttb([], [], empty, 10), []);
  deepStrictEqual(lttb([1], [null], { ...empty, to: 1 }, 10), []);
});

Deno.test("m4() with blocks keeps the same rows as without", () => {
  const shape = fc.record({
    seed: fc.nat(1_000),
    length: fc.integer({ min: 1, max: 4_000 }),
    columns: fc.integer({ min: 1, max: 40 }),
    cut: fc.tuple(fc.nat(4_000), fc.nat(4_000)),
  });
  fc.assert(fc.property(shape, ({ seed, length, columns, cut }) => {
    const random = uniform(seed);
    let timeMs = 0;
    const t = Array.from({ length }, () => timeMs += random() < 0.002 ? BREAK_MS + 1 : 1_000);
    const y = t.map(() => random() < 0.001 ? null : Math.round(random() * 50));
    const [from, to] = cut.map((row) => Math.min(row, length)).toSorted((a, b) => a - b);
    const range = { from: from!, to: to!, breakAfterMs: BREAK_MS };
    const pixels = { startMs: t[from!] ?? 0, endMs: t[to! - 1] ?? 1, columns };
    deepStrictEqual(
      m4(t, y, range, pixels, new RowBlocks(t, y, BREAK_MS)),
      m4(t, y, range, pixels),
    );
  }));
});
