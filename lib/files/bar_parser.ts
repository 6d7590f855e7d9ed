import { type Bar, symbolName, venueOf } from "../market/mod.ts";
import { isSameBar, problemOf, wasQuiet } from "./bar_check.ts";
import { type BarColumns, type BarField, sniffBarTable } from "./bar_columns.ts";
import { FileError, type RefusedRow, refusedRow } from "./file_error.ts";
import { usualStepMs } from "./interval_of.ts";
import { numberIn, wholeNumberIn } from "./number_text.ts";
import { type Cell, cellsOf, isBlank, type Row, textOf } from "./row.ts";
import { isMarked } from "./simulated_mark.ts";
import type { TableFacts } from "./table.ts";
import { type TimeFacts, TimeReader } from "./time_reader.ts";

/** How to read a file of bars. */
export interface BarFileOptions {
  /** The symbol of all rows; needed where no column tells it, and wins where one does. */
  readonly symbol?: string;
  /** The venue of the bars. @default {"binance-usdm"} */
  readonly venue?: string;
  /** Length of the bars in ms. @default {the step between most rows} */
  readonly intervalMs?: number;
  /** The zone of times that name none, as IANA writes it. @default {"UTC"} */
  readonly zone?: string;
  /** Told of every row that is not taken. */
  readonly onRefused?: (row: RefusedRow) => void;
}

/** What was found in a file of bars. */
export interface BarFileReport {
  /** How the table is written; `null` for an empty file. */
  readonly table: TableFacts | null;
  /** How times are written. */
  readonly times: TimeFacts;
  /** Length of the bars in ms; `null` for an empty file. */
  readonly intervalMs: number | null;
  /** Rows below the header, empty lines left out. */
  readonly rows: number;
  /** Rows that became bars. */
  readonly bars: number;
  /** Rows that were not taken; each was told to `onRefused`. */
  readonly refused: number;
  /** Rows equal to the one before. */
  readonly duplicates: number;
  /** Rows of intervals in which nothing was traded: no bar exists there. */
  readonly empty: number;
  /** Rows earlier than one before them. */
  readonly outOfOrder: number;
  /** Rows that say they are of a simulated exchange, in a column `simulated`. */
  readonly simulated: number;
}

/** So many rows are looked at before the first bar is told. */
const SAMPLE_ROWS = 500;

/** Turns the rows of a table of bars into bars; finds out itself how the table is written. */
export class BarParser {
  readonly #options: BarFileOptions;
  readonly #times: TimeReader;
  #sample: Row[] | null = [];
  #line = 0;
  #table: TableFacts | null = null;
  #at: BarColumns = {};
  #intervalMs: number | null;
  #counts = { rows: 0, bars: 0, refused: 0, duplicates: 0, empty: 0, outOfOrder: 0, simulated: 0 };
  readonly #last = new Map<string, { readonly bar: Bar; readonly line: number }>();

  /** @throws {RangeError} If the zone is not known. */
  constructor(options: BarFileOptions) {
    this.#options = options;
    this.#times = new TimeReader(options.zone);
    this.#intervalMs = options.intervalMs ?? null;
  }

  /** What was found so far. */
  get report(): BarFileReport {
    return {
      table: this.#table,
      times: this.#times.facts,
      intervalMs: this.#intervalMs,
      ...this.#counts,
    };
  }

  /**
   * Takes the next rows; returns the bars of those that are understood by now.
   *
   * @throws {FileError} If the file holds no bars, or not whose.
   */
  push(rows: readonly Row[]): Bar[] {
    if (this.#sample === null) return this.#parse(rows);
    this.#sample.push(...rows);
    return this.#sample.length < SAMPLE_ROWS ? [] : this.#begin();
  }

  /** Takes note that the file is over; returns the rest of the bars. */
  end(): Bar[] {
    return this.#sample === null ? [] : this.#begin();
  }

  #begin(): Bar[] {
    const rows = this.#sample!;
    this.#sample = null;
    const filled = rows.filter((row) => !isBlank(row));
    if (filled.length === 0) return [];
    const { facts, at } = sniffBarTable(filled);
    if (this.#options.symbol === undefined && at.symbol === undefined) {
      throw new FileError("Cannot read bars as no column holds the symbol: name it");
    }
    this.#table = facts;
    this.#at = at;
    this.#intervalMs ??= this.#sniffInterval(filled.slice(facts.hasHeader ? 1 : 0));
    if (!facts.hasHeader) return this.#parse(rows);
    const header = rows.indexOf(filled[0]!);
    // The names of columns are a line, but no row of a format without lines.
    this.#line = header + (facts.delimiter === null ? 0 : 1);
    return this.#parse(rows.slice(header + 1));
  }

