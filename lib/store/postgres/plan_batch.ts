import { buffersOf } from "../trade_buffer.ts";
import { MARKS, QUOTES } from "../second_tables.ts";
import type { WriteBatch } from "../writer.ts";
import { upsertBars } from "./bar_upsert.ts";
import { moveBookmarks } from "./bookmarks.ts";
import { closeUntil } from "./closed_until.ts";
import { upsertGap } from "./gap_insert.ts";
import type { Known } from "./known.ts";
import { addQuality } from "./quality_add.ts";
import { insertQuarantine } from "./quarantine_insert.ts";
import { insertSeconds } from "./second_insert.ts";
import { planTrades } from "./trade_insert.ts";
import type { Step } from "./wire.ts";

/** How a batch is written, and how many trades that stores, unless the server must count them. */
export interface BatchPlan {
  readonly steps: readonly Step[];
  readonly stored: number | null;
}

/** The last step of a plan whose trades are counted by the server; answers `batch_stored`. */
const ASK_STORED = { sql: "SELECT batch_stored FROM writer" };

/**
 * Plans how a batch is written; what is known is then as if it were.
 *
 * @throws {RangeError} If the time of a trade is none, or a symbol is not registered.
 */
export function planBatch(batch: WriteBatch, known: Known): BatchPlan {
  const idOf = (symbol: string) => known.idOf(symbol);
  const buffers = [...buffersOf(batch.trades ?? []), ...batch.buffers ?? []];
  const { steps, tallies, copied, isCounted } = planTrades(buffers, known);
  return {
    steps: [
      ...steps,
      ...upsertBars(batch.bars ?? [], idOf),
      ...insertSeconds(MARKS, batch.marks ?? [], idOf),
      ...insertSeconds(QUOTES, batch.quotes ?? [], idOf),
      ...closeUntil(batch.closed ?? [], idOf),
      ...(batch.gaps ?? []).flatMap((gap) => upsertGap(idOf(gap.symbol), gap)),
      ...insertQuarantine(batch.quarantined ?? [], (s) => known.symbols.get(s) ?? null),
      ...addQuality(batch.quality ?? [], tallies, idOf),
      ...moveBookmarks(batch.bookmarks ?? new Map()),
      ...isCounted ? [ASK_STORED] : [],
    ],
    stored: isCounted ? null : copied,
  };
}
