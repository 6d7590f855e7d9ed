import { venueOf } from "../../market/mod.ts";
import type { QualityIncrement } from "../../store/mod.ts";

type Counts = { -readonly [K in keyof QualityIncrement]: QualityIncrement[K] };

/** What happened to the streams since the last commit. */
export class QualityCounts {
  readonly #venue: string;
  #bySymbol = new Map<string, Counts>();
  #clockSkewMs: number | null = null;

  /** @param venue The venue whose clock is told of, and of symbols of no known one. */
  constructor(venue: string) {
    this.#venue = venue;
  }

  /** Local clock minus exchange clock, ms, as last told; `null` before. */
  get clockSkewMs(): number | null {
    return this.#clockSkewMs;
  }

  set clockSkewMs(skewMs: number) {
    this.#clockSkewMs = skewMs;
  }

  /** Counts one event of a symbol. */
  add(symbol: string, what: "received" | "duplicate" | "late" | "reconnects"): void {
    const counts = this.#bySymbol.getOrInsertComputed(symbol, this.#noCounts);
    counts[what] = (counts[what] ?? 0) + 1;
  }

  /** The counts so far, with the clock as it was last told. */
  increments(): QualityIncrement[] {
    const clockSkewMs = this.#clockSkewMs;
    return [...this.#bySymbol.values()].map((counts) =>
      clockSkewMs === null || counts.venue !== this.#venue ? counts : { ...counts, clockSkewMs }
    );
  }

  /** Begins anew: what was counted is stored. */
  clear(): void {
    this.#bySymbol = new Map();
  }

  #noCounts = (symbol: string): Counts => ({
    venue: venueOf(symbol)?.code ?? this.#venue,
    symbol,
  });
}
