import { formatInterval, STORED_INTERVALS_MS } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";
import type { TimedBar } from "./bars.ts";

/** Intervals read at a time. */
const SLICE = 120;

/** The stored bars that an interval is made of, of a range, in open-time order. */
export class StoreBars {
  readonly #reader: StoreReader;
  /** Length of the bars that are read. */
  readonly baseMs: number;
  readonly #range: { readonly firstMs: number; readonly lastMs: number };

  /** @throws {ProgramError} If no bars are stored that the interval can be made of. */
  constructor(reader: StoreReader, database: string, intervalMs: number) {
    this.#reader = reader;
    const bases = [intervalMs, ...STORED_INTERVALS_MS.toReversed()]
      .filter((baseMs) => intervalMs % baseMs === 0);
    const found = bases.flatMap((baseMs) => {
      const range = reader.closeRange(baseMs);
      return range === null ? [] : [{ baseMs, range }];
    });
    if (found[0] === undefined) {
      throw new ProgramError(
        `Cannot screen "${database}" as it holds no bars that make ${formatInterval(intervalMs)}`,
      );
    }
    this.baseMs = found[0].baseMs;
    this.#range = found[0].range;
  }

  /** Open time of the newest bar, ms. */
  get lastMs(): number {
    return this.#range.lastMs;
  }

  /** The bars of `[fromMs, toMs)`. */
  *read(fromMs: number, toMs: number): Generator<TimedBar> {
    const untilMs = Math.min(toMs, this.#range.lastMs + 1);
    const stepMs = SLICE * this.baseMs;
    for (let at = Math.max(fromMs, this.#range.firstMs); at < untilMs; at += stepMs) {
      yield* this.#reader.closes({
        intervalMs: this.baseMs,
        fromMs: at,
        toMs: Math.min(at + stepMs, untilMs),
      });
    }
  }
}
