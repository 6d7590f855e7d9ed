import { badParameter, missingParameter, RestRefusal } from "./rest_error.ts";
import type { Tape } from "./tape.ts";

/** The parameters of a REST request. */
export class RestQuery {
  readonly #parameters: URLSearchParams;
  readonly #tapes: ReadonlyMap<string, Tape>;

  /** Reads parameters of requests about these tapes. */
  constructor(parameters: URLSearchParams, tapes: ReadonlyMap<string, Tape>) {
    this.#parameters = parameters;
    this.#tapes = tapes;
  }

  /** Whether a parameter was sent. */
  has(name: string): boolean {
    return this.text(name) !== null;
  }

  /** A parameter as sent, or `null`. */
  text(name: string): string | null {
    return this.#parameters.get(name) || null;
  }

  /** A whole number >= 0, or `null` where it was not sent. */
  integer(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!/^[0-9]{1,20}$/.test(text)) {
      throw new RestRefusal(
        -1100,
        `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`,
      );
    }
    return Number(text);
  }

  /** The number of rows asked for. */
  limit(byDefault: number, max: number): number {
    const limit = this.integer("limit") ?? byDefault;
    if (limit < 1 || limit > max) throw badParameter("limit");
    return limit;
  }

  /** Start and end of the time range, both inclusive. */
  times(): { readonly startTime: number | null; readonly endTime: number | null } {
    const startTime = this.integer("startTime");
    const endTime = this.integer("endTime");
    if (startTime !== null && endTime !== null && startTime > endTime) {
      throw new RestRefusal(-1023, "Start time is greater than end time.");
    }
    return { startTime, endTime };
  }

  /** The tape of the symbol asked for, which must be sent. */
  tape(): Tape {
    const symbol = this.text("symbol");
    if (symbol === null) throw missingParameter("symbol");
    const tape = this.#tapes.get(symbol);
    if (tape === undefined) throw new RestRefusal(-1121, "Invalid symbol.");
    return tape;
  }
}
