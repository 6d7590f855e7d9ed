import {
  type Gap,
  isMadeId,
  isSameTrade,
  isTimeId,
  openTimeOf,
  type QuarantinedFrame,
  STORED_INTERVALS_MS,
  type Trade,
} from "../../market/mod.ts";
import type { StoreReader, StoreWriter } from "../../store/mod.ts";
import { Pipeline } from "../ingest/pipeline.ts";
import { ProgramError } from "../program.ts";
import type { BarBatch, BarsReceipt, TradeBatch, TradesReceipt } from "./history.ts";
import { KnownIds } from "./known_ids.ts";
import { NotYetError } from "./not_yet_error.ts";
import { putBars } from "./put_bars.ts";
import { rebuildBars } from "./rebuild_bars.ts";
import { withoutFullerBars } from "./without_fuller_bars.ts";
import { inOrder, mergeById, partsOf } from "./trade_order.ts";
import { missingRuns, reviseGaps, runsOf } from "./revise_gaps.ts";

const LONGEST_MS = Math.max(...STORED_INTERVALS_MS);
/** How far ids and times may disagree in order, ms. */
const DISORDER_MS = 60_000;

/** The feed of a running ingest, which owns what comes after its last trade. */
export interface LiveFeed {
  /** Whether the symbol's trades come in now. */
  isFollowed(symbol: string): boolean;
  /** The last id that has come, or `null`. */
  lastId(symbol: string): number | null;
  /** Up to when its bars are closed, ms since the epoch, or `null`. */
  closedUntilMs(symbol: string): number | null;
  /** Builds its open bars anew from what is stored. */
  rebuild(symbol: string, fromMs: number): void;
  /** Stores what has come so far. */
  commit(): void;
}

/** Puts trades and bars of the past into a database that this process writes. */
export class HistoryWriter {
  readonly #writer: StoreWriter;
  readonly #reader: StoreReader;
  readonly #live: LiveFeed | null;
  readonly #now: () => number;
  readonly #settled = new Set<string>();

  constructor(
    writer: StoreWriter,
    reader: StoreReader,
    live: LiveFeed | null = null,
    now: () => number = Date.now,
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#live = live;
    this.#now = now;
  }

