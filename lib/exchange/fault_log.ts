import type { StreamKind } from "../market/mod.ts";
import type { FaultKind, TimedFault } from "./fault_plan.ts";

/** A text that was sent in place of a trade and must not be taken for one. */
export interface CorruptFrame {
  /** The fault it suffered. */
  readonly kind: FaultKind;
  /** The symbol of the trade. */
  readonly symbol: string;
  /** The trade's id, or the aggregate's. */
  readonly tradeId: number;
  /** The text that was sent. */
  readonly text: string;
}

/**
 * What random faults have done so far, for a test to compare with.
 *
 * @example Before anything happened
 * ```ts
 * import { randomFaults } from "tandem/exchange";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { log } = randomFaults({ seed: 7, plan: "vanish=0.01" });
 * deepStrictEqual([log.counts.size, log.corrupt, log.vanished("BTCUSDT").size], [0, [], 0]);
 * ```
 */
export class FaultLog {
  readonly #counts = new Map<FaultKind | TimedFault, number>();
  readonly #corrupt: CorruptFrame[] = [];
  readonly #vanished = new Map<string, Set<number>>();
  readonly #decided = new Map<string, number>();

  /** How often each fault has happened; those that have not are absent. */
  get counts(): ReadonlyMap<FaultKind | TimedFault, number> {
    return this.#counts;
  }

  /** Everything that was sent corrupt, in order; not all of it need have arrived. */
  get corrupt(): readonly CorruptFrame[] {
    return this.#corrupt;
  }

  /** The ids of a symbol that are gone for good: neither sent nor told by REST. */
  vanished(symbol: string): ReadonlySet<number> {
    return this.#vanished.get(symbol) ?? new Set();
  }

  /** Counts a fault. */
  count(kind: FaultKind | TimedFault): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Keeps a corrupt text. */
  sentCorrupt(frame: CorruptFrame): void {
    this.#corrupt.push(frame);
  }

  /**
   * Whether a trade has vanished. Each id is drawn for once, when it or a later one is first looked
   * at. Trades and aggregates of a symbol are numbered apart, billions of ids from each other.
   */
  isVanished(
    { kind, symbol, tradeId }: {
      readonly kind: StreamKind;
      readonly symbol: string;
      readonly tradeId: number;
    },
    draw: () => boolean,
  ): boolean {
    const counted = `${kind} ${symbol}`;
    let decided = this.#decided.get(counted) ?? tradeId - 1;
    while (decided < tradeId) {
      decided++;
      if (!draw()) continue;
      this.count("vanish");
      this.#vanished.getOrInsertComputed(symbol, () => new Set()).add(decided);
    }
    this.#decided.set(counted, decided);
    return this.vanished(symbol).has(tradeId);
  }
}
