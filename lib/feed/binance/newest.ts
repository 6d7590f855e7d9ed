import type { StreamKind } from "../../market/mod.ts";
import type { Sequenced } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { NewestTrades } from "../venue/adapter.ts";
import type { BinanceRest } from "./rest.ts";
import { sequencedPage } from "./sequenced_page.ts";

/** From so many symbols on, one question for all is cheaper than one for each. */
const ALL_FROM = 40;

/** Tells the newest trades by the ticker of 24 hours and by aggregates. */
export class BinanceNewest implements NewestTrades {
  readonly #rest: BinanceRest;
  readonly #streamKind: StreamKind;

  constructor(rest: BinanceRest, streamKind: StreamKind) {
    this.#rest = rest;
    this.#streamKind = streamKind;
  }

  async lastIds(symbols: readonly string[], signal: AbortSignal): Promise<Map<string, number>> {
    const rest = this.#rest;
    const tickers = symbols.length >= ALL_FROM
      ? await rest.ticker24hr(undefined, signal)
      : (await Promise.all(symbols.map((s) => rest.ticker24hr(s, signal).catch(noRow)))).flat();
    return new Map(tickers.map((ticker) => [ticker.symbol, ticker.lastTradeId]));
  }

  /** REST does not give single trades. */
  async newest(symbol: string, signal: AbortSignal): Promise<Sequenced | "unknown" | null> {
    if (this.#streamKind === "trade") return "unknown";
    const page = await this.#rest.aggTrades({ symbol, limit: 1 }, signal);
    return sequencedPage(symbol, page).at(-1) ?? null;
  }
}

/** A symbol that is not traded any more has no row. */
function noRow(error: unknown): never[] {
  if (error instanceof RestError && !error.isTemporary) return [];
  throw error;
}
