/// <reference lib="dom" />
import type { Zone } from "../../charts/mod.ts";

const KEY = "tandem.zone";

/** Whose clock times are told on, the same for everything on a page; remembered by the browser. */
class ZonePreference {
  readonly #listeners = new Set<(zone: Zone) => void>();
  #zone: Zone = read() === "local" ? "local" : "utc";

  /** The clock now. */
  get zone(): Zone {
    return this.#zone;
  }

  /** What a reader calls it. */
  get label(): string {
    return this.#zone === "utc" ? "UTC" : "Local time";
  }

  /** Changes to the other clock. */
  toggle(): void {
    this.#zone = this.#zone === "utc" ? "local" : "utc";
    try {
      localStorage.setItem(KEY, this.#zone);
    } catch {
      // Not remembered where a page may not store; it holds until the page is left.
    }
    for (const listener of this.#listeners) listener(this.#zone);
  }

  /** Calls back on changes, until the result is called. */
  watch(listener: (zone: Zone) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The clock of this page. */
export const clock: ZonePreference = new ZonePreference();
