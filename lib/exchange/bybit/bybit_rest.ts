import { candleSpan, mergeMinutes } from "../candle.ts";
import { formatDecimal } from "../decimal.ts";
import { RequestPace } from "../request_pace.ts";
import { candleTexts } from "../wire.ts";
import { restRow, sequenced } from "./linear.ts";
import type { Market, MarketTape } from "../venue_market.ts";

/** How many requests an address may send … */
const MOST_REQUESTS = 600;
/** … in this time, ms. */
const WINDOW_MS = 5_000;
const MOST_ROWS = 1_000;
/** What the venue trades; here all of it is linear. */
const CATEGORIES: ReadonlySet<string> = new Set(["linear", "inverse", "spot", "option"]);

/** A refusal as the venue tells it. */
class Refusal {
  constructor(readonly code: number, readonly message: string, readonly status = 200) {}
}

/** The REST side of the simulated Bybit, `/v5/…`. */
export class BybitRestServer {
  readonly #market: Market;
  readonly #pace = new RequestPace(MOST_REQUESTS, WINDOW_MS);

  /** Answers from what `market` keeps. */
  constructor(market: Market) {
    this.#market = market;
  }

  /** Answers a request from a host. */
  answer(method: string, url: URL, host: string): Response {
    const result = this.#pace.isTooFast(host)
      ? new Refusal(10_006, "Too many visits!", 403)
      : method === "GET"
      ? this.#result(url)
      : new Refusal(404, "Not Found", 404);
    const [retCode, retMsg, status] = result instanceof Refusal
      ? [result.code, result.message, result.status]
      : [0, "OK", 200];
    const answer = {
      ...{ retCode, retMsg, result: result instanceof Refusal ? {} : result },
      ...{ retExtInfo: {}, time: this.#market.clockMs() },
    };
    return Response.json(answer, { status, headers: { server: "tandem-exchange" } });
  }

  #result({ pathname, searchParams: parameters }: URL): unknown {
    const nowMs = this.#market.clockMs();
    if (pathname === "/v5/market/time") {
      return { timeSecond: String(Math.floor(nowMs / 1_000)), timeNano: `${nowMs}000000` };
    }
    const category = parameters.get("category") ?? "";
    if (!CATEGORIES.has(category)) return new Refusal(10_001, "Illegal category");
    if (pathname === "/v5/market/instruments-info") {
      const tapes = category === "linear" ? [...this.#market.tapes.values()] : [];
      return { category, list: tapes.map(instrument), nextPageCursor: "" };
    }
    if (category !== "linear") return new Refusal(10_001, "params error: symbol invalid");
    const symbol = parameters.get("symbol") ?? "";
    const tape = this.#market.tapes.get(symbol);
    if (tape === undefined) return new Refusal(10_001, "params error: symbol invalid");
    const limit = Number(parameters.get("limit") ?? 500);
    if (!(limit >= 1 && limit <= MOST_ROWS)) return new Refusal(10_001, "params error: limit");
    switch (pathname) {
      case "/v5/market/recent-trade":
        return { category: "linear", list: recent(tape, limit) };
      case "/v5/market/kline":
        return parameters.get("interval") === "1"
          ? { category: "linear", symbol, list: minutes(tape, limit) }
          : new Refusal(10_001, "Invalid period!");
      default:
        return new Refusal(404, "Not Found", 404);
    }
  }
}

function instrument({ contract, status }: MarketTape): unknown {
  const { symbol, baseAsset, quoteAsset, pricePrecision, quantityPrecision, tickUnits } = contract;
  const step = formatDecimal(1, quantityPrecision);
  return {
    ...{ symbol, contractType: "LinearPerpetual" },
    status: status === "TRADING" ? "Trading" : "Closed",
    ...{ baseCoin: baseAsset, quoteCoin: quoteAsset, settleCoin: quoteAsset },
    priceFilter: { tickSize: formatDecimal(tickUnits, pricePrecision) },
    lotSizeFilter: { qtyStep: step, minOrderQty: step },
  };
}

/** The newest trades, the newest first. */
function recent(tape: MarketTape, limit: number): unknown[] {
  const from = Math.max(0, tape.trades.size - limit);
  const rows = tape.trades.slice(from, tape.trades.size);
  return sequenced(tape, rows, from).map((row) => restRow(tape, row)).reverse();
}

/** The newest minutes, the newest first: start, prices, volumes in base and quote. */
function minutes({ contract, candles }: MarketTape, limit: number): string[][] {
  return mergeMinutes(candles.minutes.slice(-limit), candleSpan("1m")!).map((candle) => {
    const { open, high, low, close, volume, quoteVolume } = candleTexts(contract, candle);
    return [String(candle.openTimeMs), open, high, low, close, volume, quoteVolume];
  }).reverse();
}
