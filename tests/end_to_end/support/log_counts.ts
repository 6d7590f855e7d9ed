import { type Bus, decodeBatch } from "../../../lib/bus/mod.ts";

/** What the messages of a log say in all. */
export interface LogCounts {
  /** Symbol, reason and how many frames; those of one id and reason once. */
  readonly quarantined: [symbol: string | null, reason: string, frames: number][];
  /** How many trades and frames of each symbol were told, however often the same. */
  readonly received: ReadonlyMap<string, number>;
}

/**
 * Counts what a log holds, from its first message to the one up to which a reader has come in each
 * partition; of other symbols as of none.
 */
export async function countsInLog(
  bus: Bus,
  symbols: readonly string[],
  placeIn: (partition: number) => number,
): Promise<LogCounts> {
  const received = new Map<string, number>();
  const quarantined = new Map<string, [string | null, string, number]>();
  const seen = new Set<string>();
  const receive = (symbol: string) => received.set(symbol, (received.get(symbol) ?? 0) + 1);
  for (let partition = 0; partition < bus.partitions; partition++) {
    for await (const { payload, sequence } of bus.replay({ partition })) {
      if (sequence > placeIn(partition)) break;
      for (const event of decodeBatch(payload).events) {
        if (event.kind === "trade") receive(event.trade.symbol);
        else if (event.kind === "duplicate") receive(event.symbol);
        else if (event.kind === "quarantine") {
          const { reason, tradeId } = event.frame;
          const symbol = symbols.find((each) => each === event.frame.symbol) ?? null;
          if (symbol !== null) receive(symbol);
          if (tradeId !== null && seen.has(`${symbol} ${tradeId} ${reason}`)) continue;
          seen.add(`${symbol} ${tradeId} ${reason}`);
          const count = quarantined.getOrInsertComputed(
            `${symbol} ${reason}`,
            () => [symbol, reason, 0],
          );
          count[2]++;
        }
      }
    }
  }
  return { quarantined: [...quarantined.values()], received };
}
