import { packZip } from "../files/mod.ts";
import type { Contract } from "./contract.ts";
import { formatDecimal } from "./decimal.ts";
import type { RowHistory } from "./row_history.ts";
import type { Tape } from "./tape.ts";
import type { TradeRow } from "./trade_row.ts";
import { candleTexts } from "./wire.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const PATH =
  /^\/data\/futures\/um\/(daily|monthly)\/(aggTrades|trades|klines)\/([^/]+)\/(?:1m\/)?([^/]+)\.zip(\.CHECKSUM)?$/;

const HEADERS = {
  aggTrades:
    "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker",
  trades: "id,price,qty,quote_qty,time,is_buyer_maker",
  klines:
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore",
} as const;

type ArchiveKind = keyof typeof HEADERS;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Whether a path asks for a file of the archive of past days and months. */
export function isArchivePath(pathname: string): boolean {
  return pathname.startsWith("/data/");
}

/**
 * Answers as data.binance.vision does: a zipped table of a day or month that is over, or the line
 * `sha256  name` for its checksum; 404 for everything else. Decimals have lost their last zeros.
 */
export async function archiveFile(
  pathname: string,
  tapes: ReadonlyMap<string, Tape>,
  nowMs: number,
): Promise<Response> {
  const missing = () => new Response("<Error><Code>NoSuchKey</Code></Error>", { status: 404 });
  const match = PATH.exec(decoded(pathname) ?? "");
  if (match === null) return missing();
  const [, period, kind, symbol, name, checksum] = match as unknown as [
    ...[string, "daily" | "monthly", ArchiveKind, string, string, string | undefined],
  ];
  const tape = tapes.get(symbol);
  const prefix = `${symbol}-${kind === "klines" ? "1m" : kind}-`;
  const span = name.startsWith(prefix) ? spanOf(period, name.slice(prefix.length)) : null;
  if (tape === undefined || span === null || span.toMs > nowMs) return missing();
  const lines = kind === "klines" ? candleLines(tape, span) : tradeLines(tape, kind, span);
  if (lines === null) return missing();
  const zip = await packZip(`${name}.csv`, [HEADERS[kind], ...lines, ""].join("\n"));
  if (checksum === undefined) return new Response(zip);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", zip)).toHex();
  return new Response(`${digest}  ${name}.zip\n`);
}

/** A path without its percent signs, or `null` where they mean nothing. */
function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

function spanOf(period: "daily" | "monthly", text: string): Span | null {
  const date = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text);
  if (date === null || (date[3] === undefined) !== (period === "monthly")) return null;
  const [year, month, day] = [Number(date[1]), Number(date[2]) - 1, Number(date[3] ?? 1)];
  const fromMs = Date.UTC(year, month, day);
  return { fromMs, toMs: period === "daily" ? fromMs + DAY_MS : Date.UTC(year, month + 1) };
}

function tradeLines(tape: Tape, kind: "aggTrades" | "trades", span: Span): string[] | null {
  const rows: RowHistory = kind === "aggTrades" ? tape.aggTrades : tape.trades;
  const from = rows.indexOfTime(span.fromMs);
  // What was let go of is not told as if it had never been.
  if (from === 0 && rows.dropped) return null;
  const found = rows.slice(from, rows.indexOfTime(span.toMs));
  if (found.length === 0) return null;
  const line = kind === "aggTrades" ? aggTradeLine : tradeLine;
  return found.map((row) => line(tape.contract, row));
}

function aggTradeLine(contract: Contract, row: TradeRow): string {
  const { id, firstId, lastId, timeMs, takerSold } = row;
  const [price, quantity] = decimalsOf(contract, row);
  return [id, price, quantity, firstId, lastId, timeMs, takerSold].join();
}

function tradeLine(contract: Contract, row: TradeRow): string {
  const [price, quantity] = decimalsOf(contract, row);
  const quote = shortened(
    formatDecimal(row.price * row.quantity, contract.pricePrecision + contract.quantityPrecision),
  );
  return [row.id, price, quantity, quote, row.timeMs, row.takerSold].join();
}

function decimalsOf(contract: Contract, row: TradeRow): readonly [string, string] {
  return [
    shortened(formatDecimal(row.price, contract.pricePrecision)),
    shortened(formatDecimal(row.quantity, contract.quantityPrecision)),
  ];
}

function candleLines({ candles, contract }: Tape, { fromMs, toMs }: Span): string[] | null {
  const minutes = candles.minutes.filter((m) => m.openTimeMs >= fromMs && m.openTimeMs < toMs);
  if (minutes.length < (toMs - fromMs) / MINUTE_MS) return null;
  return minutes.map((minute) => {
    const t = candleTexts(contract, minute);
    return [
      ...[minute.openTimeMs, t.open, t.high, t.low, t.close, t.volume],
      ...[minute.openTimeMs + MINUTE_MS - 1, t.quoteVolume, minute.tradeCount],
      ...[t.takerBuyVolume, t.takerBuyQuoteVolume, 0],
    ].join();
  });
}

function shortened(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
