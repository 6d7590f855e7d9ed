import { z } from "zod";
import { OKX_SWAP } from "../../market/mod.ts";
import { Pacer } from "../../streams/mod.ts";
import { askRest, shapedAnswer, unexpectedAnswer } from "../ask_rest.ts";
import { checkedUrl } from "../checked_url.ts";
import type { Sequenced } from "../chain/sequenced.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { RestError } from "../rest_error.ts";
import { type OkxInstrument, okxInstrumentsShape } from "./instruments.ts";
import { instIdOf, OKX_REST_URL } from "./names.ts";
import { type ContractSizes, readRow } from "./trade_row.ts";

/** How a REST client works. */
export interface OkxRestOptions {
  /** Where requests go. @default {"https://www.okx.com"} */
  readonly baseUrl?: string;
  /** How long a request may take, its body included, ms. @default {10_000} */
  readonly timeoutMs?: number;
  /** The least time between two requests, ms: the venue takes 20 in 2 s. @default {110} */
  readonly spacingMs?: number;
  /** Tells the time, ms since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** What trades are asked for. */
export interface OkxTradesQuery {
  /** The symbol, with or without the venue before it. */
  readonly symbol: string;
  /** Only trades with a smaller id; the newest ones where it is left out. */
  readonly beforeId?: number;
  /** How many, 1 to 100. @default {100} */
  readonly limit?: number;
}

const answerShape = z.object({ code: z.string(), msg: z.string(), data: z.array(z.unknown()) });
const timeShape = z.tuple([z.object({ ts: z.string().regex(/^\d{13}$/).transform(Number) })]);

/** Refusals that pass by themselves: busy, time-outs and too many requests. */
const PASSING: ReadonlySet<string> = new Set(["50001", "50004", "50011", "50013", "50026"]);

/**
 * Asks OKX's REST door, at its pace.
 *
 * Every method throws a `RestError` that says what failed.
 *
 * @example Nobody is there
 * ```ts
 * import { OkxRest, RestError } from "tandem/feed";
 * import { rejects } from "node:assert/strict";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const rest = new OkxRest({ baseUrl: `http://127.0.0.1:${listener.addr.port}` });
 * listener.close();
 * await rejects(rest.time(), RestError);
 * ```
 */
export class OkxRest {
  /** Where requests go, without a trailing slash. */
  readonly baseUrl: string;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #pacer: Pacer;

  /**
   * Makes a client.
   *
   * @param options Address, time-out, pace and clock.
   * @throws {TypeError} If `baseUrl` is no `http:` or `https:` address.
   */
  constructor(options: OkxRestOptions = {}) {
    this.baseUrl = checkedUrl(options.baseUrl ?? OKX_REST_URL, "restUrl", ["http:", "https:"]);
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#now = options.now ?? Date.now;
    this.#pacer = new Pacer(options.spacingMs ?? 110, () => performance.now());
  }

  /** Returns the venue's time, ms since the epoch. */
  async time(signal?: AbortSignal): Promise<number> {
    const [{ ts }] = await this.#shaped("/api/v5/public/time", {}, timeShape, signal);
    return ts;
  }

  /** Returns every linear swap, also those that are not traded. */
  instruments(signal?: AbortSignal): Promise<OkxInstrument[]> {
    const parameters = { instType: "SWAP" };
    return this.#shaped("/api/v5/public/instruments", parameters, okxInstrumentsShape, signal);
  }

  /**
   * Returns trades in id order, as a chain takes them; the venue gives about three months.
   *
   * @param query Which; by id, as the venue's own page tells nothing of times in between.
   * @param contractSizes Base units of one contract of each instrument.
   */
  async trades(
    query: OkxTradesQuery,
    contractSizes: ContractSizes,
    signal?: AbortSignal,
  ): Promise<Sequenced[]> {
    const path = "/api/v5/market/history-trades";
    const { symbol, beforeId: after, limit = 100 } = query;
    // Type 1 pages by id; "after" asks for older rows.
    const parameters = { instId: instIdOf(symbol), type: 1, after, limit };
    const rows = await this.#get(path, parameters, signal);
    const receivedMs = this.#now();
    const items = rows.map((row): Sequenced => {
      const trade = readRow(row, contractSizes, "rest");
      if (!("reason" in trade)) return { kind: "trade", trade, eventTimeMs: null, receivedMs };
      const tradeId = Number((row as { readonly tradeId?: unknown } | null)?.tradeId ?? NaN);
      if (!Number.isSafeInteger(tradeId)) {
        throw unexpectedAnswer(this.baseUrl, path, "a row has no id");
      }
      const { reason } = trade;
      const raw = JSON.stringify(row);
      const frame = quarantinedFrame({
        ...{ venue: OKX_SWAP, symbol, tradeId, reason, raw, receivedMs },
      });
      return { kind: "nonMarket", symbol, tradeId, eventTimeMs: null, receivedMs, frame };
    });
    return items.reverse();
  }

  async #shaped<T>(
    path: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    shape: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { baseUrl } = this;
    return shapedAnswer(await this.#get(path, parameters, signal), shape, { baseUrl, path });
  }

  async #get(
    path: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    await this.#pacer.turn(signal);
    const { response, answer: json } = await askRest({
      ...{ baseUrl: this.baseUrl, path, parameters },
      ...{ timeoutMs: this.#timeoutMs, signal },
    });
    const { data: answer } = answerShape.safeParse(json);
    if (response.ok && answer?.code === "0") return answer.data;
    if (response.ok && answer === undefined) {
      throw unexpectedAnswer(this.baseUrl, path, "a code and a list were expected");
    }
    throw this.#refusal(path, response.status, answer);
  }

  #refusal(path: string, httpStatus: number, answer: z.infer<typeof answerShape> | undefined) {
    const code = answer?.code ?? "";
    // A refusal in an answer of status 200 is the question's fault, unless its code says otherwise.
    const status = httpStatus !== 200 ? httpStatus : PASSING.has(code) ? 503 : 400;
    const said = answer === undefined ? "no reason given" : `"${answer.msg}" (${code})`;
    return new RestError(`${this.baseUrl}${path} answered ${httpStatus}: ${said}`, {
      status,
      code: /^\d+$/.test(code) ? Number(code) : null,
    });
  }
}
