import type { Trade } from "../market/mod.ts";
import { isBlank, type Row, textOf } from "./row.ts";
import {
  type RefusedTrade,
  TradeCounter,
  type TradeFileReport,
  type TradeParser,
} from "./trade_parser.ts";
import { type NoTrade, type TradeCells, type TradeFileOptions, TradeRows } from "./trade_rows.ts";

const NAMES: Readonly<Record<keyof TradeCells, readonly string[]>> = {
  symbol: ["symbol", "s", "instrument"],
  id: ["trade_id", "tradeId", "id"],
  time: ["ts", "timestamp", "time", "time_ms", "timeMs", "T"],
  price: ["price", "p", "px"],
  quantity: ["size", "quantity", "qty", "q", "amount"],
  side: ["side", "taker_side", "takerSide"],
  buyerIsMaker: ["is_buyer_maker", "m"],
  simulated: ["simulated"],
};

/** Reads lines of JSON, one tick each: `{"symbol":"BTCUSDT","ts":1721347020000,"price":1,"size":2}`. */
export class TickParser implements TradeParser {
  readonly #counter: TradeCounter;
  readonly #rows: TradeRows;
  readonly #streamKind: TradeFileReport["streamKind"];

  /** @throws {RangeError} If the zone is not known. */
  constructor(options: TradeFileOptions, onRefused?: (row: RefusedTrade) => void) {
    this.#counter = new TradeCounter(onRefused);
    this.#rows = new TradeRows(options);
    this.#streamKind = options.streamKind ?? "trade";
  }

  get report(): TradeFileReport {
    const { madeIds, madeSides, simulated, times } = this.#rows;
    const { rows, trades, refused } = this.#counter;
    const counts = { rows, trades, refused, madeIds, madeSides, simulated };
    return { table: null, times: times.facts, streamKind: this.#streamKind, ...counts };
  }

  push(rows: readonly Row[]): Trade[] {
    const trades: Trade[] = [];
    for (const row of rows) {
      this.#counter.line++;
      if (isBlank(row)) continue;
      const found = this.#read(textOf(row));
      if (this.#counter.isTrade(found, row)) trades.push(found);
    }
    return trades;
  }

  end(): Trade[] {
    return [];
  }

  #read(line: string): Trade | NoTrade {
    let tick: Record<string, unknown>;
    try {
      tick = JSON.parse(line);
    } catch {
      return { reason: "it is not JSON", tradeId: null };
    }
    if (typeof tick !== "object" || tick === null || Array.isArray(tick)) {
      return { reason: "it is no JSON object", tradeId: null };
    }
    return this.#rows.read({
      symbol: valueOf(tick, NAMES.symbol),
      id: valueOf(tick, NAMES.id),
      time: valueOf(tick, NAMES.time) ?? "",
      price: valueOf(tick, NAMES.price) ?? "",
      quantity: valueOf(tick, NAMES.quantity) ?? "",
      side: valueOf(tick, NAMES.side),
      buyerIsMaker: valueOf(tick, NAMES.buyerIsMaker),
      simulated: valueOf(tick, NAMES.simulated),
    });
  }
}

function valueOf(tick: Readonly<Record<string, unknown>>, names: readonly string[]) {
  for (const name of names) {
    const value = tick[name];
    if (value === undefined || value === null) continue;
    return typeof value === "object" ? "" : String(value);
  }
  return undefined;
}
