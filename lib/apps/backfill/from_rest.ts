import { BINANCE_USDM } from "../../market/mod.ts";
import type { QuarantinedFrame, Trade } from "../../market/mod.ts";
import type { FillProgress, Range, Sources } from "./filler.ts";
import { firstUnknownId } from "./stored_ids.ts";

const PAGE = 1_000;
/** Pages that are stored together. */
const PAGES_PER_BATCH = 5;

/** Fetches what is missing of a range from REST, page by page, oldest first. */
export async function fillFromRest(
  { symbol, streamKind, fromMs, toMs }: Range,
  { rest, history, reader, signal }: Sources,
  progress: FillProgress,
): Promise<void> {
  const [first] = (await rest.aggTrades({ symbol, startTimeMs: fromMs, limit: 1 }, signal)).trades;
  if (first === undefined || first.timeMs >= toMs) return;
  let fromId = firstUnknownId(reader, symbol, first.tradeId);
  let trades: Trade[] = [];
  let rejected: QuarantinedFrame[] = [];
  const store = async () => {
    if (trades.length + rejected.length === 0) return;
    const batch = { venue: BINANCE_USDM, symbol, streamKind, trades, rejected };
    progress.put(await history.putTrades(batch));
    [trades, rejected] = [[], []];
  };
  for (let pages = 1;; pages++) {
    const page = await rest.aggTrades({ symbol, fromId, limit: PAGE }, signal);
    trades.push(...page.trades.filter((t) => t.timeMs >= fromMs && t.timeMs < toMs));
    rejected.push(...page.rejected.map(({ frame }) => frame));
    // A full page without a trade, all of it set aside, tells no time and ends nothing.
    const lastMs = page.trades.at(-1)?.timeMs;
    const ids = [...page.trades, ...page.rejected].map(({ tradeId }) => tradeId);
    const isOver = ids.length < PAGE || (lastMs !== undefined && lastMs >= toMs);
    if (isOver || pages % PAGES_PER_BATCH === 0) {
      await store();
      if (isOver) progress.reached(toMs);
      else if (lastMs !== undefined) progress.reached(lastMs);
    }
    if (isOver) return;
    fromId = firstUnknownId(reader, symbol, Math.max(...ids) + 1);
  }
}
