import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DARK, heatMap, heatPixels, heatScale, heatValue, LIGHT } from "../../lib/charts/mod.ts";
import { encodeMatrix } from "../../lib/universe/mod.ts";

const matrix = encodeMatrix({
  ...{ openTimeMs: 0, intervalMs: 60_000, windowBars: 60, symbols: ["A", "B", "C"] },
  correlation: Float64Array.of(1, -1, 0),
  pValue: Float64Array.of(1, 1e-9, NaN),
});

/** Red, green, blue and opacity of a cell. */
const cell = (pixels: Uint8ClampedArray, row: number, column: number, length: number) => [
  ...pixels.subarray(4 * (row * length + column), 4 * (row * length + column) + 4),
];

Deno.test("heatPixels() are the same on both sides of the diagonal, and empty where nothing is", () => {
  for (const theme of [LIGHT, DARK]) {
    for (const part of ["correlation", "pValue"] as const) {
      const map = heatMap(matrix, part);
      const pixels = heatPixels(map, theme);
      for (let row = 0; row < 3; row++) {
        for (let column = 0; column < 3; column++) {
          deepStrictEqual(cell(pixels, row, column, 3), cell(pixels, column, row, 3));
          const isEmpty = row !== column && heatValue(map, row, column) === null;
          strictEqual(cell(pixels, row, column, 3)[3], isEmpty ? 0 : 255);
        }
      }
    }
  }
});

Deno.test("heatScale() grows away from the surface with the size of a correlation and as p shrinks", () => {
  const surface = heatScale("correlation", LIGHT)(0);
  const away = (color: readonly number[]) =>
    Math.hypot(...color.map((value, k) => value - surface[k]!));
  for (const sign of [-1, 1]) {
    const sizes = [0, 0.3, 0.6, 1].map((r) => away(heatScale("correlation", LIGHT)(sign * r)));
    deepStrictEqual(sizes, sizes.toSorted((a, b) => a - b));
  }
  const sizes = [1, 0.1, 0.01, 1e-4, 1e-5].map((p) => away(heatScale("pValue", LIGHT)(p)));
  ok(sizes.every((size, k) => k === 0 || size > sizes[k - 1]!));
  deepStrictEqual(heatScale("pValue", LIGHT)(1e-5), heatScale("pValue", LIGHT)(1e-12));
});

Deno.test("heatMap() of a part that was not sent is empty", () => {
  const map = heatMap({ ...matrix, pValue: null }, "pValue");
  deepStrictEqual([map.symbols, heatPixels(map, LIGHT).length], [[], 0]);
});
