/**
 * The texts the exchange sends: payloads of the streams and rows of REST, field by field in the
 * order and with the types of the real one. Local names are those of the wire.
 */
import type { Candle } from "./candle.ts";
import type { Contract } from "./contract.ts";
import { formatDecimal } from "./decimal.ts";
import type { TradeRow } from "./trade_row.ts";

/** `st` on the wire: a USD-M contract. */
const USD_MARGINED = 1;

/** The payload of `<symbol>@trade`. */
export function tradePayload(contract: Contract, row: TradeRow, eventTimeMs: number): string {
  const p = formatDecimal(row.price, contract.pricePrecision);
  const q = formatDecimal(row.quantity, contract.quantityPrecision);
  return `{"e":"trade","E":${eventTimeMs},"T":${row.timeMs},"s":"${contract.symbol}",` +
    `"t":${row.id},"p":"${p}","q":"${q}","X":"MARKET","m":${row.takerSold},"st":${USD_MARGINED}}`;
}

/** The payload of `<symbol>@aggTrade`. No fill is of an RPI order, so `nq` is `q`. */
export function aggTradePayload(contract: Contract, row: TradeRow, eventTimeMs: number): string {
  const p = formatDecimal(row.price, contract.pricePrecision);
  const q = formatDecimal(row.quantity, contract.quantityPrecision);
  return `{"e":"aggTrade","E":${eventTimeMs},"a":${row.id},"s":"${contract.symbol}",` +
    `"p":"${p}","q":"${q}","nq":"${q}","f":${row.firstId},"l":${row.lastId},` +
    `"T":${row.timeMs},"m":${row.takerSold},"st":${USD_MARGINED}}`;
}

/** A row of REST `aggTrades`. */
export function aggTradeRow(contract: Contract, row: TradeRow): string {
  const p = formatDecimal(row.price, contract.pricePrecision);
  const q = formatDecimal(row.quantity, contract.quantityPrecision);
  return `{"a":${row.id},"p":"${p}","q":"${q}","nq":"${q}","f":${row.firstId},` +
    `"l":${row.lastId},"T":${row.timeMs},"m":${row.takerSold}}`;
}

/** The best bid and ask of a symbol, in units of its contract. */
export interface Quote {
  /** Id of the book's state, increasing and not contiguous. */
  readonly updateId: number;
  readonly bid: number;
  readonly bidQuantity: number;
  readonly ask: number;
  readonly askQuantity: number;
}

/** The payload of `<symbol>@bookTicker`. */
export function bookTickerPayload(contract: Contract, quote: Quote, eventTimeMs: number): string {
  const b = formatDecimal(quote.bid, contract.pricePrecision);
  const B = formatDecimal(quote.bidQuantity, contract.quantityPrecision);
  const a = formatDecimal(quote.ask, contract.pricePrecision);
  const A = formatDecimal(quote.askQuantity, contract.quantityPrecision);
  return `{"e":"bookTicker","u":${quote.updateId},"s":"${contract.symbol}",` +
    `"ps":"${contract.symbol}","b":"${b}","B":"${B}","a":"${a}","A":"${A}",` +
    `"T":${eventTimeMs},"E":${eventTimeMs},"st":${USD_MARGINED}}`;
}

const FUNDING_INTERVAL_MS = 8 * 3_600_000;

/** The payload of `<symbol>@markPrice`; mark, its average, index and settlement are one price. */
export function markPricePayload(contract: Contract, price: number, eventTimeMs: number): string {
  const p = price.toFixed(8);
  const T = (Math.floor(eventTimeMs / FUNDING_INTERVAL_MS) + 1) * FUNDING_INTERVAL_MS;
  return `{"e":"markPriceUpdate","E":${eventTimeMs},"s":"${contract.symbol}",` +
    `"p":"${p}","ap":"${p}","P":"${p}","i":"${p}","r":"0.00010000","T":${T},"st":${USD_MARGINED}}`;
}

/** A candle's numbers as decimals. */
export interface CandleTexts {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly takerBuyVolume: string;
  readonly takerBuyQuoteVolume: string;
}

/** Writes a candle's numbers as decimals. */
export function candleTexts(contract: Contract, candle: Candle): CandleTexts {
  const { pricePrecision, quantityPrecision } = contract;
  const quotePrecision = pricePrecision + quantityPrecision;
  return {
    open: formatDecimal(candle.open, pricePrecision),
    high: formatDecimal(candle.high, pricePrecision),
    low: formatDecimal(candle.low, pricePrecision),
    close: formatDecimal(candle.close, pricePrecision),
    volume: formatDecimal(candle.volume, quantityPrecision),
    quoteVolume: formatDecimal(candle.quoteVolume, quotePrecision),
    takerBuyVolume: formatDecimal(candle.takerBuyVolume, quantityPrecision),
    takerBuyQuoteVolume: formatDecimal(candle.takerBuyQuoteVolume, quotePrecision),
  };
}

/** The payload of `<symbol>@kline_1m`. */
export function klinePayload(
  contract: Contract,
  candle: Candle,
  isClosed: boolean,
  eventTimeMs: number,
): string {
  const texts = candleTexts(contract, candle);
  return JSON.stringify({
    e: "kline",
    E: eventTimeMs,
    s: contract.symbol,
    k: {
      t: candle.openTimeMs,
      T: candle.openTimeMs + 59_999,
      s: contract.symbol,
      i: "1m",
      f: candle.firstId,
      L: candle.lastId,
      o: texts.open,
      c: texts.close,
      h: texts.high,
      l: texts.low,
      v: texts.volume,
      n: candle.tradeCount,
      x: isClosed,
      q: texts.quoteVolume,
      V: texts.takerBuyVolume,
      Q: texts.takerBuyQuoteVolume,
      B: "0",
    },
  });
}

/** A row of REST `klines`. */
export function klineRow(
  contract: Contract,
  candle: Candle,
  endTimeMs: number,
): (string | number)[] {
  const texts = candleTexts(contract, candle);
  return [
    candle.openTimeMs,
    texts.open,
    texts.high,
    texts.low,
    texts.close,
    texts.volume,
    endTimeMs - 1,
    texts.quoteVolume,
    candle.tradeCount,
    texts.takerBuyVolume,
    texts.takerBuyQuoteVolume,
    "0",
  ];
}
