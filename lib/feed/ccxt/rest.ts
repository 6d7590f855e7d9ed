import { z } from "zod";
import { askRest, shapedAnswer } from "../ask_rest.ts";
import { checkedUrl } from "../checked_url.ts";
import { RestError } from "../rest_error.ts";
import { type CcxtInstrument, instrumentsOf } from "./instruments.ts";
import { CCXT_URL } from "./names.ts";

/** How the gateway is asked. */
export interface CcxtRestOptions {
  /** Where the gateway is. @default {"http://127.0.0.1:8790"} */
  readonly baseUrl?: string;
  /** How long a request may take, ms: the gateway may wait for its turn at the venue. @default {30_000} */
  readonly timeoutMs?: number;
}

const timeShape = z.object({ timeMs: z.number().int().positive() });
const marketsShape = z.object({ markets: z.array(z.unknown()), givesTrades: z.boolean() });
const tradesShape = z.object({ trades: z.array(z.record(z.string(), z.unknown())) });
const refusalShape = z.object({ error: z.string() });

/**
 * Asks the gateway to ccxt, `deno task ccxt`, for what REST of one venue tells.
 *
 * Every method throws a `RestError` that says what failed.
 *
 * @example The gateway does not run
 * ```ts
 * import { CcxtRest, RestError } from "tandem/feed";
 * import { rejects } from "node:assert/strict";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const rest = new CcxtRest("kraken", { baseUrl: `http://127.0.0.1:${listener.addr.port}` });
 * listener.close();
 * await rejects(rest.time(), /start it with "deno task ccxt kraken"/);
 * ```
 */
export class CcxtRest {
  /** What ccxt calls the venue. */
  readonly venue: string;
  /** Where the gateway is, without a trailing slash. */
  readonly baseUrl: string;
  readonly #timeoutMs: number;

  /**
   * Makes a client.
   *
   * @param venue What ccxt calls the venue.
   * @param options Address and time-out.
   * @throws {TypeError} If `baseUrl` is no `http:` or `https:` address.
   */
  constructor(venue: string, options: CcxtRestOptions = {}) {
    this.venue = venue;
    this.baseUrl = checkedUrl(options.baseUrl ?? CCXT_URL, "baseUrl", ["http:", "https:"]);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** Returns the venue's time, ms since the epoch; some venues do not tell it. */
  async time(signal?: AbortSignal): Promise<number> {
    return (await this.#get("time", {}, timeShape, signal)).timeMs;
  }

  /** Returns what the venue lists in base units or linear contracts, and whether it gives trades. */
  async instruments(
    signal?: AbortSignal,
  ): Promise<{ readonly instruments: CcxtInstrument[]; readonly givesTrades: boolean }> {
    const { markets, givesTrades } = await this.#get("markets", {}, marketsShape, signal);
    return { instruments: instrumentsOf(this.venue, markets), givesTrades };
  }

  /**
   * Returns trades of a market as the gateway passes them on, oldest first as far as they tell.
   *
   * @param unified What ccxt calls the market.
   * @param sinceMs From this time on, ms since the epoch; `null` for the newest ones. Some venues give
   *   those all the same.
   * @param limit How many at most, 1 to 1,000; many venues give fewer.
   */
  async trades(
    unified: string,
    sinceMs: number | null,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>[]> {
    const parameters = { symbol: unified, since: sinceMs ?? undefined, limit };
    return (await this.#get("trades", parameters, tradesShape, signal)).trades;
  }

  async #get<T>(
    what: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    shape: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { baseUrl, venue } = this;
    const path = `/${venue}/${what}`;
    const { response, answer } = await askRest({
      ...{ baseUrl, path, parameters, timeoutMs: this.#timeoutMs, signal },
    }).catch((error) => {
      if (!(error instanceof RestError) || !/refused/.test(error.message)) throw error;
      throw new RestError(
        `Nothing answers at ${baseUrl}, where ccxt is to be: start it with "deno task ccxt ${venue}"`,
        { status: null, cause: error },
      );
    });
    if (response.ok) return shapedAnswer(answer, shape, { baseUrl, path });
    const said = refusalShape.safeParse(answer).data?.error ?? "no reason given";
    throw new RestError(`${baseUrl}${path} answered ${response.status}: ${said}`, {
      status: response.status,
    });
  }
}
