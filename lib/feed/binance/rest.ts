import type { z } from "zod";
import type { Instrument, Trade } from "../../market/mod.ts";
import { askRest, shapedAnswer, unexpectedAnswer } from "../ask_rest.ts";
import { checkedUrl } from "../checked_url.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { RestError } from "../rest_error.ts";
import type { AggTradesPage, AggTradesQuery, KlinesQuery, RejectedRow } from "./rest_queries.ts";
import {
  type DayTicker,
  dayTickersShape,
  instrumentsShape,
  type Kline,
  klinesShape,
  serverTimeShape,
} from "./rest_shapes.ts";
import { type Fields, isWhole, readTrade } from "./trade_fields.ts";
import { BINANCE_REST_URL } from "./urls.ts";
import { WeightLimiter } from "./weight_limiter.ts";

/** How a REST client works. */
export interface BinanceRestOptions {
  /** Where requests go. @default {"https://fapi.binance.com"} */
  readonly baseUrl?: string;
  /** Shared by all clients of one address. @default {a new one} */
  readonly limiter?: WeightLimiter;
  /** How long a request may take, its body included, ms. @default {10_000} */
  readonly timeoutMs?: number;
  /** Tells the time, ms since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Called with every answer of aggregate trades before anyone reads its rows. */
  readonly onAggTrades?: (symbol: string, rows: readonly unknown[]) => void;
}

const AGG_TRADES_WEIGHT = 20;
const BAN_MS = 120_000;

/**
 * Asks the exchange's REST door, within its request weight.
 *
 * Every method throws a `RestError` that says what failed; a pause the exchange demands (429, 418)
 * holds back every later request of the same client.
 *
 * @example Nobody is there
 * ```ts
 * import { BinanceRest, RestError } from "tandem/feed";
 * import { rejects } from "node:assert/strict";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const rest = new BinanceRest({ baseUrl: `http://127.0.0.1:${listener.addr.port}` });
 * listener.close();
 * await rejects(rest.time(), RestError);
 * ```
 */
export class BinanceRest {
  /** Where requests go, without a trailing slash. */
  readonly baseUrl: string;
  readonly #limiter: WeightLimiter;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #onAggTrades: BinanceRestOptions["onAggTrades"];
  #bannedUntilMs = -Infinity;

  /**
   * Makes a client.
   *
   * @param options Address, limiter, time-out and clock.
   * @throws {TypeError} If `baseUrl` is no `http:` or `https:` address.
   */
  constructor(options: BinanceRestOptions = {}) {
    const baseUrl = options.baseUrl ?? BINANCE_REST_URL;
    this.baseUrl = checkedUrl(baseUrl, "restUrl", ["http:", "https:"]);
    this.#limiter = options.limiter ?? new WeightLimiter();
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#now = options.now ?? Date.now;
    this.#onAggTrades = options.onAggTrades;
  }

  /** Returns the exchange's time, ms since the epoch. Weight 1. */
  time(signal?: AbortSignal): Promise<number> {
    return this.#shaped("/fapi/v1/time", {}, 1, serverTimeShape, signal);
  }

  /** Returns every contract, also those that are not traded; those of an unknown shape are left out. Weight 1. */
  exchangeInfo(signal?: AbortSignal): Promise<Instrument[]> {
    return this.#shaped("/fapi/v1/exchangeInfo", {}, 1, instrumentsShape, signal);
  }

  /** Returns candlesticks, oldest first, the last one still open. Weight 1 to 10. */
  klines(query: KlinesQuery, signal?: AbortSignal): Promise<Kline[]> {
    const limit = query.limit ?? 500;
    const weight = limit <= 100 ? 1 : limit <= 500 ? 2 : limit <= 1_000 ? 5 : 10;
    const { symbol, interval, startTimeMs: startTime, endTimeMs: endTime } = query;
    const parameters = { symbol, interval, startTime, endTime, limit };
    return this.#shaped("/fapi/v1/klines", parameters, weight, klinesShape, signal);
  }

  /** Returns the last 24 hours of one symbol (weight 1) or of all that are traded (weight 40). */
  ticker24hr(symbol?: string, signal?: AbortSignal): Promise<DayTicker[]> {
    const weight = symbol === undefined ? 40 : 1;
    return this.#shaped("/fapi/v1/ticker/24hr", { symbol }, weight, dayTickersShape, signal);
  }

