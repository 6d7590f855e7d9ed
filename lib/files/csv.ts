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
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (k > 0) line += ",";
    if (typeof value === "number") line += value;
    else if (value !== null && value !== undefined) {
      const text = String(value);
      line += /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    }
  }
  return line;
}
