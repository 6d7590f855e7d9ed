import type { TimeTeller } from "./adapter.ts";

/** Questions asked to compare the clocks; the one answered fastest counts. */
const QUESTIONS = 3;

/** Two clocks, compared. */
export interface ClockComparison {
  /** Local clock minus exchange clock, ms; right to within half of `roundTripMs`. */
  readonly skewMs: number;
  /** How long the question took to be answered, ms. */
  readonly roundTripMs: number;
  /** When they were compared, local ms. */
  readonly comparedAtMs: number;
}

/**
 * The difference between the local clock and the exchange's, by Cristian's method: the exchange's
 * time is taken for the middle of question and answer, so that the error is at most half the round
 * trip (Cristian, Probabilistic clock synchronization, 1989).
 */
export class ExchangeClock {
  readonly #rest: TimeTeller;
  readonly #onCompared: (comparison: ClockComparison) => void;
  #last: ClockComparison | null = null;

  constructor(rest: TimeTeller, onCompared: (comparison: ClockComparison) => void) {
    this.#rest = rest;
    this.#onCompared = onCompared;
  }

  /** The last comparison, or `null` before the first. */
  get last(): ClockComparison | null {
    return this.#last;
  }

  /** Local clock minus exchange clock, ms; `null` while not known. */
  get skewMs(): number | null {
    return this.#last === null ? null : this.#last.skewMs;
  }

  /**
   * Compares the clocks. Weight 3.
   *
   * @throws {RestError} If the exchange does not tell its time.
   */
  async compare(signal: AbortSignal): Promise<void> {
    let best: ClockComparison | null = null;
    for (let k = 0; k < QUESTIONS; k++) {
      const sentMs = Date.now();
      const startMs = performance.now();
      const timeMs = await this.#rest.time(signal);
      // The local clock may be set while one waits: what took how long is told by another.
      const roundTripMs = performance.now() - startMs;
      if (best !== null && roundTripMs >= best.roundTripMs) continue;
      const skewMs = sentMs + roundTripMs / 2 - timeMs;
      best = { skewMs, roundTripMs, comparedAtMs: sentMs };
    }
    this.#last = best!;
    this.#onCompared(best!);
  }
}
