/** The same words come again and again: most need no second look at their letters. */
const plainWords = new Set<string>();
const MOST_WORDS = 1_000;

/**
 * Returns values as a line of CSV (RFC 4180) without its end: an absent one is an empty cell, text is
 * quoted where it must be.
 *
 * @example An absent value and one with a comma
 * ```ts
 * import { csvLine } from "tandem/files";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(csvLine([1.5, null, 'a "b", c', true]), '1.5,,"a ""b"", c",true');
 * ```
 *
 * @param values The values of a row; numbers are written so that they come back bit for bit.
 * @returns The line.
 */
export function csvLine(values: readonly unknown[]): string {
  let line = "";
  for (let k = 0; k < values.length; k++) line += k > 0 ? `,${cell(values[k])}` : cell(values[k]);
  return line;
}

function cell(value: unknown): string | number {
  if (typeof value === "number") return value;
  if (value === null || value === undefined) return "";
  const text = String(value);
  if (plainWords.has(text)) return text;
  if (/[",\r\n]/.test(text)) return `"${text.replaceAll('"', '""')}"`;
  if (plainWords.size < MOST_WORDS) plainWords.add(text);
  return text;
}
