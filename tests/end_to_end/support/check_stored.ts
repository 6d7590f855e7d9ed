/** Compares a database with what a faulty exchange generated and did. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { verifyDatabase } from "../../../lib/apps/verify/verify_database.ts";
import type { FaultLog } from "../../../lib/exchange/mod.ts";
import {
  type Bar,
  type Gap,
  openTimeOf,
  STORED_INTERVALS_MS,
  type Trade,
} from "../../../lib/market/mod.ts";
import { openReader, openWriter, type StoreReader } from "../../../lib/store/mod.ts";
import { close } from "../../support/close.ts";
import type { FaultRun, RunResult } from "./fault_run.ts";

/** What arrived from one start of the feed to its end. */
export interface Session {
  readonly received: readonly string[];
  /** Whether anybody listened: else `received` is empty. */
  readonly isHeard: boolean;
  /** Whether it ended before everything was stored. */
  readonly isCrashed: boolean;
}

/** What to compare. */
export interface StoredAndTrue {
  readonly run: Pick<FaultRun, "streamKind" | "isCramped">;
  readonly database: string;
  readonly sessions: readonly Session[];
  /** What was traded. */
  readonly truth: (symbol: string) => readonly Trade[];
  readonly log: FaultLog;
  /** The symbols of which there must be trades; another may have ended before its first. */
  readonly mustHave: readonly string[];
}

const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

/** Fails unless the database holds what it must. */
export async function checkStored(of: StoredAndTrue): Promise<RunResult> {
  using reader = openReader(of.database);
  let trades = 0;
  for (const { symbol } of reader.symbols()) trades += checkSymbol(reader, symbol, of);
  checkQuarantine(reader, of);
  for (
    const f of await verifyDatabase({ database: of.database, symbols: [], json: false }, quiet)
  ) {
    deepStrictEqual(f.differences, [], f.symbol);
    strictEqual(f.explainedIds, f.missingIds, `${f.symbol}: every missing id is explained`);
  }
  const gaps = reader.gaps();
  return {
    trades,
    gaps: gaps.length,
    lost: gaps.filter((g) => g.state === "lost").length,
    quarantined: reader.quarantine(1e9).length,
    faults: of.log.counts,
  };
}

function checkSymbol(reader: StoreReader, symbol: string, of: StoredAndTrue): number {
  const stored = reader.trades({ symbol });
  if (!of.mustHave.includes(symbol) && stored.length === 0) return 0;
  ok(stored.length > 0, `${symbol} has trades`);
  const firstId = stored[0]!.tradeId;
  const lastId = stored.at(-1)!.tradeId;
  const gaps = checkGaps(reader.gaps(symbol));
  const known = new Set(stored.map((t) => t.tradeId));
  const setAside = new Set(reader.quarantinedIds(symbol));
  const truth = of.truth(symbol).filter((t) => firstId <= t.tradeId && t.tradeId <= lastId);

  // Gaps that opened after everything awaited was there: what is stored of them is told as repaired.
  const open = new Set(idsOf(gaps, "open", firstId, lastId));
  for (const id of open) ok(!known.has(id), `${symbol} ${id} is stored, and lies in an open gap`);
  const missing = truth.map((t) => t.tradeId).filter((id) => !known.has(id) && !open.has(id));
  if (of.run.streamKind === "aggTrade") {
    const vanished = of.log.vanished(symbol);
    const gone = truth.map((t) => t.tradeId).filter((id) => vanished.has(id) && !open.has(id));
    deepStrictEqual(missing, gone);
    deepStrictEqual(idsOf(gaps, "lost", firstId, lastId), missing, `${symbol}: what is lost`);
  } else {
    const lost = idsOf(gaps, "lost", firstId, lastId);
    deepStrictEqual(
      [...new Set([...lost, ...setAside])].sort(ascending).filter((id) =>
        firstId < id && id < lastId
      ),
      missing,
    );
  }
  deepStrictEqual(
    stored.map(valuesOf),
    truth.filter((t) => known.has(t.tradeId)).map(valuesOf),
    `${symbol}: every id and value`,
  );
  const repaired = new Set(idsOf(gaps, "repaired", firstId, lastId));
  for (const id of repaired) ok(known.has(id) || setAside.has(id), `${symbol} ${id} was repaired`);
  for (const { tradeId, source } of stored) {
    // A symbol that ended before a frame of it came begins with the newest trade that REST tells.
    const isExplained = source === "ws" || repaired.has(tradeId) || tradeId === firstId;
    ok(isExplained, `${symbol} ${tradeId} is from ${source}`);
  }
  const own = reader.quality().find((q) => q.symbol === symbol)!;
  strictEqual(own.stored, stored.length, `${symbol}: trades counted`);
  const closedUntilMs = closedUntil(of.database, symbol);
  checkBars(reader, symbol, truth.filter((t) => known.has(t.tradeId)), setAside, closedUntilMs);
  return stored.length;
}

