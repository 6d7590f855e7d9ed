import type { QuarantinedFrame } from "../../market/mod.ts";

const SECOND_MS = 1_000;

/**
 * Lets one frame per symbol and second of receipt be set aside: should a venue change its format,
 * each frame cannot be read, hundreds a second. The others are counted.
 */
export class AsidePerSecond {
  readonly #symbols = new Set<string | null>();
  #second = -Infinity;
  #leftOut = 0;

  /** How many were left out. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether a frame is to be set aside; if not, it is counted. */
  offer({ symbol, receivedMs }: Pick<QuarantinedFrame, "symbol" | "receivedMs">): boolean {
    const second = Math.floor(receivedMs / SECOND_MS);
    if (second !== this.#second) this.#symbols.clear();
    this.#second = second;
    if (this.#symbols.has(symbol)) {
      this.#leftOut++;
      return false;
    }
    this.#symbols.add(symbol);
    return true;
  }
}
