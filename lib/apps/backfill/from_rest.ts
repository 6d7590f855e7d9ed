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
    const last = page.trades.at(-1);
    const rows = page.trades.length + page.rejected.length;
    const isOver = last === undefined || rows < PAGE || last.timeMs >= toMs;
    if (isOver || pages % PAGES_PER_BATCH === 0) {
      await store();
      progress.reached(isOver ? toMs : last.timeMs);
    }
    if (isOver) return;
    const lastId = Math.max(last.tradeId, ...page.rejected.map((r) => r.tradeId));
    fromId = firstUnknownId(reader, symbol, lastId + 1);
  }
}
