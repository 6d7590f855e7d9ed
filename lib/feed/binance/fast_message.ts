import { BINANCE_USDM, type StreamKind, type Trade } from "../../market/mod.ts";
import type { TradeEvent } from "../feed.ts";
import {
  afterDecimal,
  afterDigits,
  afterMark,
  afterName,
  afterPhrase,
  afterWhole,
  byteAt,
  lastNumber,
  Mark,
  nameBetween,
  Phrase,
  takeFrame,
} from "./frame_bytes.ts";
import { isTime } from "./trade_fields.ts";

// Combined frames in the exchange's own field order, of which it is known what JSON.parse and
// validation would make of them. What differs in a single byte takes the long way.

const STREAM = new Phrase('{"stream":"');
const AGG_TRADE = new Phrase('@aggTrade","data":{"e":"aggTrade","E":');
const TRADE = new Phrase('@trade","data":{"e":"trade","E":');
const AGGREGATE_ID = new Mark(',"a":');
const TRADE_ID = new Mark('","t":');
const SYMBOL = new Mark(',"s":"');
const PRICE = new Mark('","p":"');
const PRICE_AFTER_ID = new Mark(',"p":"');
const QUANTITY = new Mark('","q":"');
const MARKET_QUANTITY = new Mark('","nq":"');
const FIRST_ID = new Mark('","f":');
const LAST_ID = new Mark(',"l":');
const TIME = new Mark(',"T":');
const MARKET = new Phrase('","X":"MARKET"');
const BUYER_IS_MAKER = new Mark(',"m":');
const TRUE = new Mark("true");
const FALSE = new Mark("false");
const USD_MARGINED = new Mark(',"st":1}');

const COMMA = 44;
const BRACE = 125;
const MOST_SYMBOL_BYTES = 64;

/** Returns the trade of a frame in the exchange's own form, or `null`: parse it the long way. */
export function fastTrade(
  text: string,
  streamKind: StreamKind,
  receivedMs: number,
): TradeEvent | null {
  return streamKind === "aggTrade" ? aggregate(text, receivedMs) : single(text, receivedMs);
}

function aggregate(text: string, receivedMs: number): TradeEvent | null {
  let at = afterStart(text, AGG_TRADE);
  if (at === 0 || (at = afterWhole(at)) === 0) return null;
  const eventTimeMs = lastNumber();
  if ((at = afterMark(at, AGGREGATE_ID)) === 0 || (at = afterWhole(at)) === 0) return null;
  const tradeId = lastNumber();
  const symbolAt = afterMark(at, SYMBOL);
  if (symbolAt === 0) return null;
  const symbolEnd = afterName(symbolAt);
  if ((at = afterMark(symbolEnd, PRICE)) === 0 || (at = afterDecimal(at)) === 0) return null;
  const price = lastNumber();
  if ((at = afterMark(at, QUANTITY)) === 0 || (at = afterDecimal(at)) === 0) return null;
  const quantity = lastNumber();
  const marketAt = afterMark(at, MARKET_QUANTITY);
  if (marketAt > 0 && (at = afterDecimal(marketAt)) === 0) return null;
  if ((at = afterMark(at, FIRST_ID)) === 0 || (at = afterDigits(at)) === 0) return null;
  if ((at = afterMark(at, LAST_ID)) === 0 || (at = afterWhole(at)) === 0) return null;
  const lastFillId = lastNumber();
  if ((at = afterMark(at, TIME)) === 0 || (at = afterWhole(at)) === 0) return null;
  const timeMs = lastNumber();
  const maker = makerAtEnd(at, text.length);
  if (maker === null || !isSymbol(symbolAt, symbolEnd)) return null;
  if (!isTime(timeMs) || !(price > 0 && quantity > 0)) return null;
  const symbol = nameBetween(text, symbolAt, symbolEnd);
  const trade = made(symbol, tradeId, timeMs, price, quantity, maker);
  return { kind: "trade", trade, eventTimeMs, receivedMs, lastFillId };
}

function single(text: string, receivedMs: number): TradeEvent | null {
  let at = afterStart(text, TRADE);
  if (at === 0 || (at = afterWhole(at)) === 0) return null;
  const eventTimeMs = lastNumber();
  if ((at = afterMark(at, TIME)) === 0 || (at = afterWhole(at)) === 0) return null;
  const timeMs = lastNumber();
  const symbolAt = afterMark(at, SYMBOL);
  if (symbolAt === 0) return null;
  const symbolEnd = afterName(symbolAt);
  if ((at = afterMark(symbolEnd, TRADE_ID)) === 0 || (at = afterWhole(at)) === 0) return null;
  const tradeId = lastNumber();
  if ((at = afterMark(at, PRICE_AFTER_ID)) === 0 || (at = afterDecimal(at)) === 0) return null;
  const price = lastNumber();
  if ((at = afterMark(at, QUANTITY)) === 0 || (at = afterDecimal(at)) === 0) return null;
  const quantity = lastNumber();
  if ((at = afterPhrase(at, MARKET)) === 0) return null;
  const maker = makerAtEnd(at, text.length);
  if (maker === null || !isSymbol(symbolAt, symbolEnd)) return null;
  if (!isTime(timeMs) || !(price > 0 && quantity > 0)) return null;
  const symbol = nameBetween(text, symbolAt, symbolEnd);
  const trade = made(symbol, tradeId, timeMs, price, quantity, maker);
  return { kind: "trade", trade, eventTimeMs, receivedMs };
}

/** Takes a frame; returns the position of its event time, or 0 if it is of another stream. */
function afterStart(text: string, kind: Phrase): number {
  if (takeFrame(text) === 0) return 0;
  const stream = afterPhrase(0, STREAM);
  return stream === 0 ? 0 : afterPhrase(afterName(stream), kind);
}

/** Who was the maker, if that and perhaps the mark of USD-M is all that is left; else `null`. */
function makerAtEnd(at: number, length: number): "buyer" | "seller" | null {
  const flag = afterMark(at, BUYER_IS_MAKER);
  if (flag === 0) return null;
  const isBuyer = afterMark(flag, TRUE);
  let end = isBuyer > 0 ? isBuyer : afterMark(flag, FALSE);
  if (end === 0) return null;
  end = byteAt(end) === COMMA ? afterMark(end, USD_MARGINED) : byteAt(end) === BRACE ? end + 1 : 0;
  if (end === 0 || byteAt(end) !== BRACE || end + 1 !== length) return null;
  return isBuyer > 0 ? "buyer" : "seller";
}

function isSymbol(from: number, to: number): boolean {
  return to > from && to - from <= MOST_SYMBOL_BYTES;
}

function made(
  symbol: string,
  tradeId: number,
  timeMs: number,
  price: number,
  quantity: number,
  maker: "buyer" | "seller",
): Trade {
  return {
    venue: BINANCE_USDM,
    symbol,
    tradeId,
    timeMs,
    price,
    quantity,
    takerSide: maker === "buyer" ? "sell" : "buy",
    source: "ws",
  };
}
