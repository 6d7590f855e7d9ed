import { counted } from "../counted.ts";
import { setTimeout as wait } from "node:timers/promises";
import { type AggTradesPage, type BinanceRest, sequencedPage, Sequencer } from "../../feed/mod.ts";
import type { FeedEvent } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import type { Context } from "../program.ts";
import type { Pipeline } from "./pipeline.ts";

/** With more symbols the request budget is better kept for repairs. */
const MOST_SYMBOLS = 50;
const PAGE = 1_000;
/** In how many answers the exchange must have left an id out before it is lost. */
const ATTEMPTS = 8;
/** Between two questions for ids that were left out, ms. */
const RETRY_MS = 200;

/**
 * Fetches the last while of each symbol that has no trades yet, so that statistics need not wait for
 * their window to fill. A symbol with trades goes on from its last one instead.
 *
 * @returns The symbols of which all was fetched that there was.
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
): Promise<readonly string[]> {
  const known = writer.lastTradeIds();
  const fresh = symbols.filter((s) => !known.has(s));
  if (fresh.length === 0) return [];
  if (fresh.length > MOST_SYMBOLS) {
    report.info(`No history is fetched for ${fresh.length} new symbols: that is too many`);
    return [];
  }
  const untilMs = await rest.time(signal);
  let done = 0;
  for (const symbol of fresh) {
    report.progress(
      `Fetching history: ${done++}/${counted(fresh.length, "symbol")}, now ${symbol}`,
    );
    for await (
      const events of historyOf(symbol, { rest, fromMs: untilMs - warmMs, untilMs }, signal)
    ) {
      pipeline.apply(events);
      pipeline.commit();
    }
  }
  report.info(
    `Fetched the last ${Math.round(warmMs / 1_000)} s of ${counted(fresh.length, "symbol")}`,
  );
  return fresh;
}

/** The trades of a symbol in id order; ids that the exchange leaves out are gaps, as in a feed. */
async function* historyOf(
  symbol: string,
  { rest, fromMs, untilMs }: { rest: BinanceRest; fromMs: number; untilMs: number },
  signal: AbortSignal,
): AsyncGenerator<FeedEvent[]> {
  const sequencer = new Sequencer(symbol, null, {
    capacity: 2 * PAGE,
    holdMs: Infinity,
    used: 0,
  });
  const take = (page: AggTradesPage, out: FeedEvent[]) => {
    const firstId = page.trades.find((trade) => trade.timeMs >= fromMs)?.tradeId ?? Infinity;
    for (const item of sequencedPage(symbol, page)) {
      const id = item.kind === "trade" ? item.trade.tradeId : item.tradeId;
      if (sequencer.lastId !== null || id >= firstId) sequencer.offer(item, untilMs, out);
    }
  };
  let page = await rest.aggTrades({ symbol, startTimeMs: fromMs }, signal);
  while (!signal.aborted) {
    const out: FeedEvent[] = [];
    take(page, out);
    for (let attempt = 1; sequencer.missing !== null; attempt++) {
      const { firstId, lastId } = sequencer.missing;
      if (attempt >= ATTEMPTS) {
        sequencer.lose(lastId, untilMs, out);
        continue;
      }
      await wait(RETRY_MS, undefined, { signal });
      take(await rest.aggTrades({ symbol, fromId: firstId, limit: PAGE }, signal), out);
    }
    yield out;
    const lastMs = page.trades.at(-1)?.timeMs ?? -Infinity;
    const { lastId } = sequencer;
    const rows = page.trades.length + page.rejected.length;
    if (lastMs >= untilMs || rows < PAGE || lastId === null) return;
    page = await rest.aggTrades({ symbol, fromId: lastId + 1 }, signal);
  }
}
