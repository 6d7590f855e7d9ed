import { sniffBarTable } from "./bar_columns.ts";
import { FileError } from "./file_error.ts";
import { isHeader } from "./number_text.ts";
import { cellsOf, isBlank, type Row, textOf } from "./row.ts";
import { sniffDelimiter } from "./table.ts";
import { sniffTradeTable } from "./trade_columns.ts";

/** What a file holds, and how. */
export type FileFormat = "bars" | "trades" | "ticks";

/** What stands in no line of text: control characters, and what bytes become that are not UTF-8. */
// deno-lint-ignore no-control-regex
const NO_TEXT = /[\0-\x08\x0e-\x1f\uFFFD]/;

/**
 * Returns what a file holds, told from its first lines: a table of bars, a table of trades, or ticks
 * as lines of JSON.
 *
 * @example One of each
 * ```ts
 * import { sniffFormat } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([
 *   sniffFormat(["1746814680000,10,12,9,11,5"]),
 *   sniffFormat(["id,price,qty,time", "7,10,1,1746814680000"]),
 *   sniffFormat(['{"symbol":"BTCUSDT","ts":1746814680000,"price":10,"size":1}']),
 * ], ["bars", "trades", "ticks"]);
 * ```
 *
 * @param rows The first lines or rows, at least one that is not empty.
 * @returns What they are.
 * @throws {FileError} If they are none of these.
 */
export function sniffFormat(rows: readonly Row[]): FileFormat {
  const filled = rows.filter((row) => !isBlank(row));
  const [first = ""] = filled;
  if (NO_TEXT.test(textOf(first))) {
    throw new FileError("Cannot read it as it is neither text nor gzip, zip or Parquet");
  }
  if (typeof first === "string" && first.trimStart().startsWith("{")) return "ticks";
  const named = isHeader(cellsOf(first, sniffDelimiter(filled)).map(String));
  // Without names a row of trades has as many cells as one of bars might: it says who was the maker.
  const order = named ? ["bars", "trades"] as const : ["trades", "bars"] as const;
  const problems: string[] = [];
  for (const format of order) {
    try {
      if (format === "bars") sniffBarTable(filled);
      else sniffTradeTable(filled);
      return format;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(error.message);
    }
  }
  throw new FileError(
    `Cannot tell what it holds, as it is neither bars nor trades: ${problems.join("; ")}`,
  );
}
