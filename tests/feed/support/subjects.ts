import type { Exchange } from "../../../lib/exchange/mod.ts";
import {
  binanceFeed,
  bybitFeed,
  BybitRest,
  type Feed,
  type FeedOptions,
  okxFeed,
  OkxRest,
} from "../../../lib/feed/mod.ts";
import {
  type QuarantineReason,
  sequenceId,
  type Trade,
  type Venue,
  VENUES,
} from "../../../lib/market/mod.ts";

/** A venue that the suite of feeds is run over, as the simulated exchange tells of it. */
export interface Subject {
  readonly name: string;
  readonly venue: Venue;
  /** Two symbols that trade, and what the simulated market calls them. */
  readonly symbols: readonly [btc: string, eth: string];
  readonly natives: readonly [btc: string, eth: string];
  /** What the stream of the first symbol is called. */
  readonly stream: string;
  /** A symbol that it does not know, and what is told of it. */
  readonly unknown: { readonly symbol: string; readonly told: RegExp };
  /** Makes each of the reasons out of the text of a trade's frame. */
  readonly corruptions: Partial<Record<QuarantineReason, (text: string) => string>>;
  feed(exchange: Exchange, options: FeedOptions): Promise<Feed>;
  /** Everything that was traded in a symbol, as it is to be stored. */
  truth(exchange: Exchange, native: string, symbol: string): Trade[];
}

const venue = (code: string) => VENUES.find((v) => v.code === code)!;

export const BINANCE: Subject = {
  name: "binanceFeed()",
  venue: venue("binance-usdm"),
  symbols: ["BTCUSDT", "ETHUSDT"],
  natives: ["BTCUSDT", "ETHUSDT"],
  stream: "btcusdt@aggTrade",
  unknown: { symbol: "NONEUSDT", told: /NONEUSDT: subscribed .* no trade since; .* unknown/ },
  corruptions: {
    "price not positive": (text) => text.replace(/"p":"[^"]+"/, '"p":"0"'),
    "quantity not positive": (text) => text.replace(/"q":"[^"]+"/, '"q":"0"'),
    "wrong type": (text) => text.replace(/"m":(\w+)/, '"m":"$1"'),
    "missing field": (text) => text.replace(/"T":\d+,/, ""),
    "not JSON": (text) => text.slice(1),
    "unknown frame": (text) => text.replace('"e":"aggTrade"', '"e":"aggNothing"'),
    "unknown symbol": (text) => text.replace(/"s":"[^"]+"/, '"s":"STRANGEUSDT"'),
  },
  feed: (exchange, options) =>
    Promise.resolve(binanceFeed({
      ...{ streamKind: "aggTrade", wsUrl: exchange.wsUrl, restUrl: exchange.restUrl },
      ...options,
    })),
  truth: (exchange, native) => exchange.aggTrades(native),
};

export const OKX: Subject = {
  name: "okxFeed()",
  venue: venue("okx-swap"),
  symbols: ["okx:BTC-USDT-SWAP", "okx:ETH-USDT-SWAP"],
  natives: ["BTCUSDT", "ETHUSDT"],
  stream: "trades-all/BTC-USDT-SWAP",
  unknown: {
    symbol: "okx:NONE-USDT-SWAP",
    told: /refused a request: ".*NONE-USDT-SWAP doesn't exist/,
  },
  corruptions: {
    "price not positive": (text) => text.replace(/"px":"[^"]+"/, '"px":"0"'),
    "quantity not positive": (text) => text.replace(/"sz":"[^"]+"/, '"sz":"0"'),
    "wrong type": (text) => text.replace(/"side":"[^"]+"/, '"side":"up"'),
    "missing field": (text) => text.replace(/"ts":"\d+",/, ""),
    "not JSON": (text) => text.slice(1),
    "unknown frame": (text) => text.replace("trades-all", "trades-none"),
    "unknown symbol": (text) =>
      text.replace(/"instId":"BTC-USDT-SWAP","tradeId"/, '"instId":"X","tradeId"'),
  },
  async feed(exchange, options) {
    const rest = new OkxRest({ baseUrl: exchange.restUrl });
    const instruments = new Map((await rest.instruments()).map((i) => [i.symbol, i]));
    return okxFeed({ wsUrl: exchange.wsUrl, rest, instruments, ...options });
  },
  truth: (exchange, native, symbol) =>
    exchange.trades(native, "okx-swap").map((trade) => ({ ...trade, symbol })),
};

export const BYBIT: Subject = {
  name: "bybitFeed()",
  venue: venue("bybit-linear"),
  symbols: ["bybit:BTCUSDT", "bybit:ETHUSDT"],
  natives: ["BTCUSDT", "ETHUSDT"],
  stream: "publicTrade.BTCUSDT",
  unknown: {
    symbol: "bybit:NONEUSDT",
    told: /refused a request: ".*handler not found,topic:publicTrade\.NONEUSDT"/,
  },
  corruptions: {
    "price not positive": (text) => text.replace(/"p":"[^"]+"/, '"p":"0"'),
    "quantity not positive": (text) => text.replace(/"v":"[^"]+"/, '"v":"0"'),
    "wrong type": (text) => text.replace(/"S":"[^"]+"/, '"S":"Up"'),
    "missing field": (text) => text.replace(/"T":\d+,/, ""),
    "not JSON": (text) => text.slice(1),
    "unknown frame": (text) => text.replace("publicTrade", "privateTrade"),
    "unknown symbol": (text) => text.replace(/"s":"[^"]+"/, '"s":"STRANGEUSDT"'),
  },
  feed: (exchange, options) =>
    Promise.resolve(bybitFeed({
      ...{ wsUrl: exchange.wsUrl, rest: new BybitRest({ baseUrl: exchange.restUrl }) },
      ...{ checkMs: 400, ...options },
    })),
  truth: (exchange, native, symbol) =>
    withSequenceIds(exchange.trades(native, "bybit-linear"), symbol),
};

/** What one taker filled shares a number: that of its first fill, from where the venue counts. */
export function withSequenceIds(trades: readonly Trade[], symbol: string): Trade[] {
  let first = trades[0];
  return trades.map((trade) => {
    if (trade.timeMs !== first!.timeMs || trade.takerSide !== first!.takerSide) first = trade;
    const sequence = 500_000_000_000 + first!.tradeId;
    const tradeId = sequenceId(sequence, trade.tradeId - first!.tradeId);
    return { ...trade, symbol, tradeId };
  });
}