  #sniffInterval(rows: readonly Row[]): number {
    const times = new TimeReader(this.#options.zone);
    const { symbol } = this.#at;
    const stepMs = usualStepMs(rows.map((row) => {
      const cells = cellsOf(row, this.#table!.delimiter);
      const name = symbol === undefined ? "" : String(cells[symbol] ?? "");
      return [name, times.read(this.#timeCell(cells))];
    }));
    if (stepMs === null) {
      throw new FileError(
        "Cannot tell how long the bars are as no two rows follow each other: name the interval",
      );
    }
    return stepMs;
  }

  #timeCell(cells: readonly Cell[]): Cell {
    const { time, timeOfDay } = this.#at;
    const cell = cells[time!] ?? "";
    return timeOfDay === undefined ? cell : `${cell} ${cells[timeOfDay] ?? ""}`;
  }

  #parse(rows: readonly Row[]): Bar[] {
    const bars: Bar[] = [];
    for (const row of rows) {
      this.#line++;
      if (isBlank(row)) continue;
      this.#counts.rows++;
      const bar = this.#barOf(row);
      if (typeof bar === "string") this.#refuse(row, bar);
      else if (bar !== null && this.#isNew(bar, row)) {
        this.#counts.bars++;
        bars.push(bar);
      }
    }
    return bars;
  }

  #refuse(row: Row, reason: string): void {
    this.#counts.refused++;
    this.#options.onRefused?.(refusedRow(this.#line, reason, textOf(row)));
  }

  #isNew(bar: Bar, row: Row): boolean {
    const last = this.#last.get(bar.symbol);
    if (last?.bar.openTimeMs === bar.openTimeMs) {
      if (isSameBar(last.bar, bar)) this.#counts.duplicates++;
      else this.#refuse(row, `it contradicts line ${last.line}, which has the same open time`);
      return false;
    }
    if (last !== undefined && bar.openTimeMs < last.bar.openTimeMs) this.#counts.outOfOrder++;
    this.#last.set(bar.symbol, { bar, line: this.#line });
    return true;
  }

  /** The bar of a row, `null` where nothing was traded, or why it is none. */
  #barOf(row: Row): Bar | string | null {
    const cells = cellsOf(row, this.#table!.delimiter);
    const { simulated } = this.#at;
    if (simulated !== undefined && isMarked(cells[simulated] ?? "")) this.#counts.simulated++;
    const openTimeMs = this.#times.read(this.#timeCell(cells));
    if (Number.isNaN(openTimeMs)) return this.#times.problem;
    const intervalMs = this.#intervalMs!;
    if (openTimeMs % intervalMs !== 0) {
      return `its open time is no multiple of the ${intervalMs / 1_000} s that a bar is long`;
    }
    const symbol = this.#options.symbol ?? symbolName(String(cells[this.#at.symbol!] ?? ""));
    if (symbol === "") return "the symbol is missing";
    const venue = this.#options.venue ?? venueOf(symbol)?.code;
    if (venue === undefined) return `no venue has the name that "${symbol}" begins with`;
    const bar: Bar = {
      venue,
      symbol,
      intervalMs,
      openTimeMs,
      open: this.#number(cells, "open"),
      high: this.#number(cells, "high"),
      low: this.#number(cells, "low"),
      close: this.#number(cells, "close"),
      volume: this.#number(cells, "volume"),
      quoteVolume: this.#optional(cells, "quoteVolume"),
      tradeCount: this.#id(cells, "tradeCount"),
      takerBuyVolume: this.#optional(cells, "takerBuyVolume"),
      firstTradeId: this.#id(cells, "firstTradeId"),
      lastTradeId: this.#id(cells, "lastTradeId"),
      complete: false,
      revision: 0,
    };
    return wasQuiet(bar) ? this.#countEmpty() : problemOf(bar) ?? bar;
  }

  #countEmpty(): null {
    this.#counts.empty++;
    return null;
  }

  #number(cells: readonly Cell[], field: BarField): number {
    return numberIn(cells[this.#at[field]!] ?? "", this.#table!.decimalComma);
  }

  #optional(cells: readonly Cell[], field: BarField): number | null {
    const cell = cells[this.#at[field] ?? -1] ?? "";
    return cell === "" ? null : numberIn(cell, this.#table!.decimalComma);
  }

  #id(cells: readonly Cell[], field: BarField): number | null {
    const cell = cells[this.#at[field] ?? -1] ?? "";
    return cell === "" ? null : wholeNumberIn(cell);
  }
}