  /** Puts bars that come without trades. */
  putBars(batch: BarBatch): BarsReceipt {
    return putBars(this.#writer, this.#reader, batch);
  }

  /**
   * Puts trades, in any order: each part of them that belongs together in one transaction, with the
   * bars it touches and the gaps it fills or leaves.
   *
   * @throws {ProgramError} If they cannot go into the database; the message says why.
   */
  putTrades(batch: TradeBatch): TradesReceipt {
    const { venue, symbol, streamKind } = batch;
    this.#writer.register(venue, symbol, streamKind);
    this.#live?.commit();
    const { trades, conflicts } = inOrder(batch.trades);
    const receipt = { stored: 0, duplicates: 0, conflicts: conflicts.length, left: 0 };
    receipt.duplicates = batch.trades.length - trades.length - conflicts.length;
    const newest = this.#newestTaken(symbol, trades);
    const taken = trades.filter((trade) => trade.tradeId <= newest);
    receipt.left = trades.length - taken.length;
    this.#settle(venue, symbol);
    let rejected = [...batch.rejected, ...conflicts.map((t) => this.#conflict(t))];
    for (const part of partsOf(taken)) {
      const put = this.#putPart(batch, part, rejected);
      rejected = [];
      receipt.stored += put.stored;
      receipt.duplicates += put.duplicates;
      receipt.conflicts += put.conflicts;
    }
    if (rejected.length > 0) this.#writer.write({ quarantined: rejected });
    return receipt;
  }

  /** The largest id that may be stored: what comes after it is the feed's. */
  #newestTaken(symbol: string, trades: readonly Trade[]): number {
    const stored = this.#reader.trades({ symbol, limit: 1 })[0];
    if (
      stored !== undefined && trades.some((t) => isTimeId(t.tradeId) !== isTimeId(stored.tradeId))
    ) {
      throw new ProgramError(
        `Cannot mix trades with and without the venue's ids in ${symbol}: put them under another symbol or into another database`,
      );
    }
    if (this.#live === null || !this.#live.isFollowed(symbol)) return Infinity;
    const lastId = this.#live.lastId(symbol);
    if (lastId === null || this.#live.closedUntilMs(symbol) === null) {
      throw new NotYetError(
        `Cannot put trades of ${symbol} yet as its first live bar has not ended: try again later`,
      );
    }
    return lastId;
  }

  /** Stores the bars that a killed process left open, so that nothing that follows passes them by. */
  #settle(venue: string, symbol: string): void {
    if (this.#settled.has(symbol) || this.#isLive(symbol)) return;
    this.#settled.add(symbol);
    const pipeline = new Pipeline(venue, this.#writer);
    pipeline.restore(symbol);
    pipeline.drain();
  }

  #isLive(symbol: string): boolean {
    return this.#live?.isFollowed(symbol) === true;
  }

  #putPart(
    { venue, symbol }: TradeBatch,
    part: readonly Trade[],
    rejected: readonly QuarantinedFrame[],
  ): { stored: number; duplicates: number; conflicts: number } {
    const reader = this.#reader;
    const fromId = part[0]!.tradeId;
    const toId = part.at(-1)!.tradeId;
    const stored = new Map(
      reader.trades({ symbol, fromId, toId }).map((t) => [t.tradeId, t] as const),
    );
    const fresh = part.filter((t) => !stored.has(t.tradeId));
    const conflicts = part.filter((t) => {
      const known = stored.get(t.tradeId);
      return known !== undefined && !isSameTrade(known, t);
    });
    const counts = {
      stored: fresh.length,
      duplicates: part.length - fresh.length - conflicts.length,
      conflicts: conflicts.length,
    };
    const quarantined = [...rejected, ...conflicts.map((t) => this.#conflict(t))];
    if (fresh.length === 0) {
      if (quarantined.length > 0) this.#writer.write({ quarantined });
      return counts;
    }
    const ids = new KnownIds(reader, symbol, rejected.flatMap((r) => r.tradeId ?? []));
    const { startMs, endMs, maxMs } = this.#stretch(fresh, ids);
    const around = reader.trades({
      symbol,
      fromMs: startMs - DISORDER_MS,
      toMs: endMs + DISORDER_MS,
    });
    const merged = mergeById(around, fresh);
    const known = new Set(fresh.map((t) => t.tradeId));
    const bars = rebuildBars(
      {
        ...{ symbol, trades: merged, skipped: ids.setAside },
        isKnown: (id) => known.has(id) || ids.isKnown(id),
      },
      startMs,
      endMs,
    );
    const liveFromMs = this.#isLive(symbol)
      ? openTimeOf(this.#live!.closedUntilMs(symbol)!, LONGEST_MS)
      : Infinity;
    this.#writer.write({
      trades: fresh,
      bars: withoutFullerBars(reader, symbol, bars, startMs, endMs)
        .filter((bar) => bar.openTimeMs < liveFromMs),
      gaps: this.#gaps(venue, symbol, fresh, stored, ids),
      quarantined,
      ...(liveFromMs === Infinity ? { closed: this.#closed(symbol, maxMs) } : {}),
    });
    if (endMs > liveFromMs) this.#live!.rebuild(symbol, liveFromMs);
    return counts;
  }

  /** The stretch of time whose bars change: also a neighbour's may, as its next id is known now. */
  #stretch(fresh: readonly Trade[], ids: KnownIds) {
    let minMs = Infinity;
    let maxMs = -Infinity;
    const neighbours = [
      ids.trade(fresh[0]!.tradeId - 1),
      ids.trade(fresh.at(-1)!.tradeId + 1),
    ];
    for (const trade of fresh) {
      if (trade.timeMs < minMs) minMs = trade.timeMs;
      if (trade.timeMs > maxMs) maxMs = trade.timeMs;
    }
    const times = neighbours.flatMap((trade) => trade === undefined ? [] : [trade.timeMs]);
    return {
      startMs: openTimeOf(Math.min(minMs, ...times), LONGEST_MS),
      endMs: openTimeOf(Math.max(maxMs, ...times), LONGEST_MS) + LONGEST_MS,
      maxMs,
    };
  }

  #closed(symbol: string, maxMs: number) {
    const closedMs = this.#writer.closedUntilMs(symbol);
    return closedMs !== null && closedMs >= maxMs ? [] : [{ symbol, timeMs: maxMs }];
  }

  #gaps(
    venue: string,
    symbol: string,
    fresh: readonly Trade[],
    stored: ReadonlyMap<number, Trade>,
    ids: KnownIds,
  ): Gap[] {
    const firstId = fresh[0]!.tradeId;
    const lastId = fresh.at(-1)!.tradeId;
    if (isMadeId(firstId)) return [];
    const fromId = (ids.below(firstId) ?? firstId - 1) + 1;
    const toId = (ids.above(lastId) ?? lastId + 1) - 1;
    const within = (id: number) => id >= fromId && id <= toId;
    const found = fresh.map((t) => t.tradeId);
    const known = [...found, ...stored.keys(), ...ids.setAside.filter(within)]
      .sort((a, b) => a - b);
    const next = ids.trade(toId + 1) ?? fresh.at(-1)!;
    return reviseGaps({
      ...{ venue, symbol },
      gaps: this.#reader.gaps(symbol)
        .filter((g) => g.firstMissingId <= toId + 1 && g.lastMissingId >= fromId - 1),
      found: runsOf(found),
      missing: missingRuns(runsOf(known), fromId, toId),
      seenAtMs: next.timeMs,
      nowMs: this.#now(),
    }, this.#live?.isFollowed(symbol) === true);
  }

  #conflict(trade: Trade): QuarantinedFrame {
    return {
      venue: trade.venue,
      symbol: trade.symbol,
      tradeId: trade.tradeId,
      reason: "conflicting duplicate",
      raw: JSON.stringify(trade),
      receivedMs: this.#now(),
    };
  }
}
