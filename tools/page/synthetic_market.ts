import type { Bar } from "../../lib/market/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openWriter, type StoreWriter } from "../../lib/store/mod.ts";

const VENUE = "binance-usdm";
const SECOND_MS = 1_000;

/** A database of 1 s bars of seeded random walks that share a part, written on demand. */
export class SyntheticMarket implements Disposable {
  /** The database file. */
  readonly path: string;
  readonly #folder = Deno.makeTempDirSync();
  readonly #writer: StoreWriter;
  readonly #random = new Random(8);
  readonly #prices: Map<string, number>;
  #second = 0;

  constructor(symbols: readonly string[]) {
    this.path = `${this.#folder}/tandem.db`;
    this.#prices = new Map(symbols.map((symbol) => [symbol, 100]));
    const identity = { pid: Deno.pid, host: "here", startedAtMs: 0, simulated: true };
    this.#writer = openWriter(this.path, { identity });
    for (const symbol of symbols) this.#writer.register(VENUE, symbol, "aggTrade");
  }

  /** Writes the next seconds of every symbol. */
  add(seconds: number): void {
    const bars: Bar[] = [];
    for (let k = 0; k < seconds; k++, this.#second++) {
      const common = this.#random.normal() / 4_000;
      for (const [symbol, price] of this.#prices) {
        const close = price * Math.exp(common + this.#random.normal() / 8_000);
        this.#prices.set(symbol, close);
        bars.push(barOf(symbol, this.#second, price, close));
      }
    }
    this.#writer.write({ bars });
  }

  [Symbol.dispose](): void {
    this.#writer[Symbol.dispose]();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function barOf(symbol: string, second: number, open: number, close: number): Bar {
  const [high, low] = [Math.max(open, close), Math.min(open, close)];
  return {
    ...{ venue: VENUE, symbol, intervalMs: SECOND_MS },
    openTimeMs: 1_790_000_000_000 + SECOND_MS * second,
    ...{ open, high, low, close, volume: 3, quoteVolume: 3 * close, tradeCount: 2 },
    ...{ takerBuyVolume: 1, firstTradeId: 2 * second, lastTradeId: 2 * second + 1 },
    ...{ complete: true, revision: 0 },
  };
}
