import type { MatrixPart, ScreenMatrix } from "./screen_matrix.ts";

/** Stands for a pair that has no value. */
const ABSENT = 255;

/** Steps of a correlation from 0 to 1. */
const CORRELATION_STEPS = 127;

/** Steps of -log10 p per decade; the last one stands for everything beyond 12.7 decades. */
const DECADE_STEPS = 20;

/**
 * A matrix in a byte per pair, the pairs below the diagonal row after row, as base64.
 *
 * Byte 255 is an absent value. A correlation is `byte / 127 - 1`, right to 0.004; a p-value is
 * `10 ** (-byte / 20)`, right to 6 %; at most the p-value of 254, 2e-13, stands for all below.
 */
export interface EncodedMatrix {
  /** Open time of the newest bar, ms since the epoch; `null` before the first. */
  readonly openTimeMs: number | null;
  /** Length of a bar in ms. */
  readonly intervalMs: number;
  /** Bars in the window. */
  readonly windowBars: number;
  /** The symbols in order. */
  readonly symbols: readonly string[];
  /** Correlations, or `null` if they were not asked for. */
  readonly correlation: string | null;
  /** p-values, or `null` if they were not asked for. */
  readonly pValue: string | null;
}

/**
 * Returns a matrix in a byte per pair and part.
 *
 * @example Three symbols there and back
 * ```ts
 * import { decodeMatrix, encodeMatrix } from "tandem/universe";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { symbols, correlation, pValue } = encodeMatrix({
 *   openTimeMs: 0,
 *   intervalMs: 60_000,
 *   windowBars: 60,
 *   symbols: ["A", "B", "C"],
 *   correlation: Float64Array.of(1, 0, -1),
 *   pValue: Float64Array.of(1, 0.1, NaN),
 * });
 * deepStrictEqual(symbols, ["A", "B", "C"]);
 * deepStrictEqual([...decodeMatrix("correlation", correlation!)], [1, 0, -1]);
 * deepStrictEqual([...decodeMatrix("pValue", pValue!)], [1, 0.1, NaN]);
 * ```
 *
 * @param matrix The matrix.
 * @param parts Which of its values to encode.
 * @returns Plain JSON: N symbols take 0.67 N^2 characters per part.
 */
export function encodeMatrix(
  matrix: ScreenMatrix,
  parts: readonly MatrixPart[] = ["correlation", "pValue"],
): EncodedMatrix {
  const encode = (part: MatrixPart, byteOf: (value: number) => number) =>
    parts.includes(part) ? bytesOf(matrix[part], byteOf).toBase64() : null;
  return {
    openTimeMs: matrix.openTimeMs,
    intervalMs: matrix.intervalMs,
    windowBars: matrix.windowBars,
    symbols: matrix.symbols,
    correlation: encode("correlation", (r) => Math.round((r + 1) * CORRELATION_STEPS)),
    pValue: encode(
      "pValue",
      (p) => Math.min(ABSENT - 1, Math.round(-DECADE_STEPS * Math.log10(p))),
    ),
  };
}

/** A loop: `Uint8Array.from()` takes ten times as long. */
function bytesOf(values: Float64Array, byteOf: (value: number) => number): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    bytes[k] = Number.isNaN(value) ? ABSENT : byteOf(value);
  }
  return bytes;
}

/**
 * Returns the values of one part of an encoded matrix.
 *
 * @example A byte per pair
 * ```ts
 * import { decodeMatrix } from "tandem/universe";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([...decodeMatrix("correlation", "AH/+/w==")], [-1, 0, 1, NaN]);
 * ```
 *
 * @param part Which part it is.
 * @param text What `encodeMatrix()` made of it.
 * @returns The pairs below the diagonal, row after row; NaN where there is no value.
 */
export function decodeMatrix(part: MatrixPart, text: string): Float64Array {
  const bytes = Uint8Array.fromBase64(text);
  return Float64Array.from(
    bytes,
    (byte) =>
      byte === ABSENT
        ? NaN
        : part === "correlation"
        ? byte / CORRELATION_STEPS - 1
        : 10 ** (-byte / DECADE_STEPS),
  );
}
