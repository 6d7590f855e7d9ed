import {
  type BarFileReport,
  type FileFormat,
  readBarRows,
  readTradeRows,
  type RefusedRow,
  type RefusedTrade,
  type Row,
  sniffFormat,
  type TradeFileReport,
} from "../../files/mod.ts";
import {
  type Bar,
  BINANCE_USDM,
  type QuarantinedFrame,
  type StreamKind,
  type Trade,
  type TradeSource,
  venueOf,
} from "../../market/mod.ts";
import {
  addReceipt,
  type BarsReceipt,
  type History,
  NO_BARS,
  NO_TRADES,
  type TradesReceipt,
} from "../history/history.ts";
import type { Input } from "./open_inputs.ts";
import { Peeked } from "./peeked.ts";
import { symbolOfName } from "./symbol_of_name.ts";

/** So many rows of a file are looked at to tell what it holds. */
const SNIFFED_ROWS = 500;

/** What tables do not say themselves; `null` where it is to be found out. */
export interface TableHints {
  /** The symbol of all rows; `null` to take it from a column or the file's name. */
  readonly symbol: string | null;
  /** Length of bars in ms. */
  readonly intervalMs: number | null;
  /** The zone of times that name none. */
  readonly zone: string;
  readonly streamKind: StreamKind | null;
  /** What the files hold. */
  readonly format: FileFormat | null;
}

/** What importing one table came to. */
export interface Imported {
  readonly name: string;
  /** What it holds; `null` for an empty file. */
  readonly format: FileFormat | null;
  readonly report: BarFileReport | TradeFileReport | null;
  readonly receipt: BarsReceipt | TradesReceipt;
}

/** Imports one table. @throws {FileError} If it cannot be read as what it seems to be. */
export async function importInput(
  { name, rows }: Input,
  options: TableHints,
  history: History,
  refuse: (row: RefusedRow) => void,
  signal: AbortSignal,
): Promise<Imported> {
  const peeked = new Peeked(rows, SNIFFED_ROWS);
  const start = (await peeked.start()).slice(0, SNIFFED_ROWS);
  if (start.every((row) => typeof row === "string" && row.trim() === "")) {
    return { name, format: null, report: null, receipt: NO_TRADES };
  }
  const format = options.format ?? sniffFormat(start);
  const symbol = options.symbol ?? symbolOfName(name);
  const common = {
    ...(symbol === null ? {} : { symbol }),
    zone: options.zone,
  };
  const job: Job = { name, rows: peeked, options, history, refuse, signal };
  return format === "bars"
    ? await importBars(job, common)
    : await importTrades(job, common, format);
}

interface Job {
  readonly name: string;
  readonly rows: AsyncIterable<readonly Row[]>;
  readonly options: TableHints;
  readonly history: History;
  readonly refuse: (row: RefusedRow) => void;
  readonly signal: AbortSignal;
}

interface Common {
  readonly symbol?: string;
  readonly zone: string;
}

async function importBars(job: Job, common: Common): Promise<Imported> {
  const { name, options, history, signal } = job;
  const file = readBarRows(job.rows, {
    ...common,
    ...(options.intervalMs === null ? {} : { intervalMs: options.intervalMs }),
    onRefused: job.refuse,
  });
  let receipt = NO_BARS;
  const put = async (rows: readonly Bar[]) => {
    signal.throwIfAborted();
    if (file.report.simulated > 0) history.markSimulated();
    for (const [symbol, bars] of Map.groupBy(rows, (bar) => bar.symbol)) {
      const { venue, intervalMs } = bars[0]!;
      receipt = addReceipt(receipt, await history.putBars({ venue, symbol, intervalMs, bars }));
    }
  };
  await inBatches(file, history.batchRows, put);
  return { name, format: "bars", report: file.report, receipt };
}

async function importTrades(
  job: Job,
  common: Common,
  format: "trades" | "ticks",
): Promise<Imported> {
  const { name, options, history, signal } = job;
  const source: TradeSource = /-(aggTrades|trades)-\d{4}-\d{2}/.test(name) ? "archive" : "import";
  let rejected: QuarantinedFrame[] = [];
  const file = readTradeRows(job.rows, {
    ...common,
    source,
    format: format === "ticks" ? "json lines" : "table",
    ...(options.streamKind === null ? {} : { streamKind: options.streamKind }),
    onRefused(row) {
      job.refuse(row);
      if (row.tradeId !== null && common.symbol !== undefined) {
        rejected.push(frameOf(row, row.tradeId, common.symbol));
      }
    },
  });
  let receipt = NO_TRADES;
  const put = async (rows: readonly Trade[]) => {
    signal.throwIfAborted();
    const { streamKind, simulated } = file.report;
    if (simulated > 0) history.markSimulated();
    for (const [symbol, trades] of Map.groupBy(rows, (trade) => trade.symbol)) {
      const { venue } = trades[0]!;
      const own = rejected.filter((frame) => frame.symbol === symbol);
      const batch = { venue, symbol, streamKind, trades, rejected: own };
      receipt = addReceipt(receipt, await history.putTrades(batch));
    }
    rejected = [];
  };
  await inBatches(file, history.batchRows, put);
  return { name, format, report: file.report, receipt };
}

function frameOf(row: RefusedTrade, tradeId: number, symbol: string): QuarantinedFrame {
  const reason = row.reason.includes("price")
    ? "price not positive"
    : row.reason.includes("quantity")
    ? "quantity not positive"
    : "wrong type";
  const venue = venueOf(symbol)?.code ?? BINANCE_USDM;
  return { venue, symbol, tradeId, reason, raw: row.text, receivedMs: Date.now() };
}

async function inBatches<T>(
  parts: AsyncIterable<readonly T[]>,
  size: number,
  put: (rows: readonly T[]) => Promise<void>,
): Promise<void> {
  let rows: T[] = [];
  for await (const part of parts) {
    for (const row of part) {
      rows.push(row);
      if (rows.length < size) continue;
      await put(rows);
      rows = [];
    }
  }
  if (rows.length > 0) await put(rows);
}
