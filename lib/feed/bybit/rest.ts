import { z } from "zod";
import { BYBIT_LINEAR, type Instrument, sequenceId } from "../../market/mod.ts";
import { Pacer } from "../../streams/mod.ts";
import { askRest, shapedAnswer, unexpectedAnswer } from "../ask_rest.ts";
import { checkedUrl } from "../checked_url.ts";
import type { Sequenced } from "../chain/sequenced.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { RestError } from "../rest_error.ts";
import { bybitInstrumentsShape } from "./instruments.ts";
import { BYBIT_REST_URL, bybitNameOf, bybitSymbol } from "./names.ts";
import { Places } from "./places.ts";
import { readRow, restFields } from "./trade_row.ts";

/** How a REST client works. */
export interface BybitRestOptions {
  /** Where requests go. @default {"https://api.bybit.com"} */
  readonly baseUrl?: string;
  /** How long a request may take, its body included, ms. @default {10_000} */
  readonly timeoutMs?: number;
  /** The least time between two requests, ms: the venue takes 600 in 5 s. @default {20} */
  readonly spacingMs?: number;
  /** Tells the time, ms since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** The newest trades of a symbol. */
export interface RecentTrades {
  /** In id order, as a chain takes them. */
  readonly items: readonly Sequenced[];
  /** Whoever knows this id, or a later one, misses nothing before the first of `items`; `null` for none. */
  readonly sinceId: number | null;
}

const answerShape = z.object({ retCode: z.number(), retMsg: z.string(), result: z.unknown() });
const timeShape = z.object({ timeNano: z.string().regex(/^\d{19}$/) });
const listShape = z.object({ list: z.array(z.record(z.string(), z.unknown())) });

/** Refusals that pass by themselves: time-outs, too many requests, and faults of the venue. */
const PASSING: ReadonlySet<number> = new Set([10_000, 10_006, 10_016, 10_018]);

/**
 * Asks Bybit's REST door, at its pace.
 *
 * Every method throws a `RestError` that says what failed.
 *
 * @example Nobody is there
 * ```ts
 * import { BybitRest, RestError } from "tandem/feed";
 * import { rejects } from "node:assert/strict";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const rest = new BybitRest({ baseUrl: `http://127.0.0.1:${listener.addr.port}` });
 * listener.close();
 * await rejects(rest.time(), RestError);
 * ```
 */
export class BybitRest {
  /** The most trades that the venue gives. */
  static readonly MOST = 1_000;
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
  constructor(options: BybitRestOptions = {}) {
    this.baseUrl = checkedUrl(options.baseUrl ?? BYBIT_REST_URL, "baseUrl", ["http:", "https:"]);
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#now = options.now ?? Date.now;
    this.#pacer = new Pacer(options.spacingMs ?? 20, () => performance.now());
  }

  /** Returns the venue's time, ms since the epoch. */
  async time(signal?: AbortSignal): Promise<number> {
    const { timeNano } = await this.#get("/v5/market/time", {}, timeShape, signal);
    return Number(timeNano.slice(0, 13));
  }

  /** Returns the linear perpetuals in USDT, also those that are not traded. */
  async instruments(signal?: AbortSignal): Promise<Instrument[]> {
    const all: Instrument[] = [];
    let cursor: string | undefined;
    do {
      const parameters = { category: "linear", limit: 1_000, cursor };
      const path = "/v5/market/instruments-info";
      const page = await this.#get(path, parameters, bybitInstrumentsShape, signal);
      all.push(...page.list);
      cursor = page.nextPageCursor === "" ? undefined : page.nextPageCursor;
    } while (cursor !== undefined);
    return all;
  }

  /**
   * Returns the newest trades of a symbol; there are no older ones to be had.
   *
   * @param symbol The symbol, with or without the venue before it.
   * @param limit How many at most, 1 to 1,000; those that share the oldest sequence number are left out,
   *   as it is not known how many of them there are.
   */
  async recent(
    symbol: string,
    limit = BybitRest.MOST,
    signal?: AbortSignal,
  ): Promise<RecentTrades> {
    const path = "/v5/market/recent-trade";
    const parameters = { category: "linear", symbol: bybitNameOf(symbol), limit };
    const { list } = await this.#get(path, parameters, listShape, signal);
    const receivedMs = this.#now();
    const places = new Places();
    const rows = list.reverse().map((row) => ({ row, fields: restFields(row) }));
    const cut = rows.length < limit ? undefined : rows[0]?.fields.sequence;
    const whole = rows.filter(({ fields }) => cut === undefined || fields.sequence !== cut);
    const items = whole.map(({ row, fields }): Sequenced => {
      const reading = readRow(fields, places, "rest");
      if (reading.kind === "trade") {
        return { kind: "trade", trade: reading.trade, eventTimeMs: null, receivedMs };
      }
      if (reading.kind === "rejected" && !reading.isPlaced) {
        throw unexpectedAnswer(this.baseUrl, path, "a row has no sequence number or no name");
      }
      const [tradeId, reason] = reading.kind === "block"
        ? [reading.tradeId, "not a market trade" as const]
        : [placeOf(fields, places), reading.reason];
      const frame = quarantinedFrame({
        ...{ venue: BYBIT_LINEAR, symbol: bybitSymbol(bybitNameOf(symbol)), tradeId, reason },
        ...{ raw: JSON.stringify(row), receivedMs },
      });
      const item = { kind: "nonMarket" as const, symbol: bybitSymbol(bybitNameOf(symbol)) };
      return { ...item, tradeId, eventTimeMs: null, receivedMs, frame };
    });
    return { items, sinceId: cut === undefined ? null : sequenceId(Number(cut), 0) };
  }

  async #get<T>(
    path: string,
    parameters: Readonly<Record<string, string | number | undefined>>,
    shape: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    await this.#pacer.turn(signal);
    const { baseUrl } = this;
    const { response, answer: json } = await askRest({
      ...{ baseUrl, path, parameters, timeoutMs: this.#timeoutMs, signal },
    });
    const { data: answer } = answerShape.safeParse(json);
    if (response.ok && answer === undefined) {
      throw unexpectedAnswer(baseUrl, path, "a code and a result were expected");
    }
    if (response.ok && answer!.retCode === 0) {
      return shapedAnswer(answer!.result, shape, { baseUrl, path });
    }
    const code = answer?.retCode ?? null;
    // A refusal in an answer of status 200 is the question's fault, unless its code says otherwise.
    const status = !response.ok ? response.status : PASSING.has(code!) ? 503 : 400;
    const said = answer === undefined ? "no reason given" : `"${answer.retMsg}" (${code})`;
    throw new RestError(`${baseUrl}${path} answered ${response.status}: ${said}`, { status, code });
  }
}

function placeOf(
  { name, sequence, tradeId }: ReturnType<typeof restFields>,
  places: Places,
): number {
  const number = Number(sequence);
  return sequenceId(number, places.of(String(name), number, String(tradeId)));
}
