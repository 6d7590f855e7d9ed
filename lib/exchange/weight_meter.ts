/** Weight one address may use in a minute. */
export const WEIGHT_LIMIT = 2_400;

/** Refusals in one minute after which an address is banned. */
const REFUSALS_BEFORE_BAN = 20;

const MINUTE_MS = 60_000;

/** The shortest ban. */
const BAN_MS = 2 * MINUTE_MS;

/** What a request is told about its weight. */
export interface WeightVerdict {
  /** Weight used in this minute, this request included. */
  readonly used: number;
  /** 200: go on; 429: over the limit; 418: banned. */
  readonly status: 200 | 429 | 418;
  /** When it may try again, ms since the epoch; now if it may go on. */
  readonly retryAtMs: number;
}

/**
 * Request weight per UTC minute of the exchange's own clock. A refused request costs as much as
 * any other; who goes on after refusals is banned.
 */
export class WeightMeter {
  readonly #limit: number;
  #minuteMs = -Infinity;
  #used = 0;
  #refusals = 0;
  #bannedUntilMs = -Infinity;

  /** Allows so much weight in a minute. */
  constructor(limit: number = WEIGHT_LIMIT) {
    this.#limit = limit;
  }

  /** Charges a request. */
  charge(weight: number, nowMs: number): WeightVerdict {
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    if (minuteMs !== this.#minuteMs) {
      this.#minuteMs = minuteMs;
      this.#used = 0;
      this.#refusals = 0;
    }
    this.#used += weight;
    const used = this.#used;
    if (nowMs < this.#bannedUntilMs) return { used, status: 418, retryAtMs: this.#bannedUntilMs };
    if (used <= this.#limit) return { used, status: 200, retryAtMs: nowMs };
    if (++this.#refusals <= REFUSALS_BEFORE_BAN) {
      return { used, status: 429, retryAtMs: minuteMs + MINUTE_MS };
    }
    this.#bannedUntilMs = nowMs + BAN_MS;
    return { used, status: 418, retryAtMs: this.#bannedUntilMs };
  }
}
