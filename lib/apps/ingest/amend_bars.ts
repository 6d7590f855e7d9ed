import { BarAggregator, type OpenPart } from "../../bars/mod.ts";
import {
  BASE_INTERVAL_MS,
  openTimeOf,
  STORED_INTERVALS_MS,
  type Trade,
  type TradeBar,
} from "../../market/mod.ts";
import { pushInOrder } from "../history/push_in_order.ts";
import type { Pending } from "./pending.ts";

const LONGEST_MS = Math.max(...STORED_INTERVALS_MS);

/** An id that came after a higher one of its symbol, or of a second that was closed. */
export interface LateId {
  readonly tradeId: number;
  /** Exchange time of the trade, ms since the epoch; `null` for an id that is no trade. */
  readonly timeMs: number | null;
}

/** What late ids change. */
export interface Amendment {
  /** Closed bars as they are now. */
  readonly bars: readonly TradeBar[];
  /** The id from which the open bars are to be built anew; `null` where they are as they were. */
  readonly openFromId: number | null;
}

/** Seconds of longest intervals, as stored and amended so far. */
type Windows = Map<number, Map<number, TradeBar>>;

/**
 * Builds the bars anew that late ids touch: the seconds of their trades and of those before and
 * after them, from trades; longer bars of the intervals that hold them, from seconds. What it reads
 * and builds is bounded by the ids and the intervals they touch, however long ago those were.
 *
 * @param pending What is stored and about to be, the late ids among it.
 * @param open The part that is not closed yet: it is not amended here.
 * @param floorMs Bars before this time stay as they are: their trades were deleted by age.
 */
export function amendBars(
  pending: Pending,
  symbol: string,
  late: readonly LateId[],
  open: OpenPart,
  floorMs: number,
): Amendment {
  const bars: TradeBar[] = [];
  const windows: Windows = new Map();
  let openFromId = Infinity;
  for (const run of runsOf(late)) {
    const { firstId, lastId } = run;
    const times = [
      ...run.timesMs,
      ...pending.tradesIn(symbol, firstId - 1, firstId - 1).map((t) => t.timeMs),
      ...pending.tradesIn(symbol, lastId + 1, lastId + 1).map((t) => t.timeMs),
    ].filter((timeMs) => timeMs >= floorMs);
    if (times.some((timeMs) => timeMs >= open.fromMs)) openFromId = Math.min(openFromId, firstId);
    const closed = times.filter((timeMs) => timeMs < open.fromMs);
    for (const second of secondsOf(pending, symbol, run, closed, windows)) {
      windows.get(openTimeOf(second.openTimeMs, LONGEST_MS))!.set(second.openTimeMs, second);
      bars.push(second);
    }
  }
  const openWindowMs = openTimeOf(open.fromMs, LONGEST_MS);
  for (const [windowMs, seconds] of windows) {
    if (windowMs < openWindowMs) bars.push(...longerBars(symbol, windowMs, seconds));
    else openFromId = Math.min(openFromId, open.fromId);
  }
  return { bars, openFromId: openFromId === Infinity ? null : Math.min(openFromId, open.fromId) };
}

interface Run {
  readonly firstId: number;
  readonly lastId: number;
  readonly timesMs: readonly number[];
}

/** Late ids as runs of ids that follow one another. */
function runsOf(late: readonly LateId[]): Run[] {
  const runs: { firstId: number; lastId: number; timesMs: number[] }[] = [];
  for (const { tradeId, timeMs } of late.toSorted((a, b) => a.tradeId - b.tradeId)) {
    const last = runs.at(-1);
    const times = timeMs === null ? [] : [timeMs];
    if (last !== undefined && tradeId <= last.lastId + 1) {
      last.lastId = tradeId;
      last.timesMs.push(...times);
    } else runs.push({ firstId: tradeId, lastId: tradeId, timesMs: times });
  }
  return runs;
}

/** The seconds that a run of late ids touches, built from their trades. */
function secondsOf(
  pending: Pending,
  symbol: string,
  { firstId, lastId }: Run,
  timesMs: readonly number[],
  windows: Windows,
): TradeBar[] {
  const touched = new Set(timesMs.map((timeMs) => openTimeOf(timeMs, BASE_INTERVAL_MS)));
  if (touched.size === 0) return [];
  let fromId = firstId;
  let toId = lastId;
  for (const windowMs of new Set(timesMs.map((timeMs) => openTimeOf(timeMs, LONGEST_MS)))) {
    const seconds = windows.getOrInsertComputed(
      windowMs,
      () =>
        new Map(
          pending.secondsIn(symbol, windowMs, windowMs + LONGEST_MS).map((s) => [s.openTimeMs, s]),
        ),
    );
    for (const { openTimeMs, firstTradeId, lastTradeId } of seconds.values()) {
      if (firstTradeId <= lastId + 1 && lastTradeId >= firstId - 1) touched.add(openTimeMs);
      if (!touched.has(openTimeMs)) continue;
      fromId = Math.min(fromId, firstTradeId);
      toId = Math.max(toId, lastTradeId);
    }
  }
  const bars = new BarAggregator({ intervalsMs: [BASE_INTERVAL_MS] });
  if (pending.isKnown(symbol, fromId - 1)) bars.skip(symbol, fromId - 1);
  pushInOrder(bars, symbol, {
    trades: pending.tradesIn(symbol, fromId, toId),
    setAside: pending.setAsideIn(symbol, fromId, toId),
    isPart: (trade: Trade) => touched.has(openTimeOf(trade.timeMs, BASE_INTERVAL_MS)),
  });
  if (pending.isKnown(symbol, toId + 1)) bars.skip(symbol, toId + 1);
  bars.advance([symbol], Infinity);
  return bars.takeBars();
}

/** The bars of the longest interval and those within it, merged from its seconds. */
function longerBars(
  symbol: string,
  windowMs: number,
  seconds: ReadonlyMap<number, TradeBar>,
): TradeBar[] {
  const bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  const ascending = [...seconds.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
  bars.resume(symbol, windowMs + LONGEST_MS, ascending);
  return bars.takeBars();
}
