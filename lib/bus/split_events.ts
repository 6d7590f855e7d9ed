import type { FeedEvent } from "../market/mod.ts";
import { partitionOf } from "./partition.ts";

/** Gives each partition its part of an event: one that is about many symbols is divided. */
export class EventSplitter {
  readonly #partitions: number;
  readonly #known = new Map<string, number>();

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  /** Calls `push` for each partition that an event concerns. */
  split(event: FeedEvent, push: (partition: number, event: FeedEvent) => void): void {
    switch (event.kind) {
      case "trade":
        return push(this.#of(event.trade.symbol), event);
      case "skipped":
      case "duplicate":
        return push(this.#of(event.symbol), event);
      case "gap":
        return push(this.#of(event.gap.symbol), event);
      case "quarantine":
        return push(event.frame.symbol === null ? 0 : this.#of(event.frame.symbol), event);
      case "clock":
        // Every reader compares its clock with it.
        for (let k = 0; k < this.#partitions; k++) push(k, event);
        return;
      case "status":
        if (event.symbols.length === 0) return push(0, event);
        return this.#divide(event, push);
      case "watermark":
        return this.#divide(event, push);
    }
  }

  #divide<T extends FeedEvent & { readonly symbols: readonly string[] }>(
    event: T,
    push: (partition: number, event: T) => void,
  ): void {
    const parts = Map.groupBy(event.symbols, (symbol) => this.#of(symbol));
    for (const [partition, symbols] of parts) push(partition, { ...event, symbols });
  }

  #of(symbol: string): number {
    const known = this.#known.get(symbol);
    if (known !== undefined) return known;
    const partition = partitionOf(symbol, this.#partitions);
    this.#known.set(symbol, partition);
    return partition;
  }
}
