import type { BinanceArchive, BinanceRest } from "../../feed/mod.ts";
import type { StreamKind } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";
import type { History, TradesReceipt } from "../history/history.ts";

/** What filling a range needs. */
export interface Sources {
  readonly rest: BinanceRest;
  readonly archive: BinanceArchive;
  /** Where files of the archive are put while they are read. */
  readonly folder: string;
  readonly history: History;
  readonly reader: StoreReader;
  readonly signal: AbortSignal;
}

/** A range of one symbol to fill. */
export interface Range {
  readonly symbol: string;
  readonly streamKind: StreamKind;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Who is told how a fill goes on. */
export interface FillProgress {
  /** Everything up to this time is done, ms since the epoch. */
  reached(timeMs: number): void;
  /** So much came of what was put. */
  put(receipt: TradesReceipt): void;
  /** A day or row that could not be had, as a sentence. */
  problem(message: string): void;
}
