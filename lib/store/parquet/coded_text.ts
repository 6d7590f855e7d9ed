/**
 * Text of few kinds: which there are, and which of them each row holds. Columns of millions of rows
 * that say "buy" or "sell" need no text of their own per row.
 *
 * @example Two sides of three trades
 * ```ts
 * import { CodedText } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const sides = new CodedText(["sell", "buy"], new Uint8Array([1, 1, 0]));
 * deepStrictEqual([sides.length, sides.toArray()], [3, ["buy", "buy", "sell"]]);
 * ```
 */
export class CodedText {
  /** The texts. */
  readonly texts: readonly string[];
  /** For each row the place of its text. */
  readonly codes: Uint8Array | Uint32Array;

  /**
   * Holds what it is given.
   *
   * @param texts The texts, in any order.
   * @param codes For each row a place in `texts`.
   * @throws {RangeError} If a code has no text.
   */
  constructor(texts: readonly string[], codes: Uint8Array | Uint32Array) {
    const wrong = codes.findIndex((code) => code >= texts.length);
    if (wrong >= 0) {
      throw new RangeError(
        `Cannot code text as row ${wrong} must name one of ${texts.length} texts: it names ${
          codes[wrong]
        }`,
      );
    }
    this.texts = texts;
    this.codes = codes;
  }

  /**
   * The same text in every row.
   *
   * @param text The text.
   * @param length Number of rows.
   * @returns The column.
   */
  static same(text: string, length: number): CodedText {
    return new CodedText([text], new Uint8Array(length));
  }

  /** How many rows there are. */
  get length(): number {
    return this.codes.length;
  }

  /** The text of every row. @returns One entry per row. */
  toArray(): string[] {
    return Array.from(this.codes, (code) => this.texts[code]!);
  }
}
