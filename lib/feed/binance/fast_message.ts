import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import type { TradeEvent } from "../feed.ts";

// Combined frames in the exchange's own field order, and nothing but what JSON.parse and validation
// accept with the same result: whole numbers of at most 15 digits without a leading zero, plain
// decimals of at most 20 digits a side, ASCII symbols. What does not match takes the long way.
const WHOLE = String.raw`(?:0|[1-9]\d{0,14})`;
const DECIMAL = String.raw`"(\d{1,20}(?:\.\d{1,20})?)"`;
const SYMBOL = String.raw`"s":"(\w{1,40})"`;
const START = String.raw`^\{"stream":"[\w@]{1,64}","data":\{`;
const END = String.raw`"m":(true|false)(?:,"st":1)?\}\}$`;

const AGG_TRADE = new RegExp(
  `${START}"e":"aggTrade","E":(${WHOLE}),"a":(${WHOLE}),${SYMBOL},"p":${DECIMAL},"q":${DECIMAL},` +
    `(?:"nq":"[\\d.]{1,40}",)?"f":${WHOLE},"l":${WHOLE},"T":(${WHOLE}),${END}`,
);
const TRADE = new RegExp(
  `${START}"e":"trade","E":(${WHOLE}),"T":(${WHOLE}),${SYMBOL},"t":(${WHOLE}),"p":${DECIMAL},` +
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
  const price = Number(match[isAggTrade ? 4 : 5]);
  const quantity = Number(match[isAggTrade ? 5 : 6]);
  if (!(price > 0) || !(quantity > 0)) return null;
  return {
    kind: "trade",
    trade: {
      venue: BINANCE_USDM,
      symbol: match[3]!,
      tradeId: Number(match[isAggTrade ? 2 : 4]),
      timeMs: Number(match[isAggTrade ? 6 : 2]),
      price,
      quantity,
      takerSide: match[7] === "true" ? "sell" : "buy",
      source: "ws",
    },
    eventTimeMs: Number(match[1]),
    receivedMs,
  };
}
