import { ccxtFeed, CcxtRest } from "../../../lib/feed/mod.ts";
import { TradeNames } from "../../../lib/feed/ccxt/trade_names.ts";
import { ccxtVenue, type Trade } from "../../../lib/market/mod.ts";
import type { CcxtGateway } from "./ccxt_gateway.ts";
import type { Subject } from "./subjects.ts";

/** Bybit as ccxt speaks with it: names without a count, and quantities in base units. */
export function ccxtSubject(gateway: () => CcxtGateway): Subject {
  return {
    name: "ccxtFeed()",
    venue: ccxtVenue("bybit"),
    symbols: ["bybit:BTC/USDT:USDT", "bybit:ETH/USDT:USDT"],
    natives: ["BTCUSDT", "ETHUSDT"],
    stream: "publicTrade.BTCUSDT",
    unknown: {
      symbol: "bybit:NONE/USDT:USDT",
      told: /refused a request: "bybit does not have market symbol NONE\/USDT:USDT"/,
    },
    corruptions: {
      "price not positive": (text) => text.replace(/"p":"[^"]+"/, '"p":"-1"'),
      "quantity not positive": (text) => text.replace(/"v":"[^"]+"/, '"v":"0"'),
      "wrong type": (text) => text.replace(/"S":"[^"]+"/, '"S":"Up"'),
      "missing field": (text) => text.replace(/"T":\d+,/, ""),
      "time out of range": (text) => text.replace(/"T":\d+/, '"T":4000000000000'),
      "not JSON": (text) => text.slice(0, -1),
    },
    async feed(exchange, options) {
      await gateway().reach(exchange, ["bybit"]);
      const rest = new CcxtRest("bybit", { baseUrl: gateway().url });
      const { instruments } = await rest.instruments();
      return ccxtFeed({
        ...{ venue: "bybit", rest, checkMs: 400 },
        instruments: new Map(instruments.map((i) => [i.symbol, i])),
        ...options,
      });
    },
    truth: (exchange, native, symbol) =>
      withNameIds(exchange.trades(native, "bybit-linear"), native, symbol),
  };
}

/** The ids that the trades of the simulated Bybit have by their names. */
function withNameIds(trades: readonly Trade[], native: string, symbol: string): Trade[] {
  const names = new TradeNames();
  let hash = 0;
  for (const letter of native) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  return trades.map((trade) => {
    const name = `${hash.toString(16).padStart(8, "0")}-0000-5000-8000-${
      trade.tradeId.toString(16).padStart(12, "0")
    }`;
    const tradeId = names.idOf(symbol, name, trade.timeMs);
    return { ...trade, venue: "ccxt-bybit", symbol, tradeId };
  }).sort((a, b) => a.tradeId - b.tradeId);
}
