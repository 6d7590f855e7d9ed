import { archiveFile, isArchivePath } from "./archive_files.ts";
import type { ExchangeFaults } from "./faults.ts";
import { dayTickers, klines, klinesWeight } from "./rest_candles.ts";
import { RestRefusal } from "./rest_error.ts";
import { exchangeInfo } from "./rest_info.ts";
import { RestQuery } from "./rest_query.ts";
import { aggTrades } from "./rest_trades.ts";
import type { Source } from "./source.ts";
import { WEIGHT_LIMIT, WeightMeter, type WeightVerdict } from "./weight_meter.ts";

interface Endpoint {
  /** What a request costs, whether it is answered or refused. */
  weight(parameters: URLSearchParams): number;
  /** The JSON to answer with. */
  answer(query: RestQuery, source: Source, nowMs: number): string;
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/fapi/v1/ping": { weight: () => 1, answer: () => "{}" },
  "/fapi/v1/time": {
    weight: () => 1,
    answer: (_query, _source, nowMs) => `{"serverTime":${nowMs}}`,
  },
  "/fapi/v1/exchangeInfo": {
    weight: () => 1,
    answer: (_query, { tapes }, nowMs) => exchangeInfo(tapes, nowMs),
  },
  "/fapi/v1/aggTrades": {
    weight: () => 20,
    answer: (query, _source, nowMs) => aggTrades(query, nowMs),
  },
  "/fapi/v1/klines": {
    weight: (parameters) => {
      const limit = parameters.get("limit");
      return klinesWeight(limit === null ? null : Number(limit));
    },
    answer: klines,
  },
  "/fapi/v1/ticker/24hr": {
    weight: (parameters) => parameters.has("symbol") ? 1 : 40,
    answer: (query, { tapes }, nowMs) => dayTickers(query, tapes, nowMs),
  },
  // No exchange has it but this one: what a replay can send, `null` where that is all.
  "/tandem/v1/streams": {
    weight: () => 1,
    answer: (_query, { streams }) => JSON.stringify(streams),
  },
};

function refusedForWeight(verdict: WeightVerdict, host: string, limit: number): RestRefusal {
  const code = -1003;
  return verdict.status === 429
    ? new RestRefusal(
      code,
      `Too many requests; current limit of IP(${host}) is ${limit} requests per minute. ` +
        "Please use the websocket for live updates to avoid polling the API.",
      429,
    )
    : new RestRefusal(
      code,
      `Way too many requests; IP(${host}) banned until ${verdict.retryAtMs}. ` +
        "Please use the websocket for live updates to avoid bans.",
      418,
    );
}

/** The REST side, `/fapi/v1/…`, and the archive, `/data/…`. Every answer leaves through `handle()`. */
export class RestServer {
  readonly #source: Source;
  readonly #weightPerMinute: number;
  readonly #faults: ExchangeFaults;
  readonly #meters = new Map<string, WeightMeter>();

  /** Answers from what `source` keeps. */
  constructor(source: Source, faults: ExchangeFaults, weightPerMinute = WEIGHT_LIMIT) {
    this.#source = source;
    this.#weightPerMinute = weightPerMinute;
    this.#faults = faults;
  }

  /** Answers a request from a host. */
  handle(request: Request, host: string): Response | Promise<Response> {
    const url = new URL(request.url);
    if (isArchivePath(url.pathname)) return this.#archive(url);
    const response = this.#answer(request.method, url, host);
    return this.#faults.response?.(url.pathname, response, url) ?? response;
  }

  async #archive(url: URL): Promise<Response> {
    const { tapes } = this.#source;
    const response = await archiveFile(url.pathname, tapes, this.#source.clockMs());
    return await (this.#faults.response?.(url.pathname, response, url) ?? response);
  }

  #answer(method: string, url: URL, host: string): Response {
    const headers = new Headers({
      "content-type": "application/json;charset=UTF-8",
      server: "tandem-exchange",
    });
    try {
      const endpoint = method === "GET" ? ENDPOINTS[url.pathname] : undefined;
      if (endpoint === undefined) {
        throw new RestRefusal(-5000, `Path ${url.pathname}, Method ${method} is invalid`, 404);
      }
      const nowMs = this.#source.clockMs();
      const chargedMs = this.#source.limitsMs();
      const verdict = this.#meter(host).charge(endpoint.weight(url.searchParams), chargedMs);
      headers.set("x-mbx-used-weight-1m", String(verdict.used));
      if (verdict.status !== 200) {
        headers.set("retry-after", String(Math.ceil((verdict.retryAtMs - chargedMs) / 1_000)));
        throw refusedForWeight(verdict, host, this.#weightPerMinute);
      }
      const query = new RestQuery(url.searchParams, this.#source.tapes);
      return new Response(endpoint.answer(query, this.#source, nowMs), { headers });
    } catch (error) {
      if (!(error instanceof RestRefusal)) throw error;
      const body = JSON.stringify({ code: error.code, msg: error.message });
      return new Response(body, { status: error.status, headers });
    }
  }

  #meter(host: string): WeightMeter {
    let meter = this.#meters.get(host);
    if (meter === undefined) {
      this.#meters.set(host, meter = new WeightMeter(this.#weightPerMinute));
    }
    return meter;
  }
}
