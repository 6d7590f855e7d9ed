import { formatCount } from "../charts/mod.ts";
import type { MediaBundle } from "./kernel.ts";
import { escapeHtml } from "./bundle.ts";
import { output, type Showable } from "./show.ts";
import { sortScript } from "./sort_script.ts";

/** Rows to show. */
export type TableRow = Readonly<Record<string, unknown>>;

/** How to show a table. */
export interface TableOptions {
  /** The columns, in order. @default {those of the first row} */
  readonly columns?: readonly string[];
  /** At most so many rows, the first; text that no browser draws has at most 20. @default {100} */
  readonly limit?: number;
}

/** Times are numbers; columns named so are shown as UTC. */
const TIME_COLUMN = /(^t|Ms)$/;
const FIRST_TIME_MS = Date.UTC(2000, 0);

function cellText(column: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.map((item) => cellText(column, item)).join(", ");
  if (typeof value !== "number") return String(value);
  if (TIME_COLUMN.test(column) && value > FIRST_TIME_MS) {
    return new Date(value).toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
  }
  return String(Number(Math.abs(value) < 10_000 ? value.toPrecision(6) : value.toFixed(2)));
}

/** What fits below a cell without scrolling. */
const ROWS_AT_ONCE = 20;

/** Rows as a table, in HTML and in text. */
class Table implements Showable {
  readonly #columns: readonly string[];
  readonly #rows: readonly TableRow[];
  readonly #total: number;

  constructor(rows: readonly TableRow[], { columns, limit = 100 }: TableOptions) {
    this.#columns = columns ?? Object.keys(rows[0] ?? {});
    this.#rows = rows.slice(0, limit);
    this.#total = rows.length;
  }

  [output](): MediaBundle {
    return { "text/html": this.#html(), "text/plain": this.#text() };
  }

  #more(shown: number): string {
    const more = this.#total - shown;
    return more > 0
      ? `${more} more of ${formatCount(this.#total, "row")}`
      : formatCount(this.#total, "row");
  }

  #cells(row: TableRow): string[] {
    return this.#columns.map((column) => cellText(column, row[column]));
  }

  #isNumeric(column: string): boolean {
    return this.#rows.every((row) => typeof (row[column] ?? 0) === "number");
  }

  #html(): string {
    const id = `tandem-${crypto.randomUUID().slice(0, 8)}`;
    const numeric = this.#columns.map((column) => this.#isNumeric(column));
    const open = (tag: string, k: number, value: unknown) =>
      `<${tag} style="text-align:${numeric[k] ? "right" : "left"}"` +
      `${typeof value === "number" ? ` data-v="${value}"` : ""}>`;
    const head = this.#columns.map((column, k) =>
      `${open("th", k, null)}${escapeHtml(column)}</th>`
    );
    const body = this.#rows.map((row) => {
      const cells = this.#cells(row).map((cell, k) =>
        `${open("td", k, row[this.#columns[k]!])}${escapeHtml(cell)}</td>`
      );
      return `<tr>${cells.join("")}</tr>`;
    });
    const scrolls = this.#rows.length > ROWS_AT_ONCE;
    return `<div${scrolls ? ` style="max-height:32em;overflow:auto"` : ""}>` +
      `<table id="${id}" style="font-variant-numeric:tabular-nums">` +
      `<caption style="caption-side:bottom">${this.#more(this.#rows.length)}</caption>` +
      `<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>` +
      sortScript(id);
  }

  #text(): string {
    const shown = this.#rows.slice(0, ROWS_AT_ONCE);
    const all = [[...this.#columns], ...shown.map((row) => this.#cells(row))];
    const widths = this.#columns.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
    const lines = all.map((row) =>
      row.map((cell, i) =>
        this.#isNumeric(this.#columns[i]!) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
      ).join("  ").trimEnd()
    );
    return [...lines, this.#more(shown.length)].join("\n");
  }
}

/**
 * Returns rows as a table to `show()`: numbers to six digits or hundredths, times in UTC, absent
 * values as a dash. A press on the head of a column sorts the rows that are shown.
 *
 * @example Two rows
 * ```ts
 * import { output, table } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * const prices = table([{ symbol: "BTCUSDT", price: 65000.5 }, { symbol: "ETHUSDT", price: null }]);
 * strictEqual(
 *   (await prices[output]())["text/plain"],
 *   "symbol     price\nBTCUSDT  65000.5\nETHUSDT        –\n2 rows",
 * );
 * ```
 *
 * @param rows The rows; of symbols, bars, readings or your own.
 * @param options Columns and number of rows.
 * @returns The table.
 */
export function table(rows: Iterable<object>, options: TableOptions = {}): Showable {
  return new Table([...rows] as TableRow[], options);
}
