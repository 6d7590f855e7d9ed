import { venueOf } from "../../market/mod.ts";
import type { QualityIncrement } from "../../store/mod.ts";

/** What is counted. */
const COUNTED = ["received", "duplicate", "late", "reconnects"] as const;

type Counts = { -readonly [K in keyof QualityIncrement]: QualityIncrement[K] };

/** What happened to the streams since the last commit. */
export class QualityCounts {
  readonly #venue: string;
  readonly #bySymbol = new Map<string, Counts>();

  /** @param venue The venue whose clock is told of, and of symbols of no known one. */
  constructor(venue: string) {
    this.#venue = venue;
  }

  /** Whether nothing was counted. */
  get isEmpty(): boolean {
    return this.#bySymbol.size === 0;
  }

  /** Counts events of a symbol. */
  add(symbol: string, what: typeof COUNTED[number], count = 1): void {
    const counts = this.#bySymbol.getOrInsertComputed(symbol, this.#noCounts);
    counts[what] = (counts[what] ?? 0) + count;
  }

  /** Adds what was counted later. */
  append(later: QualityCounts): void {
    for (const counts of later.#bySymbol.values()) {
      for (const what of COUNTED) {
        if (counts[what] !== undefined) this.add(counts.symbol, what, counts[what]);
      }
    }
  }

  /** The counts so far, with the clock of the venue as it was last told: local minus exchange, ms. */
  increments(clockSkewMs: number | null): QualityIncrement[] {
    return [...this.#bySymbol.values()].map((counts) =>
      clockSkewMs === null || counts.venue !== this.#venue ? counts : { ...counts, clockSkewMs }
    );
  }

  /** Begins anew. */
  clear(): void {
    this.#bySymbol.clear();
  }

  #noCounts = (symbol: string): Counts => ({
    venue: venueOf(symbol)?.code ?? this.#venue,
    symbol,
  });
}
