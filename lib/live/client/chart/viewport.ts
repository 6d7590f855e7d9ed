/** A stretch of time, `[startMs, endMs]`. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

const LEAST_ROWS = 4;

/**
 * Which part of the rows is in view. It follows the newest row until someone zooms or pans, and
 * again once everything or the end is in view.
 */
export class Viewport {
  readonly #intervalMs: number;
  #extent: TimeSpan = { startMs: 0, endMs: 1 };
  #span: TimeSpan = this.#extent;
  #followedMs: number | null = null;
  #follows = true;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** What is in view. */
  get span(): TimeSpan {
    return this.#span;
  }

  /** All there is. */
  get extent(): TimeSpan {
    return this.#extent;
  }

  /** Whether the view moves with the newest row. */
  get follows(): boolean {
    return this.#follows;
  }

  /** The length that is followed, ms; `null` for everything. */
  get followedMs(): number | null {
    return this.#followedMs;
  }

  /** Tells the first and last row; a view that does not follow stays where it is, if it can. */
  setRows(firstMs: number, lastMs: number): void {
    this.#extent = { startMs: firstMs, endMs: lastMs + this.#intervalMs };
    if (this.#follows) this.follow(this.#followedMs);
    else this.show(this.#span);
  }

  /** Shows the newest `lengthMs`, or everything, and follows it. */
  follow(lengthMs: number | null): void {
    const { startMs, endMs } = this.#extent;
    const all = endMs - startMs;
    this.#followedMs = lengthMs;
    this.#follows = true;
    this.#span = lengthMs === null || lengthMs >= all
      ? this.#extent
      : { startMs: endMs - lengthMs, endMs };
  }

  /** Shows a stretch of time, as far as there are rows, and stays there. */
  show(wanted: TimeSpan): void {
    const all = this.#extent.endMs - this.#extent.startMs;
    const least = Math.min(all, LEAST_ROWS * this.#intervalMs);
    const wantedMs = wanted.endMs - wanted.startMs;
    if (wantedMs >= all) return this.follow(null);
    const lengthMs = Math.max(least, wantedMs);
    const middleMs = (wanted.startMs + wanted.endMs) / 2;
    const startMs = Math.max(this.#extent.startMs, middleMs - lengthMs / 2);
    const endMs = Math.min(this.#extent.endMs, startMs + lengthMs);
    this.#follows = false;
    this.#span = { startMs: endMs - lengthMs, endMs };
  }

  /** Shows `1 / factor` of the time in view, with one moment staying where it is. */
  zoom(factor: number, aroundMs: number): void {
    const { startMs, endMs } = this.#span;
    this.show({
      startMs: aroundMs - (aroundMs - startMs) / factor,
      endMs: aroundMs + (endMs - aroundMs) / factor,
    });
  }

  /** Moves the view; at the end of the rows it follows them again. */
  pan(byMs: number): void {
    const { startMs, endMs } = this.#span;
    const lengthMs = endMs - startMs;
    if (endMs + byMs >= this.#extent.endMs) this.follow(lengthMs);
    else this.show({ startMs: startMs + byMs, endMs: endMs + byMs });
  }
}
