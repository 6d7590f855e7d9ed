import { sequenceId } from "../../market/mod.ts";
import { unexpectedAnswer } from "../ask_rest.ts";
import { idOf, type MissingIds, type Sequenced } from "../chain/sequenced.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { RestError } from "../rest_error.ts";
import type { Answer } from "../venue/adapter.ts";
import { agrees, type NamedTrade } from "./agreement.ts";
import { endOfMoment, momentOf } from "./moments.ts";
import type { CcxtInstrument } from "./instruments.ts";
import type { CcxtRest } from "./rest.ts";
import type { TradeNames } from "./trade_names.ts";
import { readRow } from "./trade_row.ts";

/** The most trades that are asked for at once; venues give what they want to. */
const MOST = 1_000;
/** Through so many answers a hole is followed. */
const MOST_PAGES = 50;
/** After so many answers in a row that contradict the socket REST is not believed. */
const CONTRADICTIONS = 3;

/** Trades that REST told. */
interface Page {
  /** In id order. */
  readonly items: readonly Sequenced[];
  readonly oldestMs: number;
  readonly newestMs: number;
  /** Whether they agree with what the socket told; `null` where that is not known yet. */
  readonly isTrue: boolean | null;
}

/** What REST tells of the trades of one venue, as far as it agrees with what the sockets told. */
export class CcxtHistory {
  readonly #rest: CcxtRest;
  readonly #names: TradeNames;
  readonly #find: (symbol: string) => CcxtInstrument | undefined;
  /** How often in a row REST contradicted the socket. */
  readonly #contradictions = new Map<string, number>();

  constructor(
    rest: CcxtRest,
    names: TradeNames,
    find: (symbol: string) => CcxtInstrument | undefined,
  ) {
    this.#rest = rest;
    this.#names = names;
    this.#find = find;
  }

  /**
   * Returns the newest trades in id order; none while it is not known whether they are true.
   *
   * @throws {RestError} If the venue does not tell.
   */
  async recent(symbol: string, signal: AbortSignal): Promise<readonly Sequenced[]> {
    const page = await this.#page(symbol, null, signal);
    return page?.isTrue === true ? page.items : [];
  }

  /** Asks for what may have been traded between two ids, as far back as the venue gives it. */
  async ask(symbol: string, missing: MissingIds, signal: AbortSignal): Promise<Answer | RestError> {
    try {
      return await this.#ask(symbol, missing, signal);
    } catch (error) {
      if (error instanceof RestError) return error;
      throw error;
    }
  }

  async #ask(symbol: string, missing: MissingIds, signal: AbortSignal): Promise<Answer> {
    const { firstId, untilId } = missing;
    const newest = await this.#page(symbol, null, signal);
    if (newest === null || newest.isTrue === null) {
      // REST is behind the socket: it is asked again.
      return { items: [], untilId: firstId - 1, oldestId: null };
    }
    if (newest.isTrue === false) return this.#contradicted(symbol, untilId);
    this.#contradictions.delete(symbol);
    const knownMs = momentOf(firstId);
    const older = newest.oldestMs < knownMs
      ? []
      : await this.#since(symbol, knownMs, newest, signal);
    // Of the oldest millisecond of an answer it is not known whether it is whole.
    const fromMs = older === null ? newest.oldestMs + 1 : knownMs;
    const items = [...older ?? [], ...newest.items].filter((item) =>
      momentOf(idOf(item)) >= fromMs
    );
    return {
      items,
      untilId: Math.min(untilId, endOfMoment(newest.newestMs)),
      oldestId: older === null ? sequenceId(fromMs, 0) : null,
      oldestMs: older === null ? fromMs : null,
    };
  }

  /** What was traded from a time until the newest trades begin; `null` where the venue does not give it. */
  async #since(
    symbol: string,
    knownMs: number,
    newest: Page,
    signal: AbortSignal,
  ): Promise<Sequenced[] | null> {
    const items: Sequenced[] = [];
    let fromMs = knownMs;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await this.#page(symbol, fromMs, signal);
      // The answer has to hold the trade that it is to begin with, or nothing says that it does.
      if (page === null || page.oldestMs > fromMs || page.isTrue === false) return null;
      items.push(...page.items);
      if (page.newestMs > newest.oldestMs) return uniqueInOrder(items, newest.items);
      if (page.newestMs <= fromMs) return null;
      fromMs = page.newestMs;
    }
    return null;
  }

  #contradicted(symbol: string, untilId: number): Answer {
    const count = (this.#contradictions.get(symbol) ?? 0) + 1;
    this.#contradictions.set(symbol, count);
    if (count >= CONTRADICTIONS) return { items: [], untilId, oldestId: untilId + 1 };
    throw new RestError(
      `${symbol}: REST of ${this.#rest.venue} tells other trades than its socket`,
      { status: null },
    );
  }

  async #page(symbol: string, sinceMs: number | null, signal: AbortSignal): Promise<Page | null> {
    const instrument = this.#find(symbol);
    if (instrument === undefined) return null;
    const { baseUrl, venue } = this.#rest;
    const rows = await this.#rest.trades(instrument.unified, sinceMs, MOST, signal);
    const receivedMs = Date.now();
    const named: NamedTrade[] = [];
    const items = rows.map((row): Sequenced => {
      const context = { venue, instrument, names: this.#names, receivedMs };
      const reading = readRow(row, { ...context, source: "rest" });
      if (reading.kind === "trade") {
        named.push(reading);
        return { kind: "trade", trade: reading.trade, eventTimeMs: null, receivedMs };
      }
      const { tradeId, reason } = reading;
      if (tradeId === null) {
        throw unexpectedAnswer(baseUrl, `/${venue}/trades`, `a row of ${symbol}: ${reason}`);
      }
      const raw = JSON.stringify(row.info ?? row);
      const frame = quarantinedFrame({ venue, symbol, tradeId, reason, raw, receivedMs });
      return { kind: "nonMarket", symbol, tradeId, eventTimeMs: null, receivedMs, frame };
    }).sort((a, b) => idOf(a) - idOf(b));
    if (items.length === 0) return null;
    const inOrder = named.sort((a, b) => a.trade.tradeId - b.trade.tradeId);
    return {
      items,
      oldestMs: momentOf(idOf(items[0]!)),
      newestMs: momentOf(idOf(items.at(-1)!)),
      isTrue: agrees(inOrder, this.#names.told(symbol)),
    };
  }
}

/** Those that are not among others, each once; all in id order. */
function uniqueInOrder(items: readonly Sequenced[], others: readonly Sequenced[]): Sequenced[] {
  const seen = new Set(others.map(idOf));
  return items.filter((item) => {
    const isNew = !seen.has(idOf(item));
    seen.add(idOf(item));
    return isNew;
  });
}
