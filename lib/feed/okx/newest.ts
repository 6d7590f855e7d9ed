import { idOf, type Sequenced } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { NewestTrades } from "../venue/adapter.ts";
import type { OkxRest } from "./rest.ts";
import type { ContractSizes } from "./trade_row.ts";

/** Tells the newest trades, one question for each symbol. */
export class OkxNewest implements NewestTrades {
  readonly #rest: OkxRest;
  readonly #contractSizes: ContractSizes;

  constructor(rest: OkxRest, contractSizes: ContractSizes) {
    this.#rest = rest;
    this.#contractSizes = contractSizes;
  }

  async lastIds(symbols: readonly string[], signal: AbortSignal): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const symbol of symbols) {
      const newest = await this.newest(symbol, signal).catch(noTrades);
      if (newest !== null) found.set(symbol, idOf(newest));
    }
    return found;
  }

  async newest(symbol: string, signal: AbortSignal): Promise<Sequenced | null> {
    const page = await this.#rest.trades({ symbol, limit: 1 }, this.#contractSizes, signal);
    return page.at(-1) ?? null;
  }
}

/** An instrument that is not traded any more is not known. */
function noTrades(error: unknown): null {
  if (error instanceof RestError && !error.isTemporary) return null;
  throw error;
}