/** No gap overlaps another. */
function checkGaps(newestFirst: readonly Gap[]): Gap[] {
  const gaps = newestFirst.toSorted((a, b) => a.firstMissingId - b.firstMissingId);
  gaps.forEach((gap, k) => {
    const text = JSON.stringify([gaps[k - 1] ?? null, gap]);
    ok(gap.firstMissingId <= gap.lastMissingId, text);
    ok(k === 0 || gaps[k - 1]!.lastMissingId < gap.firstMissingId, `gaps overlap: ${text}`);
  });
  return gaps;
}

function idsOf(gaps: readonly Gap[], state: Gap["state"], firstId: number, lastId: number) {
  const ids: number[] = [];
  for (const gap of gaps) {
    if (gap.state !== state) continue;
    for (let id = gap.firstMissingId; id <= gap.lastMissingId; id++) {
      if (firstId <= id && id <= lastId) ids.push(id);
    }
  }
  return ids;
}

function checkQuarantine(reader: StoreReader, { run, sessions, log }: StoredAndTrue): void {
  // The store writes NUL, which ends a text in SQLite, as a sign.
  const visible = (text: string) => text.replaceAll("\0", "\u2400");
  const corrupt = new Map(log.corrupt.map((c) => [visible(c.text), c.kind]));
  const stored = countsOf(reader.quarantine(1e9).map((q) => q.raw));
  for (const raw of stored.keys()) ok(corrupt.has(raw), `set aside and not corrupt: ${raw}`);
  const arrived = (some: readonly Session[]) =>
    countsOf(some.flatMap((s) => s.received.map(visible)).filter((text) => corrupt.has(text)));
  const whole = sessions.filter((s) => !s.isCrashed);
  if (sessions.every((s) => s.isHeard)) {
    const most = arrived(sessions);
    for (const [raw, count] of stored) {
      ok(count <= (most.get(raw) ?? 0), `set aside and not received: ${raw}`);
    }
  }
  // Full queues drop frames unread.
  if (run.isCramped) return;
  for (const [raw, count] of arrived(whole)) {
    // An id that is no market trade is kept once, and not at all when it was lost before.
    if (run.streamKind === "trade" && corrupt.get(raw) === "unknown") continue;
    ok(count <= (stored.get(raw) ?? 0), `received and not set aside: ${raw}`);
  }
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function checkBars(
  reader: StoreReader,
  symbol: string,
  trades: readonly Trade[],
  setAside: ReadonlySet<number>,
  closedUntilMs: number,
): void {
  const isKnown = new Set([...trades.map((t) => t.tradeId), ...setAside]);
  for (const intervalMs of STORED_INTERVALS_MS) {
    const groups = Map.groupBy(trades, (t) => openTimeOf(t.timeMs, intervalMs));
    const bars = reader.bars({ symbol, intervalMs });
    deepStrictEqual(bars.map((b) => b.openTimeMs), [...groups.keys()].sort(ascending));
    for (const bar of bars) {
      checkBar(bar, groups.get(bar.openTimeMs)!);
      const [from, to] = [bar.firstTradeId! - 1, bar.lastTradeId! + 1];
      let isProven = true;
      for (let id = from; id <= to; id++) isProven &&= isKnown.has(id);
      const isClosed = bar.openTimeMs + intervalMs <= closedUntilMs;
      strictEqual(bar.complete, isProven && isClosed, `${symbol} ${JSON.stringify(bar)}`);
    }
  }
}

function checkBar(bar: Bar, trades: readonly Trade[]): void {
  const prices = trades.map((t) => t.price);
  const sum = (of: (t: Trade) => number) => trades.reduce((total, t) => total + of(t), 0);
  deepStrictEqual(
    [bar.open, bar.high, bar.low, bar.close, bar.tradeCount, bar.firstTradeId, bar.lastTradeId],
    [
      prices[0],
      Math.max(...prices),
      Math.min(...prices),
      prices.at(-1),
      trades.length,
      trades[0]!.tradeId,
      trades.at(-1)!.tradeId,
    ],
    `${bar.symbol} ${bar.intervalMs} ${bar.openTimeMs}`,
  );
  close(bar.volume, sum((t) => t.quantity), 1e-9);
  close(bar.quoteVolume, sum((t) => t.quantity * t.price), 1e-9);
  close(bar.takerBuyVolume, sum((t) => t.takerSide === "buy" ? t.quantity : 0), 1e-9, 1e-12);
}

function closedUntil(database: string, symbol: string): number {
  // Only a writer tells; the ingest has ended.
  using writer = openWriter(database, {
    identity: { pid: Deno.pid, host: "here", startedAtMs: 0, simulated: true },
  });
  return writer.closedUntilMs(symbol) ?? 0;
}

function valuesOf({ tradeId, timeMs, price, quantity, takerSide }: Trade): unknown[] {
  return [tradeId, timeMs, price, quantity, takerSide];
}

function ascending(a: number, b: number): number {
  return a - b;
}
