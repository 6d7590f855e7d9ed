import { formatDecimal } from "../decimal.ts";
import { RequestPace } from "../request_pace.ts";
import { findSwap, swapOf, swapTradeRow } from "./swap.ts";
import type { Market } from "../venue_market.ts";

/** How many requests of one kind an address may send … */
const MOST_REQUESTS = 20;
/** … in this time, ms. */
const WINDOW_MS = 2_000;
const MOST_ROWS = 100;
/** The most of the newest trades. */
const MOST_NEWEST = 500;
/** The smallest quantity step, contracts. */
const LOT = "0.1";

/** A refusal as the venue tells it. */
class Refusal {
  constructor(readonly code: string, readonly msg: string, readonly status = 200) {}
}

/** The REST side of the simulated OKX, `/api/v5/…`. */
export class OkxRestServer {
  readonly #market: Market;
  readonly #pace = new RequestPace(MOST_REQUESTS, WINDOW_MS);

  /** Answers from what `market` keeps. */
  constructor(market: Market) {
    this.#market = market;
  }

  /** Answers a request from a host. */
  answer(method: string, url: URL, host: string): Response {
    const rows = this.#pace.isTooFast(`${host}${url.pathname}`)
      ? new Refusal("50011", "Too Many Requests", 429)
      : method === "GET"
      ? this.#rows(url)
      : new Refusal("405", "Method Not Allowed", 405);
    const headers = { "content-type": "application/json", server: "tandem-exchange" };
    if (!(rows instanceof Refusal)) {
      return new Response(`{"code":"0","msg":"","data":[${rows.join(",")}]}`, { headers });
    }
    const { code, msg, status } = rows;
    return new Response(JSON.stringify({ code, msg, data: [] }), { status, headers });
  }

  #rows({ pathname, searchParams }: URL): string[] | Refusal {
    switch (pathname) {
      case "/api/v5/public/time":
        return [`{"ts":"${this.#market.clockMs()}"}`];
      case "/api/v5/public/instruments":
        // Nothing else than swaps is traded here.
        if (searchParams.get("instType") !== "SWAP") return [];
        return [...this.#market.tapes.values()].map((tape) => {
          const { instId, contractSize } = swapOf(tape);
          const { baseAsset, quoteAsset, pricePrecision, tickUnits } = tape.contract;
          return JSON.stringify({
            ...{ instType: "SWAP", instId, ctType: "linear", ctVal: contractSize, ctMult: "1" },
            ...{ uly: `${baseAsset}-${quoteAsset}`, instFamily: `${baseAsset}-${quoteAsset}` },
            ...{ ctValCcy: baseAsset, settleCcy: quoteAsset, lotSz: LOT, minSz: LOT },
            tickSz: formatDecimal(tickUnits, pricePrecision),
            state: tape.status === "TRADING" ? "live" : "suspend",
          });
        });
      case "/api/v5/market/history-trades":
        return this.#trades(searchParams, MOST_ROWS);
      case "/api/v5/market/trades":
        searchParams.delete("after");
        return this.#trades(searchParams, MOST_NEWEST);
      default:
        return new Refusal("404", "Not Found", 404);
    }
  }

  #trades(parameters: URLSearchParams, most: number): string[] | Refusal {
    const swap = findSwap(this.#market, parameters.get("instId"));
    if (swap === null) return new Refusal("51001", "Instrument ID doesn't exist");
    // Without a type the venue pages by id as well.
    if ((parameters.get("type") ?? "1") !== "1") {
      return new Refusal("50039", "Parameter type error");
    }
    const limit = Number(parameters.get("limit") ?? MOST_ROWS);
    if (!(limit >= 1 && limit <= most)) return new Refusal("51000", "Parameter limit error");
    const { trades } = swap.tape;
    const after = parameters.get("after");
    const end = after === null ? trades.size : trades.indexOfId(Number(after));
    return trades.slice(end - limit, end).reverse().map((row) => swapTradeRow(swap, row));
  }
}
