import type { BinanceRest, FeedEvent } from "../../feed/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import type { Context } from "../program.ts";
import type { Pipeline } from "./pipeline.ts";

/** With more symbols the request budget is better kept for repairs. */
const MOST_SYMBOLS = 50;

/**
 * Fetches the last while of each symbol that has no trades yet, so that statistics need not wait for
 * their window to fill. A symbol with trades goes on from its last one instead.
 */
export async function warmStart(
  { rest, writer, pipeline, symbols, warmMs }: {
    readonly rest: BinanceRest;
    readonly writer: StoreWriter;
    readonly pipeline: Pipeline;
    readonly symbols: readonly string[];
    readonly warmMs: number;
  },
  { signal, report }: Context,
): Promise<void> {
  const known = writer.lastTradeIds();
  const fresh = symbols.filter((s) => !known.has(s));
  if (fresh.length === 0) return;
  if (fresh.length > MOST_SYMBOLS) {
    report.info(`No history is fetched for ${fresh.length} new symbols: that is too many`);
    return;
  }
  const untilMs = await rest.time(signal);
  let done = 0;
  for (const symbol of fresh) {
    report.progress(`Fetching history: ${done++}/${fresh.length} symbols, now ${symbol}`);
    let fromId: number | null = null;
    while (!signal.aborted) {
      const page = await rest.aggTrades(
        fromId === null ? { symbol, startTimeMs: untilMs - warmMs } : { symbol, fromId },
        signal,
      );
      const events = page.trades
        .filter((trade) => trade.timeMs >= untilMs - warmMs)
        .map((trade): FeedEvent => ({
          kind: "trade",
          trade,
          eventTimeMs: null,
          receivedMs: untilMs,
        }));
      pipeline.apply(events);
      pipeline.commit();
      const last = page.trades.at(-1);
      if (last === undefined || last.timeMs >= untilMs || page.trades.length < 1_000) break;
      fromId = last.tradeId + 1;
    }
  }
  report.info(`Fetched the last ${Math.round(warmMs / 1_000)} s of ${fresh.length} symbols`);
}
