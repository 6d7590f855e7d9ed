import { LatencyHistogram } from "../latency_histogram.ts";

/** A period is forgotten when the one after the next begins, ms. */
const PERIOD_MS = 300_000;

/** How long frames took to arrive in the last five to ten minutes. Times are arguments. */
export class RecentLatency {
  #present = new LatencyHistogram();
  #past = new LatencyHistogram();
  #period = -1;

  /** Takes how long a frame took that came at `nowMs`. */
  record(latencyMs: number, nowMs: number): void {
    const period = Math.floor(nowMs / PERIOD_MS);
    if (period !== this.#period) this.#turn(period);
    this.#present.record(latencyMs);
  }

  /** Adds all that is known to a histogram. */
  addTo(sum: LatencyHistogram): void {
    sum.add(this.#past);
    sum.add(this.#present);
  }

  #turn(period: number): void {
    [this.#past, this.#present] = [this.#present, this.#past];
    this.#present.clear();
    if (period !== this.#period + 1) this.#past.clear();
    this.#period = period;
  }
}
