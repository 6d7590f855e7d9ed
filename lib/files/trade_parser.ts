import type { StreamKind, Trade } from "../market/mod.ts";
import { FileError, type RefusedRow, refusedRow } from "./file_error.ts";
import { type Cell, cellsOf, isBlank, type Row, textOf } from "./row.ts";
import type { TableFacts } from "./table.ts";
import type { TimeFacts } from "./time_reader.ts";
import { sniffTradeTable, type TradeColumns } from "./trade_columns.ts";
import { type NoTrade, type TradeCells, type TradeFileOptions, TradeRows } from "./trade_rows.ts";

/** A row of a file of trades that was not taken. */
export interface RefusedTrade extends RefusedRow {
  /** The trade id it uses up, or `null` where it tells none. */
  readonly tradeId: number | null;
}

/** What was found in a file of trades. */
export interface TradeFileReport {
  /** How the table is written; `null` for an empty file and for lines of JSON. */
  readonly table: TableFacts | null;
  /** How times are written. */
  readonly times: TimeFacts;
  /** What the ids count. */
  readonly streamKind: StreamKind;
  /** Rows below the header, empty lines left out. */
  readonly rows: number;
  /** Rows that became trades. */
  readonly trades: number;
  /** Rows that were not taken; each was told to `onRefused`. */
  readonly refused: number;
  /** Trades whose id was made from their time, as the file tells none. */
  readonly madeIds: number;
  /** Trades whose side was told by the tick rule, as the file tells none. */
  readonly madeSides: number;
  /** Rows that say a simulated exchange made them, in a column `simulated`. */
  readonly simulated: number;
}

/** Turns rows into trades. */
export interface TradeParser {
  /** What was found so far. */
  readonly report: TradeFileReport;
  /** Takes the next rows. @throws {FileError} If the file holds no trades, or not whose. */
  push(rows: readonly Row[]): Trade[];
  /** Takes note that the file is over. */
  end(): Trade[];
}

/** So many rows are looked at before the first trade is told. */
const SAMPLE_ROWS = 100;

/** What both kinds of files of trades have in common: counting and refusing. */
export class TradeCounter {
  rows = 0;
  trades = 0;
  refused = 0;
  line = 0;
  readonly #onRefused: ((row: RefusedTrade) => void) | undefined;

  constructor(onRefused: ((row: RefusedTrade) => void) | undefined) {
    this.#onRefused = onRefused;
  }

  /** Counts what came of a row; returns whether it is a trade. */
  isTrade(found: Trade | NoTrade, row: Row): found is Trade {
    this.rows++;
    if (!("reason" in found)) {
      this.trades++;
      return true;
    }
    this.refused++;
    const { reason, tradeId } = found;
    this.#onRefused?.({ ...refusedRow(this.line, reason, textOf(row)), tradeId });
    return false;
  }
}

/** Reads a table of trades; finds out itself how it is written. */
export class TradeTableParser implements TradeParser {
  readonly #options: TradeFileOptions;
  readonly #counter: TradeCounter;
  #rows: TradeRows;
  #sample: Row[] | null = [];
  #table: TableFacts | null = null;
  #at: TradeColumns = {};
  #streamKind: StreamKind;

  /** @throws {RangeError} If the zone is not known. */
  constructor(options: TradeFileOptions, onRefused?: (row: RefusedTrade) => void) {
    this.#options = options;
    this.#counter = new TradeCounter(onRefused);
    this.#rows = new TradeRows(options);
    this.#streamKind = options.streamKind ?? "trade";
  }

  get report(): TradeFileReport {
    const { madeIds, madeSides, simulated, times } = this.#rows;
    const { rows, trades, refused } = this.#counter;
    const counts = { rows, trades, refused, madeIds, madeSides, simulated };
    return { table: this.#table, times: times.facts, streamKind: this.#streamKind, ...counts };
  }

  push(rows: readonly Row[]): Trade[] {
    if (this.#sample === null) return this.#parse(rows);
    this.#sample.push(...rows);
    return this.#sample.length < SAMPLE_ROWS ? [] : this.#begin();
  }

  end(): Trade[] {
    return this.#sample === null ? [] : this.#begin();
  }

  #begin(): Trade[] {
    const rows = this.#sample!;
    this.#sample = null;
    const filled = rows.filter((row) => !isBlank(row));
    if (filled.length === 0) return [];
    const { facts, at, streamKind } = sniffTradeTable(filled.slice(0, SAMPLE_ROWS));
    if (this.#options.symbol === undefined && at.symbol === undefined) {
      throw new FileError("Cannot read trades as no column holds the symbol: name it");
    }
    this.#table = facts;
    this.#at = at;
    this.#streamKind = this.#options.streamKind ?? streamKind;
    this.#rows = new TradeRows({ ...this.#options, decimalComma: facts.decimalComma });
    if (!facts.hasHeader) return this.#parse(rows);
    const header = rows.indexOf(filled[0]!);
    // The names of columns are a line, but no row of a format without lines.
    this.#counter.line = header + (facts.delimiter === null ? 0 : 1);
    return this.#parse(rows.slice(header + 1));
  }

  #parse(rows: readonly Row[]): Trade[] {
    const trades: Trade[] = [];
    const { delimiter } = this.#table!;
    const at = this.#at;
    for (const row of rows) {
      this.#counter.line++;
      if (isBlank(row)) continue;
      const found = this.#rows.read(tradeCells(cellsOf(row, delimiter), at));
      if (this.#counter.isTrade(found, row)) trades.push(found);
    }
    return trades;
  }
}

function tradeCells(cells: readonly Cell[], at: TradeColumns): TradeCells {
  return {
    symbol: at.symbol === undefined ? undefined : cells[at.symbol],
    id: at.id === undefined ? undefined : cells[at.id] ?? "",
    time: cells[at.time!] ?? "",
    price: cells[at.price!] ?? "",
    quantity: cells[at.quantity!] ?? "",
    side: at.side === undefined ? undefined : cells[at.side] ?? "",
    buyerIsMaker: at.buyerIsMaker === undefined ? undefined : cells[at.buyerIsMaker] ?? "",
    simulated: at.simulated === undefined ? undefined : cells[at.simulated],
  };
}
