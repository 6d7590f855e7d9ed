/** Every change of a zone's offset happens at a multiple of this, ms. */
const SLOT_MS = 900_000;

interface Offsets {
  /** Ms to take from the local time; `null` where the clocks skip it. */
  readonly earlierMs: number | null;
  readonly laterMs: number | null;
}

/**
 * Local times of one zone become times since the epoch.
 *
 * Where clocks are set back, an hour comes twice: the earlier one is meant until the times step
 * back, then the later one. A time the clocks skip does not exist.
 */
export class LocalClock {
  readonly #zone: string;
  readonly #offsets = new Map<number, Offsets>();
  #previousMs = -Infinity;
  /** How many times of an hour that comes twice were told apart by their order. */
  doubles = 0;

  /** @throws {RangeError} If the zone is not known. */
  constructor(zone: string) {
    this.#zone = zone;
    new Intl.DateTimeFormat("en", { timeZone: zone });
  }

  /**
   * Returns the time since the epoch, ms, or `NaN` where the local time does not exist.
   *
   * @param localMs The local time as if it were UTC, ms.
   */
  toMs(localMs: number): number {
    const { earlierMs, laterMs } = this.#offsetsAt(localMs);
    if (earlierMs === null || laterMs === null) return NaN;
    let timeMs = localMs - earlierMs;
    if (earlierMs !== laterMs) {
      this.doubles++;
      if (timeMs < this.#previousMs) timeMs = localMs - laterMs;
    }
    this.#previousMs = timeMs;
    return timeMs;
  }

  #offsetsAt(localMs: number): Offsets {
    const slot = Math.floor(localMs / SLOT_MS);
    let offsets = this.#offsets.get(slot);
    if (offsets === undefined) {
      // One slot is looked up for every quarter of an hour: a long file must not keep them all.
      if (this.#offsets.size > 10_000) this.#offsets.clear();
      this.#offsets.set(slot, offsets = this.#lookUp(slot * SLOT_MS));
    }
    return offsets;
  }

  #lookUp(localMs: number): Offsets {
    const local = Temporal.Instant.fromEpochMilliseconds(localMs)
      .toZonedDateTimeISO("UTC").toPlainDateTime();
    const [earlierMs, laterMs] = (["earlier", "later"] as const).map((disambiguation) => {
      const zoned = local.toZonedDateTime(this.#zone, { disambiguation });
      return zoned.toPlainDateTime().equals(local) ? zoned.offsetNanoseconds / 1e6 : null;
    });
    return { earlierMs: earlierMs!, laterMs: laterMs! };
  }
}
