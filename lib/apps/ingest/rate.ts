/** How many samples the mean runs over. */
const SAMPLES = 5;

/** How fast a counter grows, over the last few samples. */
export class Rate {
  readonly #samples: { readonly count: number; readonly atMs: number }[] = [];

  /** Notes the counter at a time in ms, from any fixed origin. */
  sample(count: number, atMs: number): void {
    this.#samples.push({ count, atMs });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
  }

  /** The mean growth per second; 0 before the second sample. */
  get perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
    return (last.count - first.count) / (last.atMs - first.atMs) * 1_000;
  }
}
