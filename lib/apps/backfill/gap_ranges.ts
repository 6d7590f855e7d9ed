import { BINANCE_USDM, type Gap } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";
import type { Range } from "./filler.ts";

/**
 * Returns the ranges of time in which recorded gaps lack trades, per symbol, oldest first. Open gaps
 * are those of a feed that repairs them; without one they count as well.
 */
export function gapRanges(
  reader: StoreReader,
  symbols: readonly string[],
  hasFeed: boolean,
): Range[] {
  return reader.symbols()
    // The doors that are asked are Binance's.
    .filter((s) => s.streamKind !== null && s.venue === BINANCE_USDM)
    .filter((s) => symbols.length === 0 || symbols.includes(s.symbol))
    .flatMap(({ symbol, streamKind }) => {
      const spans = reader.gaps(symbol)
        .filter((gap) => gap.state === "lost" || gap.state === "open" && !hasFeed)
        .sort((a, b) => a.firstMissingId - b.firstMissingId)
        .map((gap) => spanOf(reader, gap));
      return joined(spans).map((span) => ({ symbol, streamKind: streamKind!, ...span }));
    });
}

/** How far ids and times may disagree in order, ms. */
const DISORDER_MS = 60_000;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From the trade before the gap to the one after it, both included. */
function spanOf(reader: StoreReader, gap: Gap): Span {
  const timeOf = (tradeId: number) =>
    reader.trades({ symbol: gap.symbol, fromId: tradeId, toId: tradeId })[0]?.timeMs;
  const fromMs = timeOf(gap.firstMissingId - 1) ?? gap.openedAtMs;
  const toMs = timeOf(gap.lastMissingId + 1) ?? gap.closedAtMs ?? gap.openedAtMs;
  return {
    fromMs: Math.min(fromMs, toMs) - DISORDER_MS,
    toMs: Math.max(fromMs, toMs) + DISORDER_MS,
  };
}

function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last !== undefined && span.fromMs <= last.toMs) {
      all[all.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
    } else all.push(span);
  }
  return all;
}
