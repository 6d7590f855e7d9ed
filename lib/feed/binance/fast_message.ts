import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import type { TradeEvent } from "../feed.ts";
import { isSymbol, isTime, isWhole } from "./trade_fields.ts";

// Combined frames in the exchange's own field order, and nothing but what JSON.parse and validation
// accept with the same result: whole numbers without a leading zero, plain decimals, ASCII symbols.
// What does not match takes the long way.
const WHOLE = String.raw`[1-9]\d*`;
const DECIMAL = String.raw`"(\d+\.\d+|\d+)"`;
const START = String.raw`^\{"stream":"[\w@]+","data":\{`;
const END = String.raw`"m":(true|false)(?:,"st":1)?\}\}$`;

const AGG_TRADE = new RegExp(
  `${START}"e":"aggTrade","E":(${WHOLE}),"a":(${WHOLE}),"s":"(\\w+)","p":${DECIMAL},"q":${DECIMAL},` +
    `(?:"nq":"[\\d.]+",)?"f":${WHOLE},"l":${WHOLE},"T":(${WHOLE}),${END}`,
);
const TRADE = new RegExp(
  `${START}"e":"trade","E":(${WHOLE}),"T":(${WHOLE}),"s":"(\\w+)","t":(${WHOLE}),"p":${DECIMAL},` +
    `"q":${DECIMAL},"X":"MARKET",${END}`,
);

/** Returns the trade of a frame in the exchange's own form, or `null`: parse it the long way. */
export function fastTrade(
  text: string,
  streamKind: StreamKind,
  receivedMs: number,
): TradeEvent | null {
  const isAggTrade = streamKind === "aggTrade";
  const match = (isAggTrade ? AGG_TRADE : TRADE).exec(text);
  if (match === null) return null;
  const symbol = match[3];
  const eventTimeMs = Number(match[1]);
  const tradeId = Number(match[isAggTrade ? 2 : 4]);
  const timeMs = Number(match[isAggTrade ? 6 : 2]);
  const price = Number(match[isAggTrade ? 4 : 5]);
  const quantity = Number(match[isAggTrade ? 5 : 6]);
  if (!isSymbol(symbol) || !isWhole(eventTimeMs) || !isWhole(tradeId) || !isTime(timeMs)) {
    return null;
  }
  if (!(price > 0 && price < Infinity && quantity > 0 && quantity < Infinity)) return null;
  return {
    kind: "trade",
    trade: {
      venue: BINANCE_USDM,
      symbol,
      tradeId,
      timeMs,
      price,
      quantity,
      takerSide: match[7] === "true" ? "sell" : "buy",
      source: "ws",
    },
    eventTimeMs,
    receivedMs,
  };
}
