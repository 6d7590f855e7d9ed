import { BarAggregator } from "../../bars/mod.ts";
import { type Bar, formatInterval, STORED_INTERVALS_MS } from "../../market/mod.ts";
import { openReader, type StoreReader } from "../../store/mod.ts";
import { type Context, ProgramError } from "../program.ts";
import type { VerifyOptions } from "../verify.ts";

/** How many differences are told per symbol; all are counted. */
const SHOWN = 20;
/** Trades read at a time. */
const PAGE = 50_000;

/** What checking one symbol found. */
export interface Finding {
  readonly symbol: string;
  readonly trades: number;
  readonly bars: number;
  /** Ids between the first and last stored trade that are not stored. */
  readonly missingIds: number;
  /** How many of them are in a recorded gap or in quarantine. */
  readonly explainedIds: number;
  readonly differenceCount: number;
  /** The first differences, a sentence each. */
  readonly differences: readonly string[];
}

/** Derives the bars of each symbol from its trades and compares them with those stored. */
export async function verifyDatabase(
  { database, symbols }: VerifyOptions,
  { report, signal }: Context,
): Promise<Finding[]> {
  using reader = openReader(database);
  const heldSymbols = reader.symbols().filter((s) => s.streamKind !== null);
  const held = heldSymbols.map((s) => s.symbol);
  const floors = new Map(heldSymbols.map((s) => [s.symbol, s.tradesFromMs]));
  const unknown = symbols.find((s) => !held.includes(s));
  if (unknown !== undefined) {
    throw new ProgramError(`Cannot verify ${unknown} as "${database}" holds no trades of it`);
  }
  const findings: Finding[] = [];
  for (const symbol of symbols.length === 0 ? held : symbols) {
    signal.throwIfAborted();
    report.progress(`Verifying ${symbol}`);
    findings.push(verifySymbol(reader, symbol, floors.get(symbol) ?? -Infinity));
    // Lets a signal in between symbols.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return findings;
}

/** @param floorMs Trades before it were deleted by age: bars before it cannot be derived. */
function verifySymbol(reader: StoreReader, symbol: string, floorMs: number): Finding {
  const derived = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  const quarantined = reader.quarantinedIds(symbol);
  let trades = 0;
  let firstId: number | null = null;
  let lastId: number | null = null;
  let nextQuarantined = 0;
  const missing: [number, number][] = [];
  for (let fromId = 0;;) {
    const page = reader.trades({ symbol, fromId, limit: PAGE });
    for (const trade of page) {
      while ((quarantined[nextQuarantined] ?? Infinity) < trade.tradeId) {
        derived.skip(symbol, quarantined[nextQuarantined++]!);
      }
      derived.push(trade);
      if (lastId !== null && trade.tradeId > lastId + 1) {
        missing.push([lastId + 1, trade.tradeId - 1]);
      }
      firstId ??= trade.tradeId;
      lastId = trade.tradeId;
    }
    trades += page.length;
    if (page.length < PAGE) break;
    fromId = page.at(-1)!.tradeId + 1;
  }
  while (nextQuarantined < quarantined.length) {
    derived.skip(symbol, quarantined[nextQuarantined++]!);
  }
  derived.advance([symbol], Infinity);

  const expected = new Map(
    derived.takeBars().filter((b) => b.openTimeMs >= floorMs).map((b) => [key(b), b]),
  );
  // The trade that proved its beginning may have been deleted by age.
  const isFirstLeft = (bar: Bar) => floorMs > -Infinity && bar.firstTradeId === firstId;
  const differences: string[] = [];
  let bars = 0;
  for (const intervalMs of STORED_INTERVALS_MS) {
    const stored = reader.bars({ symbol, intervalMs, fromMs: floorMs });
    const newestMs = stored.at(-1)?.openTimeMs ?? -Infinity;
    bars += stored.length;
    for (const bar of stored) {
      const own = expected.get(key(bar));
      expected.delete(key(bar));
      if (own === undefined) differences.push(`${name(bar)} is stored and has no trades`);
      else {
        const field = FIELDS.find((f) => own[f] !== bar[f]);
        if (field !== undefined) {
          differences.push(
            `${name(bar)} has ${field} ${bar[field]}, its trades give ${own[field]}`,
          );
        } else if (bar.complete && !own.complete && !isFirstLeft(own)) {
          differences.push(`${name(bar)} says complete, its ids do not prove it`);
        }
      }
    }
    // Bars after the newest stored one may be open still.
    for (const [k, bar] of expected) {
      if (bar.intervalMs === intervalMs && bar.openTimeMs < newestMs) {
        differences.push(`${name(bar)} has ${bar.tradeCount} trades and is not stored`);
        expected.delete(k);
      }
    }
  }
  const gaps = reader.gaps(symbol);
  const known = new Set(quarantined);
  let missingIds = 0;
  let explainedIds = 0;
  for (const [from, to] of missing) {
    missingIds += to - from + 1;
    for (let id = from; id <= to; id++) {
      if (
        known.has(id) || gaps.some((g) => g.firstMissingId <= id && id <= g.lastMissingId)
      ) explainedIds++;
    }
  }
  return {
    symbol,
    trades,
    bars,
    missingIds,
    explainedIds,
    differenceCount: differences.length,
    differences: differences.slice(0, SHOWN),
  };
}

const FIELDS = [
  "open",
  "high",
  "low",
  "close",
  "volume",
  "quoteVolume",
  "tradeCount",
  "takerBuyVolume",
  "firstTradeId",
  "lastTradeId",
] as const;

function key(bar: Bar): string {
  return `${bar.intervalMs}:${bar.openTimeMs}`;
}

function name(bar: Bar): string {
  return `The ${formatInterval(bar.intervalMs)} bar of ${new Date(bar.openTimeMs).toISOString()}`;
}