  /**
   * Returns aggregate trades in id order. Weight 20 whatever the limit. The exchange gives 48 hours;
   * an older window throws with code -4166.
   */
  async aggTrades(query: AggTradesQuery, signal?: AbortSignal): Promise<AggTradesPage> {
    const { symbol, fromId, startTimeMs: startTime, endTimeMs: endTime, limit = 1_000 } = query;
    const path = "/fapi/v1/aggTrades";
    const parameters = { symbol, fromId, startTime, endTime, limit };
    const rows = await this.#get(path, parameters, AGG_TRADES_WEIGHT, signal);
    if (!Array.isArray(rows)) throw unexpectedAnswer(this.baseUrl, path, "a list was expected");
    this.#onAggTrades?.(symbol, rows);

    const receivedMs = this.#now();
    const trades: Trade[] = [];
    const rejected: RejectedRow[] = [];
    for (const row of rows as Fields[]) {
      if (!isWhole(row?.["a"])) throw unexpectedAnswer(this.baseUrl, path, "a row has no id");
      const trade = readTrade(row, "a", symbol, "rest");
      if (!("reason" in trade)) {
        trades.push(trade);
        continue;
      }
      const { reason } = trade;
      const tradeId = row["a"];
      const raw = JSON.stringify(row);
      rejected.push({
        tradeId,
        frame: quarantinedFrame({ symbol, tradeId, reason, raw, receivedMs }),
      });
    }
    trades.sort((a, b) => a.tradeId - b.tradeId);
    return { trades, rejected, receivedMs };
  }

  async #shaped<T>(
    path: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    weight: number,
    shape: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { baseUrl } = this;
    return shapedAnswer(await this.#get(path, parameters, weight, signal), shape, {
      baseUrl,
      path,
    });
  }

  async #get(
    path: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    weight: number,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const bannedMs = this.#bannedUntilMs - this.#now();
    if (bannedMs > 0) {
      throw new RestError(
        `Cannot ask ${this.baseUrl} for ${
          Math.ceil(bannedMs / 1_000)
        } s: it has banned this address`,
        { status: 418, retryAfterMs: bannedMs },
      );
    }
    await this.#limiter.acquire(weight, this.#now, signal);
    const chargedAtMs = this.#now();
    const { response, answer } = await askRest({
      ...{ baseUrl: this.baseUrl, path, parameters },
      ...{ timeoutMs: this.#timeoutMs, signal },
    });
    this.#heed(response, chargedAtMs);
    if (!response.ok) throw this.#refusal(path, response, answer);
    if (answer === undefined) throw unexpectedAnswer(this.baseUrl, path, "it is not JSON");
    return answer;
  }

  /** Believes the weight and the pause that the exchange tells. */
  #heed(response: Response, chargedAtMs: number): void {
    const nowMs = this.#now();
    const usedWeight = Number(response.headers.get("x-mbx-used-weight-1m") ?? NaN);
    if (usedWeight >= 0) this.#limiter.observe(usedWeight, chargedAtMs, nowMs);
    if (response.status === 429) {
      const untilNextMinuteMs = 60_000 - nowMs % 60_000;
      this.#limiter.pause(nowMs + (retryAfterMs(response) ?? untilNextMinuteMs));
    } else if (response.status === 418) {
      this.#bannedUntilMs = nowMs + (retryAfterMs(response) ?? BAN_MS);
    }
  }

  #refusal(path: string, response: Response, answer: unknown): RestError {
    const { status } = response;
    const { code, msg } = (answer ?? {}) as Fields;
    const said = typeof msg === "string" ? `"${msg}"` : "no reason given";
    const why = status === 451
      ? "this place may not use the exchange"
      : status === 403
      ? "its firewall refuses this address"
      : status === 418
      ? "it has banned this address for a while"
      : status === 429
      ? "too many requests"
      : null;
    return new RestError(
      `${this.baseUrl}${path} answered ${status}${why === null ? "" : `, ${why}`}: ${said}`,
      {
        status,
        code: typeof code === "number" ? code : null,
        retryAfterMs: retryAfterMs(response),
      },
    );
  }
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return seconds >= 0 ? seconds * 1_000 : null;
}
