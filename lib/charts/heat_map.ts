import { decodeMatrix, type EncodedMatrix, type MatrixPart } from "../universe/mod.ts";
import type { Theme } from "./theme.ts";

/** The p-value at which the scale ends: smaller ones look the same. */
const LEAST_P = 1e-5;

/** All pairs of some symbols, for a square picture in which symbols that move alike lie together. */
export interface HeatMap {
  /** What is shown. */
  readonly part: MatrixPart;
  /** The symbols in order. */
  readonly symbols: readonly string[];
  /** The pairs below the diagonal, row after row; NaN where there is no value. */
  readonly values: Float64Array;
}

/**
 * Returns one part of an encoded matrix as a heat map.
 *
 * @example The value of a pair, in either order
 * ```ts
 * import { heatMap, heatValue } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const map = heatMap({
 *   openTimeMs: 0, intervalMs: 60_000, windowBars: 60, symbols: ["A", "B"],
 *   correlation: "AA==", pValue: null,
 * }, "correlation");
 * deepStrictEqual([heatValue(map, 0, 1), heatValue(map, 1, 0), heatValue(map, 1, 1)], [-1, -1, null]);
 * ```
 *
 * @param matrix The matrix.
 * @param part Which part of it.
 * @returns The heat map; without symbols where the matrix does not hold the part.
 */
export function heatMap(matrix: EncodedMatrix, part: MatrixPart): HeatMap {
  const text = matrix[part];
  return text === null
    ? { part, symbols: [], values: new Float64Array() }
    : { part, symbols: matrix.symbols, values: decodeMatrix(part, text) };
}

/**
 * Returns the value of a pair.
 *
 * @example Beyond the edge there is none
 * ```ts
 * import { heatValue } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const map = { part: "pValue", symbols: ["A", "B"], values: Float64Array.of(0.5) } as const;
 * strictEqual(heatValue(map, 1, 2), null);
 * ```
 *
 * @param map The heat map.
 * @param row Number of one symbol.
 * @param column Number of the other.
 * @returns The value, or `null` where there is none, as on the diagonal.
 */
export function heatValue(
  { symbols, values }: HeatMap,
  row: number,
  column: number,
): number | null {
  const [high, low] = row > column ? [row, column] : [column, row];
  if (high === low || low < 0 || high >= symbols.length) return null;
  const value = values[high * (high - 1) / 2 + low]!;
  return Number.isNaN(value) ? null : value;
}

/** The colour of a value. */
export type HeatScale = (value: number) => readonly [red: number, green: number, blue: number];

/**
 * Returns the colours of a heat map, four bytes (red, green, blue, opacity) per cell, row by row.
 *
 * Correlations go from orange over the surface to blue; p-values from the surface (1) to dark (1e-5
 * and below) by their logarithm. Both are told apart with any kind of colour vision. A pair without
 * a value is transparent, the diagonal grey.
 *
 * @example Perfectly correlated is blue
 * ```ts
 * import { heatPixels, LIGHT } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const map = { part: "correlation", symbols: ["A", "B"], values: Float64Array.of(1) } as const;
 * deepStrictEqual([...heatPixels(map, LIGHT).subarray(4, 8)], [0x0b, 0x6b, 0xb8, 255]);
 * ```
 *
 * @param map The heat map.
 * @param theme Colours, as hexadecimal numbers: `LIGHT` or `DARK`.
 * @returns The bytes of an N x N picture.
 */
export function heatPixels(map: HeatMap, theme: Theme): Uint8ClampedArray<ArrayBuffer> {
  const { length } = map.symbols;
  const pixels = new Uint8ClampedArray(4 * length * length);
  const scale = heatScale(map.part, theme);
  const diagonal = rgb(theme.line);
  const paint = (row: number, column: number, color: readonly number[]) => {
    pixels.set(color, 4 * (row * length + column));
    pixels[4 * (row * length + column) + 3] = 255;
  };
  let at = 0;
  for (let row = 0; row < length; row++) {
    for (let column = 0; column < row; column++, at++) {
      const value = map.values[at]!;
      if (Number.isNaN(value)) continue;
      const color = scale(value);
      paint(row, column, color);
      paint(column, row, color);
    }
    paint(row, row, diagonal);
  }
  return pixels;
}

/**
 * Returns the colour scale of a heat map.
 *
 * @example Not correlated is the colour of the surface
 * ```ts
 * import { heatScale, LIGHT } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(heatScale("correlation", LIGHT)(0), [255, 255, 255]);
 * ```
 *
 * @param part What is shown.
 * @param theme Colours, as hexadecimal numbers.
 * @returns Red, green and blue, in [0, 255], of a value.
 */
export function heatScale(part: MatrixPart, theme: Theme): HeatScale {
  const [surface, blue, orange, ink] = [
    theme.surface,
    theme.color.blue,
    theme.color.orange,
    theme.color.green,
  ].map(rgb);
  if (part === "correlation") {
    return (value) => mix(surface!, value < 0 ? orange! : blue!, Math.abs(value));
  }
  const end = Math.log(LEAST_P);
  return (p) => mix(surface!, ink!, Math.log(Math.max(p, LEAST_P)) / end);
}

function rgb(hex: string): [number, number, number] {
  const bits = parseInt(hex.slice(1), 16);
  return [bits >> 16 & 255, bits >> 8 & 255, bits & 255];
}

function mix(from: readonly number[], to: readonly number[], share: number) {
  return from.map((value, k) => value + (to[k]! - value) * share) as [number, number, number];
}
