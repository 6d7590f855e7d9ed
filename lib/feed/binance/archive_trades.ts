import { FileError, readTrades, readZip, type TradeFileReport } from "../../files/mod.ts";
import type { QuarantinedFrame, Trade } from "../../market/mod.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";

/** A part of the trades of a file of the archive, in the order of the file. */
export interface ArchivePart {
  /** The trades. */
  readonly trades: readonly Trade[];
  /** Rows that are none, and use up an id all the same. */
  readonly rejected: readonly QuarantinedFrame[];
}

/** A row that was not taken, and no id can be told of it. */
export interface UnreadRow {
  /** Its line in the table, from 1. */
  readonly line: number;
  /** Why it was not taken, as the end of a sentence. */
  readonly reason: string;
}

/** How to read a file of the archive. */
export interface ArchiveTradesOptions {
  /** The symbol as the exchange writes it. */
  readonly symbol: string;
  /** The time now, ms since the epoch; kept with rows that are set aside. */
  readonly nowMs: number;
  /** Told of rows that cannot even be set aside. */
  readonly onUnread?: (row: UnreadRow) => void;
  /** Told what the table turned out to be, once it is read. */
  readonly onReport?: (report: TradeFileReport) => void;
}

/** Rows that are handed on together. */
const PART_ROWS = 20_000;

/**
 * Reads the trades of a zipped file of the archive, in parts of constant size. Other files that
 * stray into the zip are left alone.
 *
 * The table may have column names or not; rows may be in any order and come twice: whoever stores
 * them sorts that out by their ids.
 *
 * @example See {@link BinanceArchive}; a file of one trade
 * ```ts
 * import { archiveTrades } from "tandem/feed";
 * import { packZip } from "tandem/files";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/BTCUSDT-aggTrades-2019-12-31.zip`;
 * const row = "1,7200.5,0.1,1,1,1577750400000,true\n";
 * await Deno.writeFile(path, await packZip("BTCUSDT-aggTrades-2019-12-31.csv", row));
 * const parts = await Array.fromAsync(archiveTrades(path, { symbol: "BTCUSDT", nowMs: 0 }));
 * strictEqual(parts[0]?.trades[0]?.price, 7200.5);
 * ```
 *
 * @param path The zip.
 * @param options The symbol, and who is told of trouble.
 * @returns The trades, in parts. Reading throws {@link FileError} where the zip is damaged or holds
 *   no table of trades.
 */
export async function* archiveTrades(
  path: string,
  options: ArchiveTradesOptions,
): AsyncGenerator<ArchivePart, void, undefined> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const source = { size, read: (offset: number, length: number) => readAt(file, offset, length) };
  let tables = 0;
  for await (const entry of readZip(source)) {
    if (!entry.name.toLowerCase().endsWith(".csv")) continue;
    tables++;
    yield* partsOf(entry.bytes, options);
  }
  if (tables === 0) throw new FileError(`Cannot read "${path}" as it holds no table`);
}

async function* partsOf(
  bytes: AsyncIterable<Uint8Array>,
  { symbol, nowMs, onUnread, onReport }: ArchiveTradesOptions,
): AsyncGenerator<ArchivePart, void, undefined> {
  let trades: Trade[] = [];
  let rejected: QuarantinedFrame[] = [];
  const file = readTrades(bytes, {
    symbol,
    source: "archive",
    onRefused({ tradeId, line, reason, text }) {
      if (tradeId === null) return onUnread?.({ line, reason });
      const isPrice = reason.includes("price");
      const isQuantity = reason.includes("quantity");
      rejected.push(quarantinedFrame({
        ...{ symbol, tradeId, raw: text, receivedMs: nowMs },
        reason: isPrice
          ? "price not positive"
          : isQuantity
          ? "quantity not positive"
          : "wrong type",
      }));
    },
  });
  for await (const part of file) {
    for (const trade of part) trades.push(trade);
    if (trades.length < PART_ROWS) continue;
    yield { trades, rejected };
    [trades, rejected] = [[], []];
  }
  if (trades.length + rejected.length > 0) yield { trades, rejected };
  onReport?.(file.report);
}

async function readAt(file: Deno.FsFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(offset, Deno.SeekMode.Start);
  let at = 0;
  while (at < length) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) break;
    at += read;
  }
  return bytes.subarray(0, at);
}
