import { idOf, type Sequenced } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { NewestTrades } from "./adapter.ts";

/** Tells the newest trades where a venue is to be asked for each symbol. */
export class EachNewest implements NewestTrades {
  readonly newest: (symbol: string, signal: AbortSignal) => Promise<Sequenced | null>;

  /** @param newest Asks for the newest trade of one symbol; `null` without any. */
  constructor(newest: (symbol: string, signal: AbortSignal) => Promise<Sequenced | null>) {
    this.newest = newest;
  }

  async lastIds(symbols: readonly string[], signal: AbortSignal): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const symbol of symbols) {
      const newest = await this.newest(symbol, signal).catch(noTrades);
      if (newest !== null) found.set(symbol, idOf(newest));
    }
    return found;
  }
}

/** An instrument that is not traded any more is not known. */
function noTrades(error: unknown): null {
  if (error instanceof RestError && !error.isTemporary) return null;
  throw error;
}
