/// <reference lib="dom" />
import { element } from "./dom.ts";

/** A cell: what it says, and how it is marked. */
export type Cell = string | { readonly text: string; readonly mark: "good" | "bad" | "quiet" };

/** A column of a table of rows of one kind. */
export interface TableColumn<Row> {
  /** Names the column; stable. */
  readonly key: string;
  /** What its head says. */
  readonly label: string;
  /** More of it. */
  readonly title: string;
  /** What rows are sorted by; absent values come last in either direction. */
  readonly value: (row: Row) => number | string | boolean | null;
  /** What a cell says. */
  readonly cell: (row: Row) => Cell;
  /** Whether it holds words, which begin at the left. @default {false} */
  readonly isText?: boolean;
  /** Whether the largest comes first when it is first sorted by. @default {false} */
  readonly descends?: boolean;
}

/** How a table is sorted; `null` leaves rows in the order they come. */
export type TableSort = { readonly key: string; readonly descends: boolean } | null;

/** What a table is made of. */
export interface TableOptions<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  /** Names a row; the same row keeps its place on the page while its cells change. */
  readonly keyOf: (row: Row) => string;
  /** The address a row leads to. */
  readonly hrefOf?: (row: Row) => string;
  /** What can be done with a row, on a button at its end. */
  readonly action?: { readonly label: string; readonly run: (row: Row) => void };
  readonly sort?: TableSort;
  readonly sorted?: (sort: TableSort) => void;
}

/** A table that sorts, and changes only the cells that say something else. */
export class DataTable<Row> {
  readonly root: HTMLTableElement;
  readonly #options: TableOptions<Row>;
  readonly #body = element("tbody");
  readonly #heads = new Map<string, HTMLElement>();
  readonly #lines = new Map<string, HTMLTableRowElement>();
  #rows: readonly Row[] = [];
  #sort: TableSort;

  constructor(options: TableOptions<Row>) {
    this.#options = options;
    this.#sort = options.sort ?? null;
    const heads = options.columns.map((column) => {
      const { key, label, title } = column;
      const button = element("button", { type: "button", title, onclick: () => this.#by(column) });
      button.textContent = label;
      const head = element("th", { scope: "col", class: classOf(column, "") }, button);
      this.#heads.set(key, head);
      return head;
    });
    this.root = element(
      "table",
      { class: "data", "aria-label": options.label },
      element(
        "thead",
        {},
        element("tr", {}, ...heads, ...options.action === undefined ? [] : [element("td")]),
      ),
      this.#body,
    );
    this.#body.addEventListener("click", (event) => {
      const target = event.target as Element;
      if (target.closest("a, button") === null) target.closest("tr")?.querySelector("a")?.click();
    });
    this.#showSort();
  }

  /** Shows rows. */
  show(rows: readonly Row[]): void {
    this.#rows = rows;
    const { keyOf } = this.#options;
    const sorted = this.#sorted();
    const kept = new Set(sorted.map(keyOf));
    for (const [key, line] of this.#lines) {
      if (kept.has(key)) continue;
      line.remove();
      this.#lines.delete(key);
    }
    let at = this.#body.firstChild;
    for (const row of sorted) {
      const line = this.#line(row);
      if (line === at) at = at.nextSibling;
      else this.#body.insertBefore(line, at);
    }
  }

  /** Sorts by a column, or not at all. */
  set sort(sort: TableSort) {
    this.#sort = sort;
    this.#showSort();
    this.show(this.#rows);
  }

  #by({ key, descends = false }: TableColumn<Row>): void {
    const isAgain = this.#sort?.key === key;
    this.sort = { key, descends: isAgain ? !this.#sort!.descends : descends };
    this.#options.sorted?.(this.#sort);
  }

  #sorted(): readonly Row[] {
    const column = this.#options.columns.find(({ key }) => key === this.#sort?.key);
    if (column === undefined) return this.#rows;
    const sign = this.#sort!.descends ? -1 : 1;
    return this.#rows.toSorted((a, b) => {
      const [left, right] = [column.value(a), column.value(b)];
      if (left === null || right === null) return Number(left === null) - Number(right === null);
      if (left === right) return 0;
      return sign * (left < right ? -1 : 1);
    });
  }

  #showSort(): void {
    for (const [key, head] of this.#heads) {
      const isBy = key === this.#sort?.key;
      if (isBy) head.setAttribute("aria-sort", this.#sort!.descends ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  #newLine(row: Row): HTMLTableRowElement {
    const { columns, action, keyOf } = this.#options;
    const line = element("tr", {}, ...columns.map(() => element("td")));
    if (action === undefined) return line;
    const button = element("button", {
      ...{ type: "button", class: "quiet", "aria-label": `${action.label} ${keyOf(row)}` },
      onclick: () => action.run(row),
    }, action.label);
    line.append(element("td", {}, button));
    return line;
  }

  #line(row: Row): HTMLTableRowElement {
    const { keyOf, columns, hrefOf } = this.#options;
    const key = keyOf(row);
    const line = this.#lines.get(key) ?? this.#newLine(row);
    this.#lines.set(key, line);
    columns.forEach((column, k) => {
      const cell = column.cell(row);
      const text = typeof cell === "string" ? cell : cell.text;
      const mark = classOf(column, typeof cell === "string" ? "" : cell.mark);
      const place = line.cells[k]!;
      if (place.className !== mark) place.className = mark;
      if (k === 0 && hrefOf !== undefined) link(place, hrefOf(row), text);
      else if (place.textContent !== text) place.textContent = text;
    });
    return line;
  }
}

function classOf({ isText = false }: Pick<TableColumn<never>, "isText">, mark: string): string {
  return isText ? `${mark} text`.trim() : mark;
}

function link(place: HTMLElement, href: string, text: string): void {
  const known = place.querySelector("a");
  if (known?.getAttribute("href") === href && known.textContent === text) return;
  place.replaceChildren(element("a", { href }, text));
}
