import { archiveTrades } from "../../feed/mod.ts";
import { BINANCE_USDM } from "../../market/mod.ts";
import type { FillProgress, Range, Sources } from "./filler.ts";
import { isStretchWhole } from "./stored_ids.ts";

const DAY_MS = 86_400_000;

/**
 * Fetches what is missing of a range from the archive, day by day, oldest first; where a day has no
 * file of its own, from that of its month.
 */
export async function fillFromArchive(
  range: Range,
  sources: Sources,
  progress: FillProgress,
): Promise<void> {
  const { symbol, fromMs, toMs } = range;
  let monthDone = "";
  for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs < toMs; dayMs += DAY_MS) {
    sources.signal.throwIfAborted();
    const day = new Date(dayMs).toISOString().slice(0, 10);
    const part = {
      ...range,
      fromMs: Math.max(fromMs, dayMs),
      toMs: Math.min(toMs, dayMs + DAY_MS),
    };
    const isDone = monthDone === day.slice(0, 7) ||
      isStretchWhole(sources.reader, symbol, part.fromMs, part.toMs);
    if (!isDone && !await takeFile(part, day, sources, progress)) {
      const month = day.slice(0, 7);
      if (await takeFile({ ...range, fromMs: part.fromMs }, month, sources, progress)) {
        monthDone = month;
      } else progress.problem(`the archive has no file of ${symbol} for ${day}`);
    }
    progress.reached(part.toMs);
  }
}

/** Puts the trades of a range that a file holds; `false` where the archive has no such file. */
async function takeFile(
  { symbol, streamKind, fromMs, toMs }: Range,
  date: string,
  { archive, history, folder, signal }: Sources,
  progress: FillProgress,
): Promise<boolean> {
  const kind = streamKind === "aggTrade" ? "aggTrades" : "trades";
  const file = await archive.fetch({ kind, symbol, date }, folder, signal);
  if (file === null) return false;
  try {
    const parts = archiveTrades(file.path, {
      symbol,
      nowMs: Date.now(),
      onUnread: ({ line, reason }) =>
        progress.problem(`line ${line} of ${symbol} ${date} was not taken: ${reason}`),
    });
    for await (const part of parts) {
      signal.throwIfAborted();
      const trades = part.trades.filter((t) => t.timeMs >= fromMs && t.timeMs < toMs);
      if (trades.length + part.rejected.length === 0) continue;
      const batch = { venue: BINANCE_USDM, symbol, streamKind, trades, rejected: part.rejected };
      progress.put(await history.putTrades(batch));
      progress.reached(Math.min(toMs, trades.at(-1)?.timeMs ?? fromMs));
    }
  } finally {
    await Deno.remove(file.path);
  }
  return true;
}
