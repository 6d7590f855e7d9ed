import { Random } from "tandem/stats";
import type { UniverseBar } from "tandem/universe";

/** Log prices of symbols with a common factor. */
export class FactorMarket {
  /** The log prices. */
  readonly levels: number[];
  readonly #loadings: number[];
  readonly #random = new Random(1);

  constructor(symbols: number) {
    this.levels = Array.from({ length: symbols }, () => 8 * this.#random.uniform());
    this.#loadings = this.levels.map(() => 0.3 + this.#random.uniform());
  }

  /** The next bar of every symbol. */
  next(): UniverseBar[] {
    const factor = 0.002 * this.#random.normal();
    return this.levels.map((_, i) => {
      this.levels[i]! += this.#loadings[i]! * factor + 0.002 * this.#random.normal();
      return { symbol: `SYM${i}USDT`, close: Math.exp(this.levels[i]!), complete: true };
    });
  }
}
