function localMs(localNs: string): number {
  return Number(localNs) / 1e6;
}

/**
 * The exchange's clock in a replay: it stands at the first captured exchange time, follows the
 * frames while they are played, and runs on at real speed after the last.
 *
 * Between two frames it moves with the capture's local time, but never past the time of the next
 * frame: what it says has happened was sent.
 */
export class ReplayClock {
  readonly #speed: number;
  #eventMs: number;
  /** Local and wall time of the first frame. */
  #start: { readonly localMs: number; readonly wallMs: number } | null = null;
  #sentLocalMs = 0;
  #nextEventMs: number | null = null;
  #endWallMs: number | null = null;

  /** Stands at `firstEventMs`; plays `speed` times as fast as captured, `Infinity` for no pace. */
  constructor(firstEventMs: number, speed: number) {
    this.#eventMs = firstEventMs;
    this.#speed = speed;
  }

  /** Whether frames are due at a time, not as soon as possible. */
  get isPaced(): boolean {
    return this.#speed < Infinity;
  }

  /** How long until the next frame is due, ms; the first one is due at once. */
  waitMs(localNs: string, eventTimeMs: number | null, wallMs: number): number {
    const local = localMs(localNs);
    this.#start ??= { localMs: local, wallMs };
    this.#nextEventMs = eventTimeMs;
    return this.#start.wallMs + (local - this.#start.localMs) / this.#speed - wallMs;
  }

  /** Notes that a frame was sent. */
  sent(localNs: string, eventTimeMs: number | null): void {
    this.#eventMs = Math.max(this.#eventMs, eventTimeMs ?? 0);
    this.#sentLocalMs = localMs(localNs);
    this.#nextEventMs = null;
  }

  /** Notes that the last frame was sent. */
  end(wallMs: number): void {
    this.#endWallMs = wallMs;
  }

  /** The exchange time, ms since the epoch; never goes back. */
  nowMs(wallMs: number): number {
    if (this.#endWallMs !== null) return Math.floor(this.#eventMs + wallMs - this.#endWallMs);
    if (this.#start === null || this.#nextEventMs === null || this.#sentLocalMs === 0) {
      return this.#eventMs;
    }
    const playedMs = this.#start.localMs + (wallMs - this.#start.wallMs) * this.#speed;
    const elapsedMs = Math.max(0, playedMs - this.#sentLocalMs);
    const limitMs = Math.max(this.#eventMs, this.#nextEventMs);
    return Math.floor(Math.min(this.#eventMs + elapsedMs, limitMs));
  }
}
