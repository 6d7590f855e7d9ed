import { StoreError, type StoreReader } from "../store/mod.ts";
import { HubError } from "./hub_error.ts";
import type { Pulse } from "./protocol.ts";

const RETRY_MS = 1_000;

/** How a hub comes by its database. */
export interface SourceOptions {
  /** Opens the database; throws while there is none. */
  readonly open: () => StoreReader;
  /** Whether to say that the trades are simulated; `null` asks the database. */
  readonly simulated: boolean | null;
}

/**
 * The database behind a hub: opened when it is first needed, opened again after it failed, so that
 * a hub may start before there is one.
 */
export class Source implements Disposable {
  readonly #options: SourceOptions;
  #reader: StoreReader | null = null;
  #failedAtMs = -Infinity;
  #lookedAtMs = -Infinity;
  #failure: unknown = null;
  #version: number | null = null;
  #polledVersion: number | null = null;
  #changedAtMs = -Infinity;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /**
   * Reads from the database.
   *
   * @throws {HubError} 503 if there is none or it cannot be read.
   */
  read<T>(work: (reader: StoreReader) => T): T {
    try {
      return work(this.#open());
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#fail(error);
      throw this.#unavailable();
    }
  }

  /** Calls back if the database has changed or was opened anew since the last call. */
  poll(changed: (reader: StoreReader) => void): void {
    try {
      this.read((reader) => {
        this.#look(reader);
        if (this.#version === this.#polledVersion) return;
        this.#polledVersion = this.#version;
        changed(reader);
      });
    } catch (error) {
      // Whoever asks is told; the next poll tries again.
      if (!(error instanceof HubError)) throw error;
    }
  }

  /** Whether data still comes in. */
  pulse(): Pulse {
    try {
      return this.read((reader) => {
        this.#look(reader);
        const simulated = this.#options.simulated ?? reader.heartbeat()?.simulated ?? false;
        const quietMs = Math.round(performance.now() - this.#changedAtMs);
        return { simulated, quietMs, isAway: false };
      });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const isAway = this.#failure instanceof StoreError && this.#failure.code === "offline";
      return { simulated: this.#options.simulated ?? false, quietMs: null, isAway };
    }
  }

  [Symbol.dispose](): void {
    this.#reader?.[Symbol.dispose]();
    this.#reader = null;
  }

  #look(reader: StoreReader): void {
    const version = reader.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#changedAtMs = performance.now();
  }

  #open(): StoreReader {
    if (this.#reader !== null && !this.#isReplaced(this.#reader)) return this.#reader;
    if (performance.now() - this.#failedAtMs < RETRY_MS) throw this.#unavailable();
    try {
      this.#reader = this.#options.open();
      return this.#reader;
    } catch (error) {
      this.#fail(error);
      throw this.#unavailable();
    }
  }

  /** Looked at now and then: a backup may have been put in the place of the database. */
  #isReplaced(reader: StoreReader): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < RETRY_MS) return false;
    this.#lookedAtMs = nowMs;
    if (!reader.isReplaced()) return false;
    this.#close();
    return true;
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#failedAtMs = performance.now();
    this.#close();
  }

  #close(): void {
    this.#version = this.#polledVersion = null;
    try {
      this.#reader?.[Symbol.dispose]();
    } catch {
      // It failed already.
    }
    this.#reader = null;
  }

  #unavailable(): HubError {
    const why = this.#failure instanceof Error ? this.#failure.message : String(this.#failure);
    return new HubError(503, "no_database", why, { cause: this.#failure });
  }
}
