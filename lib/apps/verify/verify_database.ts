import { BarAggregator } from "../../bars/mod.ts";
import { STORED_INTERVALS_MS } from "../../market/mod.ts";
import { isLeased, openReader, type StoreReader } from "../../store/mod.ts";
import { type Context, ProgramError } from "../program.ts";
import type { VerifyOptions } from "../verify.ts";
import { BarComparison } from "./bar_comparison.ts";
import { IdCheck } from "./id_check.ts";

/** Trades read at a time. */
const PAGE = 50_000;
/** How far ids and times may disagree in order, ms. */
const DISORDER_MS = 60_000;
/** How much of what a running ingest has stored last is left out, ms. */
const GROWING_MS = 600_000;

/** What checking one symbol found. */
export interface Finding {
  readonly symbol: string;
  readonly trades: number;
  /** Stored bars that were compared with those its trades give. */
  readonly bars: number;
  /** Stored bars that no stored trade can speak for: imported ones, or older than the trades. */
  readonly uncheckedBars: number;
  /** Ids between the first and last stored trade that are not stored. */
  readonly missingIds: number;
  /** How many of them are in a recorded gap or in quarantine. */
  readonly explainedIds: number;
  readonly differenceCount: number;
  /** The first differences, a sentence each. */
  readonly differences: readonly string[];
}

/**
 * Derives the bars of each symbol from its trades and compares them with those stored, a page of
 * trades at a time.
 */
export async function verifyDatabase(
  { database, symbols }: Pick<VerifyOptions, "database" | "symbols" | "json">,
  { report, signal }: Context,
): Promise<Finding[]> {
  using reader = openReader(database);
  const isGrowing = isLeased(database);
  const floors = new Map(
    reader.symbols().filter((s) => s.streamKind !== null).map((s) => [s.symbol, s.tradesFromMs]),
  );
  const held = [...floors.keys()];
  const unknown = symbols.find((s) => !held.includes(s));
  if (unknown !== undefined) {
    throw new ProgramError(`Cannot verify ${unknown} as "${database}" holds no trades of it`);
  }
  const findings: Finding[] = [];
  const wanted = symbols.length === 0 ? held : symbols;
  for (const [k, symbol] of wanted.entries()) {
    findings.push(
      await verifySymbol(reader, symbol, {
        floorMs: floors.get(symbol) ?? -Infinity,
        isGrowing,
      }, async (trades) => {
        report.progress(`Verifying ${symbol} (${k + 1} of ${wanted.length}), ${trades} trades`);
        // Lets a signal in.
        await new Promise((resolve) => setTimeout(resolve, 0));
        signal.throwIfAborted();
      }),
    );
  }
  return findings;
}

interface Limits {
  /** Trades before it were deleted by age: bars before it cannot be derived. */
  readonly floorMs: number;
  /** Whether an ingest writes meanwhile: then the newest bars change while they are looked at. */
  readonly isGrowing: boolean;
}

async function verifySymbol(
  reader: StoreReader,
  symbol: string,
  { floorMs, isGrowing }: Limits,
  onPage: (trades: number) => Promise<void>,
): Promise<Finding> {
  const [first] = reader.trades({ symbol, limit: 1 });
  const setAside = reader.quarantinedIds(symbol);
  const ids = new IdCheck(reader.gaps(symbol), setAside);
  const derived = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  const comparisons = new Map(
    first === undefined ? [] : STORED_INTERVALS_MS.map((ms) => [
      ms,
      new BarComparison(reader, symbol, ms, { firstId: first.tradeId, floorMs }),
    ]),
  );
  const compareUntil = (timeMs: number) => {
    for (const bar of derived.takeBars()) comparisons.get(bar.intervalMs)!.expect(bar);
    for (const comparison of comparisons.values()) comparison.compareUntil(timeMs);
  };
  let trades = 0;
  let lastMs = -Infinity;
  let k = 0;
  for (let fromId = 0;;) {
    const page = reader.trades({ symbol, fromId, limit: PAGE });
    for (const trade of page) {
      while ((setAside[k] ?? Infinity) < trade.tradeId) derived.skip(symbol, setAside[k++]!);
      if (setAside[k] === trade.tradeId) k++;
      derived.push(trade);
      ids.push(trade.tradeId);
    }
    trades += page.length;
    lastMs = page.at(-1)?.timeMs ?? lastMs;
    if (page.length < PAGE) break;
    fromId = page.at(-1)!.tradeId + 1;
    const closedMs = page.at(-1)!.timeMs - 2 * DISORDER_MS;
    derived.advance([symbol], closedMs);
    // The bar before waits for the id after it, which has come long since.
    compareUntil(closedMs - DISORDER_MS);
    await onPage(trades);
  }
  while (k < setAside.length) derived.skip(symbol, setAside[k++]!);
  derived.advance([symbol], Infinity);
  compareUntil(isGrowing ? lastMs - GROWING_MS : Infinity);
  await onPage(trades);
  const all = [...comparisons.values()];
  return {
    ...{ symbol, trades, missingIds: ids.missing, explainedIds: ids.explained },
    bars: all.reduce((sum, c) => sum + c.compared, 0),
    uncheckedBars: all.reduce((sum, c) => sum + c.unchecked, 0),
    differenceCount: all.reduce((sum, c) => sum + c.differenceCount, 0),
    differences: all.flatMap((c) => c.differences).slice(0, 20),
  };
}
